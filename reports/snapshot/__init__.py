"""The analytics snapshot: gathered once, then only rendered as PDF and as a workbook."""
