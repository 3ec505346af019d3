"""The cache of query results."""
