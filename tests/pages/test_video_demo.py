"""What is hidden in the demo data is found, and named, on the page of its video."""

from uuid import UUID

import pytest

from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.planted import ENOUGH_STUDENTS, Planted, planted
from database.frames import frame
from queries.videos.drop_offs import drop_off_points
from queries.videos.one_video import related_questions
from queries.videos.playback import replayed_sections
from rules.formatting import timestamp
from tests.builders import ACreator
from tests.pages.opened import an_account, opened, words
from ui.shared.text import plain

SIZE = DemoSize(students=ENOUGH_STUDENTS, videos=16)
ADA = ACreator(PYTHON.creator_id, PYTHON.creator, PYTHON.subscription_tier, PYTHON.timezone)


@pytest.fixture(scope="module", autouse=True)
def page_database(shared_database: object) -> None:
    """All tests look at one demo."""
    load_demo(SIZE)


@pytest.fixture
def facts() -> Planted:
    return planted(PYTHON, SIZE)


def said_about(video_id: UUID | None, **address: str) -> str:
    app = opened(an_account(ADA), "video", id=str(video_id), **address)
    assert not app.exception
    return words(app)


def test_the_cliff_is_named_with_its_second(facts: Planted) -> None:
    said = said_about(facts.cliff_video_id)

    assert plain(f"who get to {timestamp(facts.cliff_second)} stop there") in said
    assert plain("points to the content there: cut it, or explain it another way.") in said
    assert "Cliff" in said


def test_no_other_video_has_a_cliff(facts: Planted) -> None:
    videos = frame(ADA.id, "select id from videos where deleted_at is null")["id"]
    with_cliff = {video_id for video_id in videos if drop_off_points(ADA.id, video_id)["is_cliff"].any()}

    assert with_cliff == {facts.cliff_video_id}


def test_the_replayed_section_is_named_with_its_bounds(facts: Planted) -> None:
    first, last = facts.replayed_seconds
    said = said_about(facts.replayed_video_id)

    found = replayed_sections(ADA.id, facts.replayed_video_id).iloc[0]
    assert abs(found["start_second"] - first) <= 5
    assert abs(found["end_second"] - last) <= 5
    named = f"{timestamp(found['start_second'])} to {timestamp(found['end_second'])}"
    assert any(plain(f"play {named} {tenths / 10:.1f} times each") in said for tenths in range(10, 40))
    assert plain(f"Explain {named} of “") in said


def test_the_common_question_of_the_stuck_video_comes_first(facts: Planted) -> None:
    said = said_about(facts.stuck_video_id)

    asked = related_questions(ADA.id, facts.stuck_video_id).iloc[0]
    assert asked["question"] in facts.common_wordings
    assert asked["people"] >= 5
    questions = said[said.index("students asked about this video") :]
    assert questions.splitlines()[2].startswith(f"**{plain(asked['question'])}** · {asked['people']} students")
    assert f"Answer “{plain(asked['question'])}” in the video" in said


def test_a_second_of_any_video_has_a_line(facts: Planted) -> None:
    said = said_about(facts.cliff_video_id, t=str(facts.cliff_second))

    assert f"**At {timestamp(facts.cliff_second)}**" in said
    assert "There is no transcript" not in said
