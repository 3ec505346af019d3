"""Email: gathered as data, rendered by its kind, kept in the ledger, handed to a mail server once."""
