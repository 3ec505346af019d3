"""Courses, their runs, and how far students get in them."""
