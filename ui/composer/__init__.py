"""Writing to students: from a row, a selection or a page to recipients, text, preview, test, confirmation and undo."""
