"""The parts of the pages about courses and the way through them."""
