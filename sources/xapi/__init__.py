"""xAPI: statements and documents of players and plugins, kept as they came, and what they say as facts."""
