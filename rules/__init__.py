"""The lowest layer: plain rules that every other folder may use; imports nothing from the project."""
