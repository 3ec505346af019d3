"""Mail: written by its kind, kept in the ledger, handed to a mail server once."""
