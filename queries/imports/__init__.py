"""Files that are imported, and what became of them."""
