"""Review: claims of the tables go out to readers, and their verdicts come back as labels, agreement and gold."""
