"""Videos as a table: each title leads to the video's page; its creator can edit it from its row."""

from __future__ import annotations

from uuid import UUID

from database.frames import records
from queries.definitions import help_for
from queries.videos.lists import VideoPage, VideoRow
from queries.videos.one_video import completion_band
from rules.formatting import timestamp
from ui.shared.links import video_link
from ui.table.address import Order
from ui.table.cells import Cell, badge, bar, button, named, number, share, words
from ui.table.table import Column, Row, Shown, list_table, pressed
from ui.videos.dialogs import ask_to_edit
from ui.videos.filters import ADDRESS, STATUS_LABELS

COLUMNS = (
    Column("position", "Course order", "unseen", "asc"),
    Column("newest", "Date added", "unseen", "desc"),
    Column("title", "Video", "name", "asc"),
    Column("course", "Course"),
    Column("edit", "Edit", "button", hidden=True),
    Column("completion", "Completion", "bar", "desc", help_for("video_completion_rate")),
    Column("verdict", "Verdict", help=help_for("video_completion_band")),
    Column("viewers", "Viewers", "number", "desc", help_for("video_viewers")),
    Column("views", "Views", "number", "desc", help_for("video_views")),
    Column("recent", "In 7 days", "number", "desc", help_for("video_views_7d")),
    Column("watched", "Watched", "number", "desc", help_for("video_watched")),
    Column("dropOff", "Drop-off", "number", "desc", help_for("video_drop_off")),
    Column("length", "Length", "number"),
    Column("status", "Status", "badge", help=help_for("video_status")),
    Column("category", "Category"),
    Column("difficulty", "Difficulty"),
)
STATUS_COLOURS = {"completed": "green", "processing": "blue", "uploaded": "gray", "failed": "red"}


def video_table(found: VideoPage, course_names: dict[UUID, str], *, can_change: bool) -> None:
    """The page of the list, with the names of `courses_of_contents`, if there is more than one course."""
    left_out = {key for key, is_in in (("course", course_names), ("edit", can_change)) if not is_in}
    columns = [column for column in COLUMNS if column.key not in left_out]
    rows = [_row(row, course_names, left_out) for row in records(found.videos, VideoRow)]
    filters = found.filters
    list_table(ADDRESS.key, "Videos", columns, rows, Shown(Order(filters.sort_by, filters.sort_order), found.page))


def follow_edit() -> None:
    """Open the form of the row whose button was pressed, before anything is drawn. A press lasts for one run."""
    what = pressed(ADDRESS.key)
    if what and what[0] == "edit":
        try:
            ask_to_edit(UUID(what[1]))
        except ValueError:
            return


def _row(video: VideoRow, course_names: dict[UUID, str], left_out: set[str]) -> Row:
    cells = _cells(video, course_names)
    shown = tuple(cells[column.key] for column in COLUMNS if column.key in cells and column.key not in left_out)
    return Row(str(video.video_id), shown, video_link(video.video_id).href)


def _cells(video: VideoRow, course_names: dict[UUID, str]) -> dict[str, Cell]:
    verdict = completion_band(video.completion_rate_percent, video.unique_viewers)
    return {
        "title": named(video.title),
        "course": words(course_names.get(video.video_id)),
        "edit": button("Edit", f"Edit {video.title}"),
        "completion": bar(video.completion_rate_percent, of_people=True),
        "verdict": verdict[0].upper() + verdict[1:],
        "viewers": number(video.unique_viewers),
        "views": number(video.views),
        "recent": number(video.views_7d),
        "watched": share(video.avg_watched_percent),
        "dropOff": share(video.avg_drop_off_percent),
        "length": timestamp(video.duration_seconds) if video.duration_seconds else None,
        "status": badge(STATUS_LABELS[video.status], STATUS_COLOURS[video.status]),
        "category": words(video.category),
        "difficulty": video.difficulty_level.capitalize() if video.difficulty_level else None,
    }
