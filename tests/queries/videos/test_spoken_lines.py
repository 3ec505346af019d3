"""What is said at a second of a video."""

import pytest

from queries.videos.spoken_lines import sentence_break, transcript_line
from rules.transcripts import stored_times

SPOKEN = "Hello there. This is the second sentence. Goodbye."
SUBTITLES = "First. Second\nends here.\nThird."
TIMES = stored_times(SUBTITLES, [(0, 2_000), (10_000, 12_000), (60_000, 61_000)])


def test_without_a_length_nothing_can_be_placed():
    assert transcript_line(SPOKEN, 0, 10) == ""
    assert transcript_line(SPOKEN, 100, 99) == "Goodbye."


@pytest.mark.parametrize(
    ("second", "said"),
    [(0, "First."), (0.9, "First."), (1.1, "Second\nends here."), (11.9, "Second\nends here."), (12, "Third.")],
)
def test_the_times_of_subtitles_say_what_is_said_also_without_a_length(second: float, said: str):
    assert transcript_line(SUBTITLES, None, second, TIMES) == said
    assert transcript_line(SUBTITLES, 600, second, TIMES) == said


def test_a_sentence_ends_where_the_subtitles_say():
    assert sentence_break(SUBTITLES, 600, 30, TIMES) == 12
    assert sentence_break(SUBTITLES, 600, 300) == 124  # by the length of the text


def test_times_of_another_text_are_not_read():
    assert transcript_line(SPOKEN, 100, 99, TIMES) == "Goodbye."


def test_captions_that_overlap_or_stand_in_disorder_still_answer():
    times = stored_times(SUBTITLES, [(50_000, 60_000), (0, 10_000), (5_000, 2**40)])

    assert [transcript_line(SUBTITLES, 600, second, times) for second in (0, 55, 1_000)] == [
        "First.",
        "Third.",
        "Third.",
    ]
