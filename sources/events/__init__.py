"""Events: what a platform's server or a player's page sends as it happens, in batches of JSON."""
