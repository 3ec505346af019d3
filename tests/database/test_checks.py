"""The check of the schema finds what it is there to find: each fault is planted and undone."""

import pytest
from sqlalchemy import text

from database import checks
from database.checks import tenancy_gaps
from database.engine import engine

pytestmark = pytest.mark.usefixtures("shared_database")

OPEN_TABLE = "create table notes (creator_id uuid not null, note text)"
CLOSED = "alter table notes enable row level security; alter table notes force row level security"
MINE = "creator_id = current_creator()"
NO_POLICY = "no policy for all commands and roles compares its owner with current_creator()"

FAULTS = {
    "a table that row level security was forgotten on": (
        OPEN_TABLE,
        [
            f"notes: {NO_POLICY}",
            "notes: row level security is not enabled",
            "notes: row level security is not forced on its owner",
        ],
    ),
    "a partitioned table": (
        f"{OPEN_TABLE} partition by hash (creator_id); {CLOSED}",
        [f"notes: {NO_POLICY}"],
    ),
    "a table that is open to its owner": (
        "alter table students no force row level security",
        ["students: row level security is not forced on its owner"],
    ),
    "a table whose policies do not apply": (
        "alter table creators disable row level security",
        ["creators: row level security is not enabled"],
    ),
    "a policy that is gone": ("drop policy one_creator on quizzes", [f"quizzes: {NO_POLICY}"]),
    "a policy without a check of what is written": (
        f"drop policy one_creator on quizzes; create policy one_creator on quizzes using ({MINE})",
        [f"quizzes: {NO_POLICY}"],
    ),
    "a policy for reading only": (
        f"drop policy one_creator on quizzes; create policy one_creator on quizzes for select using ({MINE})",
        [f"quizzes: {NO_POLICY}"],
    ),
    "a policy for one role only": (
        "drop policy one_creator on quizzes;"
        f"create policy one_creator on quizzes to dashboard_app using ({MINE}) with check ({MINE})",
        [f"quizzes: {NO_POLICY}", "quizzes: policy one_creator opens its rows to other roles than dashboard_platform"],
    ),
    "a policy that compares something else": (
        "alter policy one_creator on quizzes using (true)",
        [f"quizzes: {NO_POLICY}", "quizzes: policy one_creator opens its rows to other roles than dashboard_platform"],
    ),
    "a policy that only restricts": (
        "drop policy one_creator on quizzes;"
        f"create policy one_creator on quizzes as restrictive using ({MINE}) with check ({MINE})",
        [f"quizzes: {NO_POLICY}"],
    ),
    "one more policy, for everybody": (
        "create policy anyone on students for select using (true)",
        ["students: policy anyone opens its rows to other roles than dashboard_platform"],
    ),
    "one more policy, for the application": (
        "create policy anyone on students to dashboard_app, dashboard_platform using (true)",
        ["students: policy anyone opens its rows to other roles than dashboard_platform"],
    ),
    "a view that runs as its owner": (
        "create view names as select name from students",
        ["names: the view is not security_invoker"],
    ),
    "a view that says so": (
        "alter view student_engagement_tiers set (security_invoker = false)",
        ["student_engagement_tiers: the view is not security_invoker"],
    ),
    "a materialized view": (
        "create materialized view names as select name from students",
        ["names: a materialized view cannot have row level security"],
    ),
    "a function for everybody": (
        "grant execute on function rebuild_creator_dashboard_views(uuid) to public",
        ["rebuild_creator_dashboard_views(uuid): PUBLIC may execute it"],
    ),
}


def test_the_migrated_schema_has_no_gap():
    assert gaps_with("select 1") == []


@pytest.mark.parametrize(("statements", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_planted_fault_is_named(statements: str, named: list[str]):
    assert gaps_with(statements) == named


def test_a_function_made_later_is_closed_unless_it_is_opened():
    assert gaps_with("create function later() returns int language sql return 1") == []


@pytest.mark.parametrize(("gaps", "code"), [([], 0), (["notes: open"], 1)])
def test_the_command_fails_when_there_is_a_gap(gaps, code, monkeypatch, capsys):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", "is replaced")
    monkeypatch.setenv("DATABASE_URL", "postgresql://is.removed")
    monkeypatch.setattr(checks, "gaps_after_migration", lambda: gaps)

    assert checks.main() == code

    closed = "Every table, view and function is closed to other creators."
    assert capsys.readouterr().out.strip() == (gaps[0] if gaps else closed)


def gaps_with(statements: str) -> list[str]:
    with engine().connect() as connection:
        connection.execute(text(statements))
        found = tenancy_gaps(connection)
        connection.rollback()
    return found
