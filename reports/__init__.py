"""Files: exports and reports. Gathered once from `queries`, then only rendered."""
