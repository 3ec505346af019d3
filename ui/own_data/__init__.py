"""The way of one's own data into the dashboard, and what is still missing."""
