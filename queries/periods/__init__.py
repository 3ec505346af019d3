"""Periods, what they are compared with, and what happened in them."""
