"""An undone import is as if it had never been."""

from uuid import UUID

import pytest
from sqlalchemy import text

from database.creators import add_creator
from database.refresh import refresh
from database.tenancy import tenant_tx
from rules.errors import InputError
from sources.facts import Course, Enrolment, Fact, Progress, Question, Segment, Student, Video
from sources.landing import ImportReport, imports, undo, write_facts
from tests.builders import a_creator
from tests.database.snapshots import snapshot
from tests.sources.landed import contents, rows, small_portions
from tests.sources.random_facts import BEGAN_AT, COURSE, RandomFacts

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.mark.parametrize("seed", range(10))
def test_of_two_imports_the_other_one_is_left_as_if_it_had_come_alone(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Imports A and B, with some facts of A in B too, and C that says what A says again."""
    monkeypatch.setattr("sources.landing.undoing.ROWS_OF_A_PORTION", 2)
    facts = RandomFacts(seed)
    a = facts.some(16)
    b = [*facts.some(16), *facts.random.sample(a, 5)]
    creator = a_new_creator()
    nothing = contents(creator)

    def after(*said: list[Fact]) -> list[ImportReport]:
        return [write_facts(creator, one) for one in said]

    def undone(*reports: ImportReport) -> dict[str, list[dict[str, object]]]:
        for report in reports:
            take_back(creator, report)
        return contents(creator)

    (first,) = after(b)
    only_b = contents(creator)
    assert undone(first) == nothing

    first, second = after(a, b)
    both = contents(creator)
    assert undone(first) == only_b
    assert undone(second) == nothing

    (first,) = after(a)
    only_a = contents(creator)
    second, third = after(b, a)
    assert undone(third) == both
    assert undone(second) == only_a
    assert undone(first) == nothing


def test_the_figures_are_those_of_the_other_import(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = RandomFacts(77)
    a, b = facts.some(40), facts.some(40)
    creator = a_new_creator()
    alone = write_facts(creator, b)
    figures = figures_of(creator)
    take_back(creator, alone)
    assert figures_of(creator)["student_totals"] == []

    first = write_facts(creator, a)
    write_facts(creator, b)
    assert figures_of(creator) != figures
    take_back(creator, first)

    assert figures_of(creator) == figures


def test_what_a_person_changed_stays_and_is_counted() -> None:
    creator = a_new_creator()
    report = write_facts(creator, [Video("v1", "Loops"), Video("v2", "Lists")])
    with tenant_tx(creator) as connection:
        connection.execute(text("update videos set title = 'Loops, again' where external_id = 'v1'"))

    undone = take_back(creator, report)

    assert [row["title"] for row in rows(creator, "videos")] == ["Loops, again"]
    assert undone.rows_kept == {"changed by hand since": 1}
    assert rows(creator, "videos")[0]["import_number"] is None


def test_what_a_person_changed_after_two_imports_stays_column_by_column() -> None:
    creator = a_new_creator()
    write_facts(creator, [Video("v1", "Loops", duration_seconds=100)])
    second = write_facts(creator, [Video("v1", "Lists", duration_seconds=200)])
    with tenant_tx(creator) as connection:
        connection.execute(text("update videos set description = 'Mine'"))

    take_back(creator, second)

    (video,) = rows(creator, "videos")
    assert (video["title"], video["duration_seconds"], video["description"]) == ("Loops", 100, "Mine")


def test_what_other_data_refers_to_stays_with_its_id_as_its_name() -> None:
    creator = a_new_creator()
    described = write_facts(creator, [Student("s1", "Ada", "ada@example.org"), Video("v1", "Loops")])
    write_facts(creator, [Segment("s1", "v1", 0, 10, BEGAN_AT)])

    undone = take_back(creator, described)

    assert [(row["name"], row["email"]) for row in rows(creator, "students")] == [("s1", None)]
    assert [row["title"] for row in rows(creator, "videos")] == ["v1"]
    assert undone.rows_kept == {"referred to by other data": 2}


def test_activity_that_newer_progress_replaced_goes_with_it() -> None:
    creator = a_new_creator()
    later = BEGAN_AT.replace(day=9)
    write_facts(creator, [Progress("s1", "v1", BEGAN_AT, BEGAN_AT)])
    second = write_facts(creator, [Progress("s1", "v1", later, later)])
    third = write_facts(creator, [Progress("s1", "v1", later.replace(day=12), later.replace(day=12))])
    assert [row["occurred_at"] for row in rows(creator, "activity_events")] == [later]

    take_back(creator, third)
    assert rows(creator, "activity_events") == []

    take_back(creator, second)
    assert [row["last_watched"] for row in rows(creator, "video_progress")] == [BEGAN_AT]


def test_an_undo_that_was_killed_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.landing.undoing.ROWS_OF_A_PORTION", 3)
    creator = a_new_creator()
    nothing = contents(creator)
    report = write_facts(creator, RandomFacts(5).some(60))

    def killed(_relation: str, count: int) -> None:
        if count > 20:
            raise KeyboardInterrupt

    assert report.import_id
    with pytest.raises(KeyboardInterrupt):
        undo(creator, report.import_id, killed)
    assert imports(creator)[0].state == "undoing"

    take_back(creator, report)
    assert contents(creator) == nothing
    assert imports(creator)[0].state == "undone"


def test_undoing_twice_changes_nothing() -> None:
    creator = a_new_creator()
    report = write_facts(creator, [Student("s1", "Ada")])
    once = take_back(creator, report)

    write_facts(creator, [Student("s1", "Ada")])
    assert take_back(creator, report) == once
    assert len(rows(creator, "students")) == 1


def test_an_import_that_is_under_way_stops_when_it_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    small_portions(monkeypatch, 1)
    creator = a_new_creator()

    def facts():
        yield Student("s1", "Ada")
        undo(creator, imports(creator)[0].id)
        yield Student("s2", "Bo")

    with pytest.raises(InputError, match="it was undone"):
        write_facts(creator, facts())
    assert rows(creator, "students") == []


def test_another_text_of_an_answered_question_is_no_edition_any_more() -> None:
    creator = a_new_creator()
    facts = RandomFacts(3)
    answered = [fact for fact in facts.some(200) if type(fact).__name__ == "Answer"][:1]
    question, quiz = answered[0].question, answered[0].quiz
    write_facts(creator, [Question(question, quiz, "Which?"), *answered])
    before = contents(creator)
    changed = write_facts(creator, [Question(question, quiz, "Which one?")])
    assert len(rows(creator, "question_editions")) == 1

    take_back(creator, changed)

    assert contents(creator) == before


def test_the_first_course_gets_its_place_back() -> None:
    creator = add_creator("Mira Vale", "enterprise", "UTC")
    write_facts(creator, [Student("s1", "Ada")])
    before = contents(creator)

    report = write_facts(creator, [Course("py", "Python"), Enrolment("s1", "py", None, BEGAN_AT)])
    assert [row["title"] for row in rows(creator, "courses")] == ["Python"]
    take_back(creator, report)

    assert contents(creator) == before


def test_nobody_undoes_the_import_of_another() -> None:
    creator, outsider = a_new_creator(), a_creator()
    report = write_facts(creator, [Student("s1", "Ada")])

    assert report.import_id
    with pytest.raises(InputError, match="no such import"):
        undo(outsider.id, report.import_id)
    assert imports(outsider.id) == []
    assert len(rows(creator, "students")) == 1


def a_new_creator() -> UUID:
    creator = add_creator("Mira Vale", "enterprise", "UTC")
    write_facts(creator, [Course(COURSE, "Course")])
    return creator


def take_back(creator: UUID, report: ImportReport):
    assert report.import_id
    return undo(creator, report.import_id)


def figures_of(creator: UUID) -> dict[str, list[dict[str, object]]]:
    assert refresh(creator)
    return snapshot(creator)
