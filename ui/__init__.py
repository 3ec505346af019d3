"""The building blocks of pages: the layout around every page, and a folder of parts for each subject."""
