"""The read side: a folder per subject, one function = one SQL statement = one result."""
