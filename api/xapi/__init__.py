"""xAPI at /api/xapi: the address for players and plugins that send statements."""
