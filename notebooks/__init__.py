"""What a notebook adds to queries, findings, charts and reports; docs/notebook.ipynb shows all of it."""
