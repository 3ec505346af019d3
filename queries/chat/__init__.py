"""What students ask in the chat."""
