"""What is said at a second of a video."""

from queries.videos.spoken_lines import transcript_line

SPOKEN = "Hello there. This is the second sentence. Goodbye."


def test_without_a_length_nothing_can_be_placed():
    assert transcript_line(SPOKEN, 0, 10) == ""
    assert transcript_line(SPOKEN, 100, 99) == "Goodbye."
