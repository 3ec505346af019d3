"""Every released revision, with years of data in it, becomes what a fresh database is; and revisions never change."""

import ast
import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import URL, text

from database.checks import tenancy_gaps
from database.creators import creators
from database.demo.courses import COURSES
from database.engine import engine
from database.migrate import migrate
from database.objects import FILES, OBJECTS, edition_of_objects
from database.refresh import refresh_stale
from database.sql_files import REVISIONS as SQL_OF_REVISIONS
from database.tenancy import platform_tx, tenant_tx
from queries.cache.answer_format import encoded
from tests.conftest import execute_on
from tests.database.catalogue import catalogue
from tests.database.released import REVISIONS, a_released_database, released_rows, write_released_rows
from tests.database.snapshots import ROLLUPS, VIEWS, assert_same_rows, sorted_by_key
from tests.oracle import Record, rows_of
from tests.queries.every_answer import Told, asked, full_name

VERSIONS = SQL_OF_REVISIONS.parent / "versions"
FINGERPRINTS = Path(__file__).parent / "released" / "fingerprints.txt"
CREATORS = [UUID(row[0]) for row in released_rows()["creators"]["rows"]]

FIRST_OF = text("select id from students where creator_id = :creator_id and deleted_at is null order by id limit 1")
VIDEO_OF = text("select id from videos where creator_id = :creator_id and status = 'completed' order by id limit 1")
QUIZ_OF = text("select id from quizzes where creator_id = :creator_id order by id limit 1")

SEGMENTS = text("select creator_id, student_id, video_id, watched_at, start_second, end_second from watch_segments")
# Two rows of each creator: one is made longer, one the same.
TELL_TWICE = text(
    """
    insert into watch_segments (creator_id, student_id, video_id, watched_at, start_second, end_second)
    select creator_id, student_id, video_id, watched_at, start_second, end_second + case place when 1 then 30 else 0 end
    from (
        select *, row_number() over (partition by creator_id order by student_id, video_id, watched_at, id) as place
        from watch_segments
    ) as numbered
    where place <= 2
    """
)

NEVER_LOOKED_INTO = text(
    """
    update videos
    set
        status = 'uploaded',
        storage_key = 'videos/x/y.webm'
    where
        creator_id = :creator_id
        and id = :video_id
    """
)

Figures = dict[tuple[UUID, str], list[Record]]


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_upgraded_database_is_what_a_fresh_one_is_and_keeps_its_figures(
    empty_database: URL, revision: str, fresh: list[tuple[str, str, str]]
):
    a_released_database(revision)
    rebuild_all()
    before = figures()

    migrate()

    assert catalogue() == fresh
    with engine().connect() as connection:
        assert tenancy_gaps(connection) == []
    refresh_stale()
    assert_figures_are(before)
    rebuild_all()
    assert_figures_are(before)


