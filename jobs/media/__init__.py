"""Media files are hostile input: they are read in a separate process, which has nothing to lose."""
