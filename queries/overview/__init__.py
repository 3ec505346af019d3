"""The overview: headline figures, activity, and what needs attention."""
