"""The shapes of requests and answers: camelCase, every field described."""
