"""The read side: one module per subject, one function = one SQL statement = one result."""
