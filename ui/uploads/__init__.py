"""Files that a browser sends in parts, straight to the API."""
