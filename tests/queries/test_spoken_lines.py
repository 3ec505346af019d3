"""What is said at a second of a video."""

import pytest

from queries.spoken_lines import transcript_line, transcripts
from tests.builders import a_creator, a_video

pytestmark = pytest.mark.usefixtures("shared_database")

SPOKEN = "Hello there. This is the second sentence. Goodbye."


def test_transcripts_come_with_the_length_of_their_videos():
    loops = a_video("Loops", transcript=SPOKEN, duration_seconds=100)
    bare, deleted = a_video("Bare", duration_seconds=None), a_video("Gone", transcript=SPOKEN, deleted_days_ago=1)
    creator = a_creator([loops, bare, deleted])

    told = transcripts.fresh(creator.id, (loops.id, bare.id, deleted.id)).set_index("video_id")

    assert set(told.index) == {loops.id, bare.id}
    assert tuple(told.loc[loops.id]) == (100, SPOKEN)
    assert told.loc[bare.id, "duration_seconds"] == 0


def test_an_outsider_is_told_nothing():
    video = a_video("Loops", transcript=SPOKEN)
    a_creator([video])

    assert transcripts.fresh(a_creator([]).id, (video.id,)).empty


def test_without_a_length_nothing_can_be_placed():
    assert transcript_line(SPOKEN, 0, 10) == ""
    assert transcript_line(SPOKEN, 100, 99) == "Goodbye."
