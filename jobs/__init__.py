"""Background tasks and their schedule: thin, they call database, reports and mail."""
