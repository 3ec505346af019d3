"""The parts of the page that only staff see."""
