"""The parts of the pages about videos."""
