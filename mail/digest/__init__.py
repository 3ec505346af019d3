"""The weekly digest: gathered once from the pages' queries, then only rendered."""
