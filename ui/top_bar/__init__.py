"""The top bar of every page: search, notifications, the choice of a course."""
