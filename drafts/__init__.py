"""From a transcript to a draft of a quiz: pure text in, questions out. Nothing here is published automatically."""
