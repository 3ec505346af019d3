"""Exports and reports, and their progress."""
