"""Scripts that make the models under data/models; nothing of this runs when posts are read."""
