"""The door for events: bodies, keys and answers of `/ingest/v1`."""
