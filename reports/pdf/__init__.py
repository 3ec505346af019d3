"""The building blocks of PDFs: fonts, safe text, styles, the document. `reports` fills them."""
