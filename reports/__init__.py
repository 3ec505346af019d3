"""What leaves the dashboard: exports, snapshot reports, mail. Gathered once from `queries`, then only rendered."""
