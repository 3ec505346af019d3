"""What facts become, whatever their order, their portions and their repetitions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from actions.erasures import erase_student
from database.creators import add_creator
from database.refresh import refresh
from database.tenancy import tenant_tx
from rules.errors import InputError
from sources.facts import (
    Activity,
    Answer,
    Attempt,
    Course,
    CurvePoint,
    Enrolment,
    Fact,
    Line,
    Message,
    Progress,
    Question,
    Refusal,
    Segment,
    Student,
    Video,
)
from sources.landing import Source, errors, imports, land, lines_of, undo, write_facts
from sources.landing.occurrences import Occurrences
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, a_video
from tests.database.snapshots import assert_equal_to_rebuilt
from tests.sources.landed import contents, rows, small_portions, versions
from tests.sources.random_facts import BEGAN_AT, RandomFacts

pytestmark = pytest.mark.usefixtures("shared_database")

LATER = BEGAN_AT + timedelta(hours=5)
FILE = Source("csv", sha256="1f", mapping="grades", mapping_version=2)


def test_a_second_import_of_the_same_changes_no_row_and_marks_nothing() -> None:
    creator, facts = a_new_creator(), RandomFacts(1).some(60)
    first = write_facts(creator, facts)
    refresh(creator)
    before = versions(creator), contents(creator)

    again = write_facts(creator, contradiction_free(facts))

    assert (versions(creator), contents(creator)) == before
    assert (again.new, again.changed, again.counts.undescribed.total()) == (0, 0, 0)
    assert first.new > 20
    with tenant_tx(creator) as connection:
        connection.execute(text("set local role none"))
        marks = text("select kind from changes where creator_id = :creator_id")
        assert connection.execute(marks, {"creator_id": creator}).all() == []


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_portions_make_no_difference_and_a_dry_run_says_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = RandomFacts(seed).some(50)
    creator = a_new_creator()
    whole = write_facts(creator, facts)
    rows_of_whole = contents(creator)
    assert whole.import_id
    undo(creator, whole.import_id)
    nothing = contents(creator)

    small_portions(monkeypatch)
    dry = write_facts(creator, facts, dry_run=True)
    assert contents(creator) == nothing
    small = write_facts(creator, facts)

    assert contents(creator) == rows_of_whole
    assert (dry.counts, dry.number) == (whole.counts, None)
    for what in ("new", "changed", "same", "lines_read", "lines_refused"):
        assert getattr(small.counts, what) == getattr(whole.counts, what), what


def test_figures_after_an_import_are_those_of_a_rebuild() -> None:
    creator = a_creator()
    write_facts(creator.id, RandomFacts(21).some(80))
    write_facts(creator.id, RandomFacts(22).some(80))

    assert_equal_to_rebuilt(creator)


def test_what_is_not_said_overwrites_nothing() -> None:
    creator = a_new_creator()
    write_facts(creator, [Student("s1", "Ada", "ada@example.org", BEGAN_AT, xp_points=7)])

    report = write_facts(creator, [Student("s1", "Ada Moss")])

    (student,) = rows(creator, "students")
    assert (student["name"], student["email"], student["xp_points"]) == ("Ada Moss", "ada@example.org", 7)
    assert (report.new, report.changed, report.same) == (0, 1, 0)


def test_what_is_referred_to_is_made_and_described_later() -> None:
    creator = a_new_creator()
    first = write_facts(creator, [Segment("s1", "v1", 0, 10, BEGAN_AT), Answer("q1", "a", "s1", BEGAN_AT, True)])
    assert first.counts.undescribed == {
        "students": 1,
        "videos": 1,
        "quizzes": 1,
        "quiz_questions": 1,
        "quiz_attempts": 1,
    }
    assert [row["name"] for row in rows(creator, "students")] == ["s1"]

    described = write_facts(creator, [Student("s1", "Ada"), Video("v1", "Loops"), Question("a", "q1", "Which?")])

    assert [row["name"] for row in rows(creator, "students")] == ["Ada"]
    assert [(row["prompt"], row["edition"]) for row in rows(creator, "quiz_questions")] == [("Which?", 1)]
    assert (described.new, described.changed) == (3, 0)


def test_a_student_was_there_since_the_first_thing_known_of_them_unless_somebody_says_since_when() -> None:
    creator = a_new_creator()
    write_facts(creator, [Student("s1", "Ada"), Activity("s1", "login", LATER), Student("s2", "Bo", created_at=LATER)])
    write_facts(creator, [Activity("s1", "login", BEGAN_AT), Activity("s2", "login", BEGAN_AT)])

    assert {row["name"]: row["created_at"] for row in rows(creator, "students")} == {"Ada": BEGAN_AT, "Bo": LATER}
    assert {row["enrolled_at"] for row in rows(creator, "enrolments")} == {BEGAN_AT, LATER}


def test_ids_are_texts_and_those_of_two_systems_are_two() -> None:
    creator = a_new_creator()
    write_facts(creator, [Student("001"), Student("0010"), Student("1")])
    write_facts(creator, [Student("1")], ids_from="moodle")
    write_facts(creator, [Student("1"), Student("001")], ids_from="moodle")

    known = sorted(row["external_id"] for row in rows(creator, "students"))
    assert known == ["001", "0010", "1", "moodle:001", "moodle:1"]


def test_a_video_that_is_known_is_found_by_its_id_and_anothers_is_not() -> None:
    video = a_video("Loops")
    creator, outsider = a_creator(video), a_new_creator()

    for who in (creator.id, outsider):
        write_facts(who, [CurvePoint(str(video.id), 50, 80)])

    assert [row["id"] for row in rows(creator.id, "videos")] == [video.id]
    assert [row["id"] for row in rows(outsider, "videos")] != [video.id]
    assert len(rows(creator.id, "retention_points")) == 1


@pytest.mark.parametrize(
    ("fact", "column", "value"),
    [
        (Segment("s1", "v1", 20, 10, BEGAN_AT), "end_second", "10"),
        (Segment("s1", "v1", -1, 10, BEGAN_AT), "start_second", "-1"),
        (Segment("s1", "v1", 0, 2**31, BEGAN_AT), "end_second", "2147483648"),
        (Segment("s1", "v1", 0, 10, datetime(9999, 1, 1, tzinfo=UTC)), "watched_at", "9999-01-01T00:00:00+00:00"),
        (Segment("s1", "v1", 0, 10, datetime(2026, 1, 1)), "watched_at", "2026-01-01T00:00:00"),  # noqa: DTZ001
        (CurvePoint("v1", 50, float("nan")), "viewers_percent", "nan"),
        (CurvePoint("v1", 50, 100.1), "viewers_percent", "100.1"),
        (Student("s1\0"), "id", "s1\N{REPLACEMENT CHARACTER}"),
        (Student("s1", "\ud800"), "name", "?"),
        (Student("x" * 501), "id", "x" * 99 + "…"),
        (Student(""), "id", ""),
        (Attempt("q1", "s1", BEGAN_AT, 50, True, number=0), "number", "0"),
        (Message("m", "s1", "teacher", "Hi", BEGAN_AT), "role", "teacher"),
        (Enrolment("s1", "c1", None, LATER, BEGAN_AT), "ended_at", BEGAN_AT.isoformat()),
        (Video("v1", tags=("a", 3)), "tags", "('a', 3)"),
    ],
)
def test_what_is_not_possible_is_refused_with_its_column_and_value(fact: Fact, column: str, value: str) -> None:
    creator = a_new_creator()
    report = land(creator, FILE, [Line(7, (Student("s2", "Bo"), fact)), Line(8, (Student("s3", "Cy"),))])

    assert report.import_id
    assert (report.refused, report.new) == (1, 1)  # the line as a whole
    assert [tuple(one[:3]) for one in errors(creator, report.import_id)] == [(7, column, value)]
    assert [row["name"] for row in rows(creator, "students")] == ["Cy"]


def test_what_a_door_refuses_is_counted_and_kept() -> None:
    creator = a_new_creator()
    refusal = Refusal(3, "Score", "A-", "It must be a number from 0 to 100.")

    report = land(creator, FILE, [Line(2, (Student("s1"),)), Line(3, (), (refusal,))])

    assert report.import_id
    assert errors(creator, report.import_id) == [refusal]
    (listed,) = imports(creator)
    assert (listed.lines_read, listed.refused, listed.facts_new, listed.position) == (2, 1, 1, 3)
    assert listed.refused_by_rule == {refusal.rule: 1}
    assert (listed.state, listed.counts) == ("done", {"student": {"new": 1}})


def test_a_fact_that_contradicts_what_is_known_is_refused() -> None:
    creator = a_new_creator()
    write_facts(creator, [Question("a", "q1"), Attempt("q1", "s1", BEGAN_AT, 50, True, "x", 2)])

    report = write_facts(
        creator,
        [
            Question("a", "q2"),
            Answer("q2", "a", "s1", BEGAN_AT, True),
            Attempt("q1", "s1", LATER, 50, True, "y", 2),
            Attempt("q1", "s1", BEGAN_AT, 50, True, "x", 2),
        ],
    )

    assert (report.refused, report.same) == (3, 1)


def test_people_who_were_erased_stay_erased() -> None:
    ada = a_student("Adelheid Quux", email="ada@example.org", external_id="lms:4711")
    creator = a_creator(ada)
    facts = [Student("4711", "Adelheid Quux"), Segment("4711", "v1", 0, 10, BEGAN_AT), Student("4712", "Bo")]
    earlier = write_facts(creator.id, facts, ids_from="lms")
    erase_student(a_linked_account(creator), creator.id, ada.id)

    again = write_facts(creator.id, facts, ids_from="lms")
    write_facts(creator.id, [Student("new", "A. Q.", "ADA@example.org")])
    assert earlier.import_id
    undo(creator.id, earlier.import_id)

    assert again.counts.refused_by_rule == {"This person was erased.": 2}
    assert [row["name"] for row in rows(creator.id, "students")] == ["Bo"]
    assert again.import_id
    assert {(one.column, one.value) for one in errors(creator.id, again.import_id)} == {("student", None)}
    for table in ("said_rows", "import_errors", "imports"):
        assert "4711" not in str(rows(creator.id, table)), table


def test_an_erased_student_of_one_creator_may_come_to_another() -> None:
    ada = a_student("Ada", external_id="4711")
    creator = a_creator(ada)
    erase_student(a_linked_account(creator), creator.id, ada.id)

    assert write_facts(a_new_creator(), [Student("4711", "Ada")]).new == 1


def test_equal_activities_are_as_many_as_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    small_portions(monkeypatch, 2)
    monkeypatch.setattr("sources.landing.occurrences.KEPT_IN_MEMORY", 1)
    creator = a_new_creator()
    facts = [Activity("s1", "click", BEGAN_AT)] * 5 + [Activity("s1", "click", LATER)] * 2

    assert write_facts(creator, facts).new == 7
    assert write_facts(creator, facts).same == 7
    assert write_facts(creator, [*facts, facts[0]]).new == 1


def test_occurrences_are_counted_beyond_what_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.landing.occurrences.KEPT_IN_MEMORY", 3)
    occurrences = Occurrences()
    lines = list(lines_of(Activity(f"s{number % 10}", "click", BEGAN_AT) for number in range(25)))

    times = [occurrences.noted([line]).get((line.number, 0), 1) for line in lines]

    assert times == [number // 10 + 1 for number in range(25)]


def test_attempts_are_counted_in_order_of_their_instants_whatever_comes_first() -> None:
    creator = a_new_creator()
    for day in (9, 7, 12, 8):
        write_facts(creator, [Attempt("q1", "s1", BEGAN_AT.replace(day=day), 50, True)])
    write_facts(creator, [Attempt("q1", "s1", BEGAN_AT.replace(day=20), 50, True, number=2)])

    numbers = {row["completed_at"].day: row["attempt_number"] for row in rows(creator, "quiz_attempts")}
    assert numbers == {7: 1, 20: 2, 8: 3, 9: 4, 12: 5}


def test_an_attempt_without_its_own_fact_is_made_of_its_answers() -> None:
    creator = a_new_creator()
    write_facts(creator, [Answer("q1", "a", "s1", BEGAN_AT, True), Answer("q1", "b", "s1", BEGAN_AT, False)])
    assert [(row["score_percent"], row["passed"]) for row in rows(creator, "quiz_attempts")] == [(50, True)]
    write_facts(creator, [Answer("q1", "c", "s1", BEGAN_AT, False)])
    assert [row["passed"] for row in rows(creator, "quiz_attempts")] == [False]

    write_facts(creator, [Attempt("q1", "s1", BEGAN_AT, 80, True)])

    assert [(row["score_percent"], row["passed"]) for row in rows(creator, "quiz_attempts")] == [(80, True)]


def test_messages_with_gaps_up_to_half_an_hour_are_one_conversation_in_any_order() -> None:
    creator = a_new_creator()
    at = {name: BEGAN_AT + timedelta(minutes=minutes) for name, minutes in zip("abcd", (0, 30, 60, 91), strict=True)}
    for name in "dacb":
        write_facts(creator, [Message(name, "s1", "user", name, at[name])])

    talks: dict[UUID, list[str]] = {}
    for row in sorted(rows(creator, "chat_messages"), key=lambda row: row["sequence"]):
        talks.setdefault(row["session_id"], []).append(row["content"])
    assert sorted(talks.values()) == [["a", "b", "c"], ["d"]]
    assert {row["id"] for row in rows(creator, "chat_sessions")} == set(talks)


def test_an_enrolment_that_a_source_names_replaces_the_one_for_want_of_a_better() -> None:
    creator = a_new_creator()
    write_facts(creator, [Student("s1", "Ada"), Course("a", "A")])
    write_facts(creator, [Course("b", "B"), Enrolment("s1", "b", "r2", BEGAN_AT)])

    courses = {row["id"]: row["title"] for row in rows(creator, "courses")}
    runs = {row["id"]: courses[row["course_id"]] for row in rows(creator, "course_runs")}
    assert [runs[row["run_id"]] for row in rows(creator, "enrolments")] == ["B"]


def test_an_import_that_was_interrupted_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    small_portions(monkeypatch, 4)
    facts = [*RandomFacts(31).some(30), *[Activity("s1", "click", BEGAN_AT)] * 6]
    one, other = a_new_creator(), a_new_creator()
    whole = land(one, FILE, lines_of(facts))

    def interrupted(stop: int):
        for line in lines_of(facts):
            if line.number == stop:
                raise KeyboardInterrupt
            yield line

    for stop in (10, 20, 34):
        with pytest.raises(KeyboardInterrupt):
            land(other, FILE, interrupted(stop))
    assert [one.state for one in imports(other)] == ["running"]
    land(other, FILE, lines_of(facts))

    (listed,) = imports(other)
    (expected,) = imports(one)
    for name in ("state", "position", "lines_read", "facts_new", "facts_changed", "facts_same", "counts"):
        assert getattr(listed, name) == getattr(expected, name), name
    assert shapes(contents(other)) == shapes(contents(one))
    assert whole.counts.lines_read == listed.lines_read


def test_another_mapping_or_input_begins_another_import() -> None:
    creator = a_new_creator()
    with pytest.raises(ZeroDivisionError):
        land(creator, FILE, failing())

    for source in (Source("csv", sha256="2e"), Source("csv", sha256="1f", mapping="other")):
        assert land(creator, source, lines_of([Student("s1")])).number != 1

    assert land(creator, FILE, lines_of([Student("s1")])).number == 1


def test_what_was_erased_during_an_import_makes_its_portion_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page deletes a video between reading and writing: the portion begins again and makes it anew."""
    from sources.landing import landing

    creator = a_new_creator()
    write_facts(creator, [Video("v1", "Loops")])
    was_deleted: list[bool] = []
    write = vars(landing)["write"]

    def late(connection: Any, *arguments: Any) -> None:
        if not was_deleted:
            was_deleted.append(True)
            with tenant_tx(creator) as page:
                page.execute(text("delete from videos"))
        write(connection, *arguments)

    monkeypatch.setattr(landing, "write", late)
    report = write_facts(creator, [Segment("s1", "v1", 0, 10, BEGAN_AT)])

    assert (report.new, [row["title"] for row in rows(creator, "videos")]) == (1, ["v1"])


