"""Each mapping of a platform reads the example that comes with it: recognised by its columns, and no line refused."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from database.settings import PROJECT_DIR
from sources.facts import Attempt, CurvePoint, Segment, Student, Video
from sources.files.given import file_at
from sources.files.reading import ReadAs
from sources.mappings.answered import answered
from sources.mappings.known import recognised, shipped_mappings
from sources.mappings.preview import sample
from sources.mappings.reading import HowToRead, read_by

EXAMPLES = PROJECT_DIR / "docs" / "examples" / "imports"
OWN = {name: one for name, one in shipped_mappings().items() if not name.startswith("template/")}
# What each example says, and lines that say nothing.
SAYS = {
    "canvas/gradebook": ({"student": 2, "quiz": 4, "attempt": 3}, 1),
    "canvas/quiz": ({"student": 2, "question": 4, "answer": 4}, 0),
    "kajabi/contacts": ({"student": 2, "activity": 1}, 0),
    "moodle/log": ({"student": 3, "activity": 3}, 1),
    "moodle/quiz": ({"student": 3, "attempt": 2, "answer": 4}, 0),
    "oneroster/classes": ({"course": 1}, 0),
    "oneroster/enrollments": ({"enrolment": 1}, 1),
    "oneroster/users": ({"student": 2}, 1),
    "openedx/tracking-log": (
        {
            "student": 1,
            "course": 1,
            "video": 1,
            "segment": 2,
            "activity": 1,
            "quiz": 1,
            "question": 2,
            "attempt": 1,
            "answer": 2,
        },
        0,
    ),
    "panopto/usage": ({"segment": 2}, 1),
    "teachable/enrollments": ({"student": 2, "enrolment": 2, "activity": 1}, 0),
    "thinkific/enrollments": ({"student": 2, "course": 2, "enrolment": 2, "activity": 2}, 0),
    "udemy/course-activity": ({"student": 2, "course": 2, "enrolment": 2, "activity": 1}, 0),
    "udemy/students": ({"student": 2, "enrolment": 2, "activity": 1}, 0),
    "wistia/engagement": ({"curve point": 5}, 0),
    "youtube/api": ({"curve point": 3}, 0),
    "youtube/retention": ({"curve point": 3}, 1),
    "zoom/participants": ({"student": 3, "activity": 3}, 0),
    "zoom/participants-total": ({"student": 2, "activity": 2}, 0),
}
DATES = {"moodle/log": "day-first", "zoom/participants": "month-first"}
INSTANT = "2026-03-01T14:30:00+01:00"


def example(name):
    (path,) = EXAMPLES.glob(f"{name.replace('/', '-')}.*")
    return file_at(path)


def read(name):
    """The facts of the example, and what was seen."""
    mapping = answered(OWN[name], {"zone": "Europe/Berlin", "dates": DATES.get(name, "")}, {})
    answers = {asked: INSTANT if asked in ("handed_in", "began") else "mine" for asked in mapping.asks}
    with read_by(example(name), HowToRead(mapping, answers)) as found:
        lines = list(found.lines())
        return [fact for line in lines for fact in line.facts], [one for line in lines for one in line.refusals], found


@pytest.mark.parametrize("name", OWN)
def test_the_example_is_recognised_and_says_what_it_should(name) -> None:
    facts, refusals, found = read(name)

    assert recognised(sample(example(name), ReadAs()).table.header, OWN.values())[0] == OWN[name]
    assert refusals == []
    assert (dict(found.seen.facts), found.seen.silent_lines) == SAYS[name]
    assert Counter(found.seen.facts).total() == len(facts)


def test_every_mapping_says_what_its_files_cannot_tell() -> None:
    assert SAYS.keys() == OWN.keys()
    assert all(one.says_nothing_of for one in OWN.values())


def test_moodle_asks_for_the_order_of_day_and_month_and_for_the_zone() -> None:
    with read_by(example("moodle/log"), HowToRead(OWN["moodle/log"])) as found:
        assert all(line.facts == () for line in found.lines())
    assert found.seen.unclear == {("activity", "at", "dates")}


def test_points_are_shares_of_what_can_be_had() -> None:
    moodle = [one for one in read("moodle/quiz")[0] if isinstance(one, Attempt)]
    canvas = [one for one in read("canvas/gradebook")[0] if isinstance(one, Attempt)]
    assert [(one.student, one.score_percent, one.passed, one.time_taken_seconds) for one in moodle] == [
        ("ada@example.org", 100.0, True, 303),
        ("bo@example.org", 25.0, False, 250),
    ]
    assert [(one.quiz, one.student, one.score_percent) for one in canvas] == [
        ("701", "11", 80.0),
        ("702", "11", 100.0),
        ("702", "12", 25.0),
    ]


def test_right_answers_of_canvas_are_those_with_all_points() -> None:
    answers = [
        (one.question, one.student, one.is_correct, one.answer)
        for one in read("canvas/quiz")[0][:20]
        if hasattr(one, "is_correct")
    ]
    assert answers == [
        ("501", "11", True, "Repetition"),
        ("502", "11", True, "It ends the loop"),
        ("501", "12", False, "A list"),
        ("502", "12", False, None),
    ]


def test_curves_above_a_hundred_percent_are_capped_and_counted() -> None:
    facts, _, found = read("youtube/retention")
    assert facts[0] == CurvePoint("mine", 0.0, 100.0)
    assert found.seen.capped == 1
    wistia, _, found = read("wistia/engagement")
    assert [one.viewers_percent for one in wistia] == [100.0, 100.0, 75.0, 50.0, 30.0]
    assert [one.position_percent for one in wistia] == [0.0, 25.0, 50.0, 75.0, 100.0]
    assert found.seen.capped == 1


def test_who_left_a_roster_is_removed_and_no_password_is_read() -> None:
    facts, _, _ = read("oneroster/users")
    assert facts[1] == Student("u2", "Bo Berg", removed_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert "secret" not in str(facts)


def test_a_tracking_log_believes_the_seek_and_takes_the_servers_word() -> None:
    facts, _, found = read("openedx/tracking-log")
    video = "course-v1:X+L+1 abc"
    segments = [(one.video, one.start_second, one.end_second) for one in facts if isinstance(one, Segment)]
    assert segments == [(video, 0, 30), (video, 90, 120)]
    assert Video(video, course="course-v1:X+L+1", duration_seconds=120) in facts
    assert [one.score_percent for one in facts if isinstance(one, Attempt)] == [50.0]
    assert found.table.notes[-2:] == [
        "Lines that are no events were left out: 1, the first is line 9.",
        "Events of other kinds were left out: 1.",
    ]
