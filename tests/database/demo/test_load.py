"""Loading: the same twice, in any size, once only, and without touching anybody else's data."""

import pytest
from sqlalchemy import text

from database.creators import add_creator, creators
from database.demo import DemoSize, is_empty, load_demo
from database.demo import load as load_module
from database.demo.courses import BREAD, COURSES, PYTHON, WATERCOLOUR
from database.engine import engine
from database.refresh import rebuild, refresh, stale_creators
from database.tenancy import platform_tx
from rules.errors import InputError
from tests.builders import a_creator
from tests.database.demo.loaded import COURSE_TABLES, TABLES
from tests.database.snapshots import ROLLUPS, assert_same_rows, shown_rows, snapshot
from tests.oracle import Record, rows_of

pytestmark = pytest.mark.usefixtures("database")

SMALL = DemoSize(students=24, videos=12)
ACCOUNTS = text("select subject, issuer, role, creator_id, name, email from dashboard_users order by subject")


def test_the_same_seed_and_time_give_the_same_rows():
    load_demo(SMALL)
    first = everything()

    load_demo(SMALL, replace=True)

    assert everything() == first


def test_another_seed_gives_other_rows_for_the_same_ids():
    load_demo(SMALL)
    first = everything()

    load_demo(DemoSize(students=24, videos=12, seed=2), replace=True)

    second = everything()
    for table in ("students", "watch_segments", "quiz_attempts", "chat_messages"):
        assert second[PYTHON.creator, table] != first[PYTHON.creator, table]
    assert ids(second, "students") == ids(first, "students")
    assert second[PYTHON.creator, "videos"] == first[PYTHON.creator, "videos"]


def test_every_tier_and_status_is_met():
    load_demo(DemoSize())

    tiers = rows_of(PYTHON.creator_id, "student_engagement_tiers")

    assert len(tiers) == 245
    assert {row["engagement_tier"] for row in tiers} == {
        "highly_engaged",
        "engaged",
        "moderate",
        "low_engagement",
        "at_risk",
        "inactive",
    }
    active = sum(row["status"] == "active" for row in tiers)
    assert 0.65 < active / len(tiers) < 0.85
    (totals,) = rows_of(PYTHON.creator_id, "creator_analytics_cache")
    assert (totals["total_videos"], totals["processed_videos"]) == (40, 38)
    assert rows_of(PYTHON.creator_id, "most_asked_questions")


def test_a_small_demo_already_has_most_tiers():
    load_demo(DemoSize(students=50, videos=20))

    tiers = {row["engagement_tier"] for row in rows_of(PYTHON.creator_id, "student_engagement_tiers")}

    assert len(tiers) == 6


@pytest.mark.parametrize(
    "size", [DemoSize(students=0), DemoSize(students=0, videos=0), DemoSize(students=5, videos=3),
             DemoSize(students=7, videos=0), DemoSize(students=3, videos=1, days=30), DemoSize(students=3, videos=90)],
    ids=lambda size: f"{size.students}-students-{size.videos}-videos",
)  # fmt: skip
def test_small_sizes_work(size):
    report = load_demo(size)

    enrolled = [row for row in rows_of(PYTHON.creator_id, "students") if row["deleted_at"] is None]
    kept = [row for row in rows_of(PYTHON.creator_id, "videos") if row["deleted_at"] is None]
    assert (len(enrolled), len(kept)) == (size.students, size.videos)
    assert (report.creators[0].students, report.creators[0].videos) == (size.students, size.videos)
    assert not stale_creators()


def test_the_report_counts_the_rows_of_every_table():
    report = load_demo(SMALL)

    for table in TABLES:
        assert report.rows[table] == sum(len(rows_of(course.creator_id, table)) for course in COURSES) > 0
    assert report.seconds > 0


def test_a_rebuild_equals_the_incremental_refresh(monkeypatch):
    monkeypatch.setattr(load_module, "rebuild", refresh)
    monkeypatch.setattr(load_module, "rebuilt_afterwards", lambda *_: None)  # so that every key is noted
    load_demo(SMALL)
    refreshed = snapshot(PYTHON.creator_id)

    rebuild(PYTHON.creator_id)

    rebuilt = snapshot(PYTHON.creator_id)
    for relation in rebuilt:
        assert rebuilt[relation], relation
        assert_same_rows(relation, refreshed[relation], rebuilt[relation])


def test_two_enterprise_creators_in_different_zones_and_a_smaller_plan():
    load_demo(SMALL)

    known = {creator.name: (creator.subscription_tier, creator.timezone) for creator in creators()}

    assert known == {
        PYTHON.creator: ("enterprise", "Europe/Berlin"),
        WATERCOLOUR.creator: ("enterprise", "America/Los_Angeles"),
        BREAD.creator: ("pro", "Europe/Warsaw"),
    }


def test_there_is_an_account_per_creator_and_one_of_the_staff():
    report = load_demo(SMALL)

    accounts = {row["subject"]: (row["issuer"], row["role"], row["creator_id"]) for row in account_rows()}

    assert accounts == {
        "ada": ("demo", "creator", PYTHON.creator_id),
        "marisol": ("demo", "creator", WATERCOLOUR.creator_id),
        "tomasz": ("demo", "creator", BREAD.creator_id),
        "staff": ("demo", "staff", None),
    }
    assert {account.subject for account in report.accounts} == accounts.keys()