def test_an_outsider_sees_no_import() -> None:
    creator, outsider = a_new_creator(), a_creator()
    report = write_facts(creator, [Student("s1", "Ada", xp_points=-1)])

    assert report.import_id
    assert imports(outsider.id) == []
    assert errors(outsider.id, report.import_id) == []
    assert errors(creator, report.import_id) != []


@pytest.mark.parametrize("bad", [{"door": "C S V"}, {"door": "csv", "ids_from": "My LMS"}, {"door": ""}])
def test_a_door_and_a_system_have_short_names(bad: dict[str, str]) -> None:
    with pytest.raises(InputError):
        Source(**bad)


def a_new_creator() -> UUID:
    return add_creator(f"Mira Vale {uuid4()}", "enterprise", "UTC")


def contradiction_free(facts: list[Fact]) -> list[Fact]:
    """For each thing the last word, so that no fact of an input contradicts another one."""
    return [fact for fact in facts if isinstance(fact, Segment | Activity | Progress)]


def failing():
    yield from lines_of([Student("s1")])
    raise ZeroDivisionError


def shapes(told: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    """The contents without ids, which are each creator's own."""
    return {
        table: sorted(
            str(
                sorted((name, value) for name, value in row.items() if not name.endswith("id") and name != "created_at")
            )
            for row in found
        )
        for table, found in told.items()
    }