@pytest.mark.parametrize("revision", ["0001", "0009"])
def test_every_query_answers_on_an_upgraded_database_as_on_a_fresh_one(
    empty_database: URL, server: URL, revision: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DASHBOARD_NOW", "2026-03-02T08:00:00Z")
    a_released_database(revision)
    migrate()
    refresh_stale()
    upgraded = answers()
    emptied(empty_database)
    migrate()
    write_released_rows()
    refresh_stale()

    fresh = answers()

    assert len(fresh) > 50
    assert upgraded == fresh


def test_segments_that_were_told_twice_become_one_with_the_later_end(empty_database: URL):
    a_released_database("0011")
    before = segments()
    with engine().begin() as connection:
        connection.execute(TELL_TWICE)
    twice = segments()

    migrate()

    assert len(twice) == len(before) + 2 * len(CREATORS)
    assert len({row[:-1] for row in twice}) == len(before)
    latest = {row[:-1]: max(other[-1] for other in twice if other[:-1] == row[:-1]) for row in before}
    assert segments() == sorted((*key, end) for key, end in latest.items())
    assert segments() != before


def test_a_video_that_was_uploaded_and_never_looked_into_is_handed_to_the_workers(empty_database: URL):
    a_released_database("0011")
    creator, video = CREATORS[0], told_of(CREATORS[0]).video_id
    with engine().begin() as connection:
        connection.execute(NEVER_LOOKED_INTO, {"creator_id": creator, "video_id": video})

    migrate()

    with tenant_tx(creator) as connection:
        found = connection.execute(text("select video_id, status, is_stored, extension from uploads")).all()
        published = connection.execute(text("select status, is_published from videos")).all()
    assert found == [(video, "received", True, "webm")]
    assert {row.status for row in published if row.is_published} == {"completed"}


def test_the_creators_of_a_demo_that_was_loaded_before_are_marked(empty_database: URL):
    a_released_database("0011")
    other = uuid4()
    with engine().begin() as connection:
        connection.execute(text("insert into creators (id, name) values (:id, 'My school')"), {"id": other})

    migrate()

    marked = {creator.id: creator.is_demo for creator in creators()}
    assert marked == dict.fromkeys(CREATORS, True) | {other: False}
    assert set(CREATORS) == {course.creator_id for course in COURSES}


def segments() -> list[tuple[Any, ...]]:
    with engine().connect() as connection:
        return sorted(tuple(row) for row in connection.execute(SEGMENTS))


def test_a_released_revision_never_changes():
    """A revision that has run somewhere is not run there again: a change in what it does is another revision."""
    told = dict(reversed(line.split(maxsplit=1)) for line in FINGERPRINTS.read_text().splitlines())

    assert {name: fingerprint(name) for name in told} == told


def test_every_file_of_a_released_revision_has_a_fingerprint():
    told = {line.split(maxsplit=1)[1] for line in FINGERPRINTS.read_text().splitlines()}
    files = {path.name for folder in (SQL_OF_REVISIONS, VERSIONS) for path in folder.glob("00*")}

    assert {name for name in files if name[:4] in REVISIONS} == told


def test_a_revision_runs_files_of_its_own_alone():
    for path in VERSIONS.glob("*.py"):
        texts = [node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
        named = [text for text in texts if str(text).endswith(".sql")]
        assert all(name.startswith(path.name[:5]) and "/" not in name for name in named), path.name  # type: ignore[operator]


def test_every_object_is_applied_from_a_file_that_is_named():
    present = {str(path.relative_to(OBJECTS)) for path in OBJECTS.rglob("*.sql")}

    assert present == set(FILES)


def test_an_edited_object_reaches_a_database_that_has_every_revision(
    empty_database: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    migrate()
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text((OBJECTS / name).read_text())
    edited = tmp_path / "functions" / "clock_and_tenant.sql"
    edited.write_text(edited.read_text().replace("coalesce(nullif(", "coalesce(null, nullif("))
    monkeypatch.setattr("database.objects.OBJECTS", tmp_path)
    edition_of_objects.cache_clear()

    migrate()

    definitions = {name: definition for kind, name, definition in catalogue() if kind == "function"}
    assert "coalesce(null, nullif(" in definitions["dashboard_now()"]
    edition_of_objects.cache_clear()


def test_the_queue_has_the_tables_that_its_package_wants():
    """Another version of the package may need others: then a revision runs the migrations that the package ships."""
    assert (SQL_OF_REVISIONS / "0002_job_queue.sql").read_text() == SchemaManager.get_schema()


@pytest.fixture(scope="module")
def fresh(server: URL, template: str) -> list[tuple[str, str, str]]:
    """The catalogue of the migrated template."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", server.set(database=template).render_as_string(hide_password=False))
        found = catalogue()
        engine().dispose()
    return found


def rebuild_all() -> None:
    """By the SQL function, which every revision has."""
    for creator in CREATORS:
        with platform_tx(limit_seconds=60) as connection:
            connection.execute(text("select rebuild_creator_dashboard_views(:creator)"), {"creator": creator})


def assert_figures_are(before: Figures) -> None:
    """For the columns that existed before; what a later revision adds is tested where it is added."""
    assert len(before) > len(CREATORS)
    after = figures()
    for (creator, relation), rows in before.items():
        columns = rows[0].keys()
        known = [{name: row[name] for name in columns} for row in after[creator, relation]]
        assert_same_rows(relation, known, rows)


def figures() -> Figures:
    """Every rollup and view of every creator; relations that this revision does not have are left out."""
    return {
        (creator, relation): sorted_by_key(relation, rows)
        for creator in CREATORS
        for relation in ROLLUPS | VIEWS
        if relation_exists(relation) and (rows := rows_of(creator, relation))
    }


def relation_exists(name: str) -> bool:
    with engine().connect() as connection:
        return bool(connection.execute(text("select to_regclass(:name) is not null"), {"name": name}).scalar_one())


# A course that nobody created explicitly has a different id in each database; `test_courses.py` checks that an upgrade
# creates one.
NAMED_AT_RANDOM = ("queries.courses.known.", "queries.courses.contents.", "queries.courses.figures.")
# Announcements are newer than the oldest revision, whose rows have none.
OF_YOUNGER_TABLES = ("queries.periods.markers.",)


def answers() -> dict[tuple[str, UUID], Any]:
    """The result of every query for every creator."""
    return {
        (full_name(query), creator): encoded({}, query.fresh(creator, *arguments))
        for creator in CREATORS
        for query, arguments in asked(told_of(creator))
        if not full_name(query).startswith(NAMED_AT_RANDOM + OF_YOUNGER_TABLES)
    }


def told_of(creator: UUID) -> Told:
    with tenant_tx(creator) as connection:
        found = [
            connection.execute(statement, {"creator_id": creator}).scalar() or creator
            for statement in (FIRST_OF, VIDEO_OF, QUIZ_OF)
        ]
    return Told(creator, *found)


def emptied(database: URL) -> None:
    engine().dispose()
    execute_on(database, "drop schema public cascade", "create schema public")


def fingerprint(name: str) -> str:
    folder = VERSIONS if name.endswith(".py") else SQL_OF_REVISIONS
    return hashlib.sha256((folder / name).read_bytes()).hexdigest()
