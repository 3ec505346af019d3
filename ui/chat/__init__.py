"""The parts of the page about questions in the chat."""
