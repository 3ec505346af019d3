"""How a PDF of ours looks and is put together: fonts, safe words, styles, the document. `reports` fills it."""
