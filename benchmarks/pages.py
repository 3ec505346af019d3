"""How long a warm run of each page takes on the server, with the default demo data."""

from uuid import UUID

from streamlit.testing.v1 import AppTest

from benchmarks.measuring import Timing, timed
from database.accounts import demo_accounts
from database.frames import frame
from database.settings import PROJECT_DIR

RUNS = 20
FIRST_OF_EACH = """
    -- One row: the first student, video and quiz.
    select
        (
            select id::text
            from students
            where creator_id = :creator_id and deleted_at is null
            order by id
            limit 1
        ) as student,
        (
            select id::text
            from videos
            where creator_id = :creator_id and deleted_at is null
            order by position
            limit 1
        ) as video,
        (
            select id::text
            from quizzes
            where creator_id = :creator_id and deleted_at is null
            order by position
            limit 1
        ) as quiz
"""
NEEDS_AN_ID = {"student": "student", "video": "video", "quiz": "quiz", "quiz_edit": "quiz"}


def measured_pages() -> list[tuple[str, Timing]]:
    """Each page's address with the times of its warm runs."""
    account = next(account for account in demo_accounts() if account.subscription_tier == "enterprise")
    assert account.creator_id
    ids = frame(account.creator_id, FIRST_OF_EACH).iloc[0].to_dict()
    pages = sorted(path.stem for path in (PROJECT_DIR / "pages").glob("*.py") if path.stem not in ("__init__", "staff"))
    return [(page, _warm(account.id, page, ids.get(NEEDS_AN_ID.get(page, "")))) for page in pages]


def _warm(account_id: UUID, page: str, shown_id: str | None) -> Timing:
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=60)
    app.session_state["account_id"] = account_id
    app.run()
    if page != "overview":
        app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py"))
    if shown_id:
        app.query_params["id"] = shown_id
    app.run()
    assert not app.exception, page
    return timed(app.run, RUNS)
