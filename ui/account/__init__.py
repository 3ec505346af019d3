"""Sign-in, the demo sign-in, and who sees whose data."""
