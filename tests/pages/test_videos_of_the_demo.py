"""What is hidden in the demo's library is found and named by the page."""

from database.accounts import demo_accounts
from database.demo import DemoSize, load_demo
from database.demo.courses import PYTHON
from database.demo.planted import ENOUGH_STUDENTS, planted
from tests.oracle import rows_of
from tests.pages.opened import opened, words
from tests.pages.shown_tables import table


def test_the_cliff_the_failed_and_the_unfinished_video_are_named_and_the_deleted_one_is_gone() -> None:
    size = DemoSize(students=ENOUGH_STUDENTS, videos=24)
    load_demo(size)
    hidden = planted(PYTHON, size)
    titles = {row["id"]: row["title"] for row in rows_of(PYTHON.creator_id, "videos")}
    account = next(account for account in demo_accounts() if account.creator_id == PYTHON.creator_id)

    app = opened(account.id, "videos")

    assert not app.exception
    said = words(app)
    assert f"and **“{titles[hidden.cliff_video_id]}”** least" in said
    assert f"**“{titles[hidden.failed_video_id]}”** could not be processed" in said
    shown = table(app)
    verdicts, states = (
        dict(zip(shown.column("Video"), shown.column(title), strict=True)) for title in ("Verdict", "Status")
    )
    assert verdicts[titles[hidden.cliff_video_id]] == "May be too long or too difficult"
    assert states[titles[hidden.failed_video_id]] == "Failed"
    assert states[titles[hidden.processing_video_id]] == "Being processed"
    deleted = [row for row in rows_of(PYTHON.creator_id, "videos") if row["deleted_at"]]
    assert [row["id"] for row in deleted] == [hidden.deleted_video_id]
    assert len(shown.ids) == len(titles) - 1
