"""Release: a dataset that can leave the building, at one of three levels."""