def test_an_outsider_sees_nothing_of_it():
    outsider = a_creator()
    load_demo(SMALL)

    for table in (*TABLES, *ROLLUPS, "student_engagement_tiers"):
        assert all(row["creator_id"] == outsider.id for row in rows_of(outsider.id, table))
    assert not rows_of(outsider.id, "students")
    students = {row["id"] for row in rows_of(PYTHON.creator_id, "students")}
    assert students.isdisjoint(row["id"] for row in rows_of(WATERCOLOUR.creator_id, "students"))


def test_loading_again_is_refused_and_changes_nothing():
    load_demo(SMALL)
    before = everything()

    with pytest.raises(InputError, match=f'already loaded.*"{PYTHON.creator}"'):
        load_demo(SMALL)

    assert everything() == before


def test_replacing_leaves_nothing_of_the_larger_demo():
    load_demo(SMALL)

    load_demo(DemoSize(students=4, videos=3), replace=True)

    assert len(rows_of(PYTHON.creator_id, "students")) == 4
    assert len(shown_rows(PYTHON.creator_id, "enrolled_students")) == 4
    assert not rows_of(PYTHON.creator_id, "quiz_answers")


def test_a_real_creator_of_the_same_name_is_never_replaced():
    namesake = add_creator(PYTHON.creator, "enterprise", "UTC")

    with pytest.raises(InputError, match="does not belong to the demo"):
        load_demo(SMALL, replace=True)

    assert [creator.id for creator in creators()] == [namesake]


def test_a_load_that_fails_leaves_no_demo_creator(monkeypatch):
    def stumble(course, *rest):
        raise RuntimeError(course.creator)

    monkeypatch.setattr(load_module, "lessons_of", stumble)

    with pytest.raises(RuntimeError, match=PYTHON.creator):
        load_demo(SMALL)

    assert is_empty()
    assert not account_rows()


def test_a_batch_that_fails_takes_those_that_are_written_along(monkeypatch):
    monkeypatch.setattr(load_module, "STUDENTS_PER_BATCH", 10)
    write = load_module.insert_columns  # type: ignore[attr-defined]
    written: list[str] = []

    def stumble(connection, creator_id, table, columns):
        written.append(table)
        if table == "quiz_answers" and written.count(table) >= 2:  # batches are written by several threads
            raise RuntimeError(table)
        return write(connection, creator_id, table, columns)

    monkeypatch.setattr(load_module, "insert_columns", stumble)

    with pytest.raises(RuntimeError, match="quiz_answers"):
        load_demo(SMALL)

    assert is_empty()
    with engine().connect() as connection:  # the login role of the tests sees every creator's rows
        assert not connection.execute(text("select from students union all select from quiz_attempts")).all()


def test_rows_do_not_depend_on_how_many_batches_are_written_at_a_time(monkeypatch):
    monkeypatch.setattr(load_module, "STUDENTS_PER_BATCH", 5)
    load_demo(SMALL)
    at_a_time = everything()

    monkeypatch.setattr(load_module, "WRITERS", 1)
    load_demo(SMALL, replace=True)

    assert everything() == at_a_time


def test_a_load_leaves_nothing_to_be_folded_but_the_rebuild(monkeypatch):
    monkeypatch.setattr(load_module, "rebuild", lambda _creator_id: None)
    load_demo(SMALL)

    with engine().connect() as connection:
        kinds = set(connection.execute(text("select kind from changes")).scalars())
    assert kinds == {"moved", "touched"}


def test_a_database_is_empty_until_there_is_a_creator():
    assert is_empty()

    add_creator("Someone else", "basic", "UTC")

    assert not is_empty()


def test_progress_grows_from_nothing_to_done():
    told: list[tuple[str, float]] = []

    load_demo(SMALL, progress=lambda step, share: told.append((step, share)))

    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert any(PYTHON.creator in step for step, _ in told)


@pytest.mark.parametrize(("name", "value"), [("students", -1), ("videos", -1), ("days", 29), ("seed", -1)])
def test_an_impossible_size_is_refused(name, value):
    with pytest.raises(InputError, match=f"{name}={value}"):
        DemoSize(**{name: value})


def everything() -> dict[tuple[str, str], list[Record]]:
    """All rows of the demo creators, from the sources and calculated from them, in a fixed order."""
    return {
        (course.creator, table): sorted(rows_of(course.creator_id, table), key=str)
        for course in COURSES
        for table in (*COURSE_TABLES, *TABLES, *ROLLUPS)
    } | {("", "dashboard_users"): account_rows()}


def ids(rows: dict[tuple[str, str], list[Record]], table: str) -> set[object]:
    return {row["id"] for row in rows[PYTHON.creator, table]}


def account_rows() -> list[Record]:
    with platform_tx() as connection:
        return [dict(row) for row in connection.execute(ACCOUNTS).mappings()]
