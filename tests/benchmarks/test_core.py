"""The benchmark of the core measures what it claims to: changes change, plain views are right, copies are complete."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from benchmarks.beat import _round as beat_round
from benchmarks.beat import measured_beat
from benchmarks.changes import CHANGES, Change
from benchmarks.materialized import SCHEMA, VIEWS, create_views, owners_tx, refresh_views
from benchmarks.sizes import TABLES_OF_STUDENTS, WHOLE_TABLES, copied
from database.demo import DemoSize, load_demo
from database.engine import engine
from database.refresh import refresh
from tests.builders import (
    ACreator,
    a_chat,
    a_creator,
    a_question,
    a_quiz_question,
    a_retention_curve,
    a_student,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("database")

SMALL = DemoSize(students=60, videos=12)
FEWEST_COLUMNS = {
    "creator_analytics_cache": 17,
    "daily_active_users": 5,
    "video_analytics": 12,
    "most_asked_questions": 8,
    "student_engagement_tiers": 14,
}

# Columns on which a plain view and the dashboard's relation of that name must agree: counts that nobody redefines.
SAME = {
    "creator_analytics_cache": ("total_students", "total_videos", "total_quiz_attempts", "active_students_7d"),
    "daily_active_users": ("activity_date", "active_count"),
    "video_analytics": ("video_id", "unique_viewers", "completions"),
    "most_asked_questions": ("question", "ask_count", "unique_askers"),
    "student_engagement_tiers": ("student_id", "quiz_attempts", "engagement_tier"),
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_changes_as_many_rows_as_it_says(change: Change) -> None:
    creator = a_course()

    assert change.write(creator.id, 1, 0) == 1
    if not change.is_single and change.name != "progress of the past":  # which has one row here
        assert change.write(creator.id, 1_500, 1) == 1_500


def test_plain_views_say_what_the_dashboard_says_and_follow_changes() -> None:
    creator = a_course()
    refresh(creator.id)
    create_views()
    assert plain(creator) == shown(creator)

    for change in CHANGES[1:4]:
        change.write(creator.id, 1, 0)
    refresh(creator.id)
    refresh_views()

    assert plain(creator) == shown(creator)


def test_plain_views_say_of_the_demo_what_the_dashboard_says_in_every_column_that_both_have() -> None:
    load_demo(SMALL)
    create_views()

    compared = {name: figures_of(SCHEMA, name) for name in VIEWS}

    for name, plainly in compared.items():
        shown_rows = figures_of("public", name)
        columns = plainly[0].keys() & shown_rows[0].keys()
        assert len(columns) >= FEWEST_COLUMNS[name]
        assert len(plainly) == len(shown_rows)
        differing = [
            (column, row[column], shown_row[column])
            for row, shown_row in zip(plainly, shown_rows, strict=True)
            for column in columns
            if row[column] != nearly(shown_row[column])
        ]
        assert differing == [], name


def test_a_beat_is_measured_with_and_without_triggers_and_leaves_them_on(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[int] = []

    def counted_round(creator_id: UUID, first: int) -> list[float]:
        before = len(rows_of(creator_id, "changes"))
        taken = beat_round(creator_id, first)
        noted.append(len(rows_of(creator_id, "changes")) - before)
        return taken

    monkeypatch.setattr("benchmarks.beat._round", counted_round)
    monkeypatch.setattr("benchmarks.beat.BEATS_WEIGHED", 500)

    beat = measured_beat(a_course().id)

    assert min(noted[::2]) > 0, noted  # rounds with and without triggers take turns
    assert set(noted[1::2]) == {0}
    assert beat.with_triggers.p50 > 0
    assert beat.without.p50 > 0
    assert beat.bytes_of_beat >= beat.bytes_of_segment > 50
    with engine().connect() as connection:
        off = "select count(*) from pg_trigger where not tgisinternal and tgenabled = 'D'"
        assert connection.execute(text(off)).scalar_one() == 0


def test_a_copied_creator_has_the_same_rows() -> None:
    creator = a_course()

    copy = copied(creator.id, "Another one")

    for table in ("students", *WHOLE_TABLES, *TABLES_OF_STUDENTS, "quiz_answers"):
        rows = rows_without_creator(creator.id, table)
        assert rows_without_creator(copy, table) == rows, table
        assert rows, f"a_course has no row in {table}: add one"


def figures_of(schema: str, name: str) -> list[dict[str, Any]]:
    """Of every creator with one course at the time of the clock, in the order of the view's key."""
    several = "select creator_id from courses group by creator_id having count(*) > 1"  # plain views know no courses
    shown_rows = f"select * from {schema}.{name} where creator_id not in ({several}) order by {VIEWS[name][0]}"
    with owners_tx() as connection:
        found = connection.execute(text(shown_rows)).mappings()
        return [dict(row) for row in found]


def nearly(value: Any) -> Any:
    """The dashboard stores shares and ratings in hundredths."""
    return pytest.approx(value, abs=0.01) if isinstance(value, float) else value


def a_course() -> ACreator:
    ada, bo, question = a_student("Ada Moss"), a_student("Bo Lind"), a_quiz_question()
    return a_creator(
        ada,
        bo,
        a_watch(days_ago=5),
        a_retention_curve({50: 80}),
        an_event(),
        a_chat(a_question(), an_answer(rating=1), student=ada),
        a_chat(a_question(), student=bo),
        question,
        an_attempt(answers={question: True}),
    )


def plain(creator: ACreator) -> dict[str, list[tuple[object, ...]]]:
    with engine().connect() as connection:
        return {
            name: sorted(
                tuple(row)
                for row in connection.execute(
                    text(f"select {', '.join(SAME[name])} from {SCHEMA}.{name} where creator_id = :id"),
                    {"id": creator.id},
                )
            )
            for name in VIEWS
        }


def shown(creator: ACreator) -> dict[str, list[tuple[object, ...]]]:
    return {
        name: sorted(tuple(row[column] for column in columns) for row in rows_of(creator.id, name))
        for name, columns in SAME.items()
    }


def rows_without_creator(creator_id: UUID, table: str) -> list[str]:
    rows = rows_of(creator_id, table)
    return sorted(str({column: value for column, value in row.items() if column != "creator_id"}) for row in rows)
