"""Email: recipients, contents, delivery."""
