"""The write side: one function = one transaction in the scope of one creator."""
