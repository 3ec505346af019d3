"""Files of rows: text with separators, and workbooks. Everything in them is text until a mapping says what it means."""
