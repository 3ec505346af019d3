"""The parts of the exports page, and the links to it."""
