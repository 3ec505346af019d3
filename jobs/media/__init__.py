"""Media files are hostile input: they are read in a process of their own, which has nothing to lose."""
