"""The parts of the pages about students."""
