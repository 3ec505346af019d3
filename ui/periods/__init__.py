"""The choice of a period, and the markers in charts over days."""
