"""The sentences, the selection and the list of the funnel page."""

from uuid import UUID

import pandas as pd

from database.frames import records
from findings.people import about_the_course
from findings.ranking import ranked
from queries.courses.funnel import Drop, FunnelRow, StuckStudentRow
from rules.formatting import counted, grouped
from rules.sentences import sentence
from ui.shared.choices import chosen_in_address, select_filter
from ui.shared.empty import nothing_yet
from ui.shared.links import show_link, student_link, video_link
from ui.shared.people import told_apart
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import bar, named
from ui.table.table import Column, Row, whole_list

STUDENTS_PER_PAGE = 20
VIDEO = "stuck_at"
STUCK = ListAddress.of("stuck", Order("away", "desc"))
STUCK_COLUMNS = (
    Column("name", "Student", "name", "asc"),
    Column("watched", "Watched", "bar", "desc"),
    Column("away", "Away", "number", "desc"),
)
STUCK_FIELDS = {"name": "name", "watched": "watched_percent", "away": "silent_days"}


@sentence
def funnel_sentences(steps: pd.DataFrame) -> str:
    """Where most students of each course are stuck, and its steepest drop, as Markdown; takes the funnel's frame."""
    found = ranked(about_the_course(steps))
    said = [plain(finding.sentence) for finding in found]
    if not any(finding.kind == "drop" for finding in found):
        said.append("Too few students have got far enough to show where they stop.")
    if not any(finding.kind == "stuck" for finding in found):
        said.append("Nobody is stuck.")
    return " ".join(said)


def video_links(drop: Drop | None) -> None:
    """A link to the video after which most students are lost."""
    if drop:
        show_link(video_link(drop.video_id), label=f"Look at {plain(drop.title)}", icon=":material/movie:")


def chosen_video(steps: pd.DataFrame, usual: UUID) -> UUID:
    """The video whose stuck students are listed, `?stuck_at=…`; a default for any other address.

    Known before the selection is drawn, which is below the chart. Takes the frame of `queries.courses.funnel.funnel`.
    """
    ids = {str(video_id) for video_id in steps["video_id"]}
    return UUID(chosen_in_address(VIDEO, ids) or str(usual))


def video_choice(steps: pd.DataFrame, usual: UUID) -> None:
    """The selection of that video, with how many are stuck at each."""
    labels = {
        str(row.video_id): f"{row.place}. {row.title} ({grouped(row.stuck)} stuck)" for row in records(steps, FunnelRow)
    }
    select_filter("Video", VIDEO, labels, usual=str(usual), starts_over=(STUCK.page,))


def stuck_list(students: pd.DataFrame) -> None:
    """The stuck students, longest away first, each with a link to their page.

    Takes the frame of `queries.courses.funnel.stuck_students`.
    """
    if students.empty:
        nothing_yet(
            "No one is stuck at this video.",
            "Those who started it have moved on, finished it or been active in the last three days. "
            "Choose another video.",
        )
        return

    def described(part: pd.DataFrame) -> list[Row]:
        return [_student(row) for row in records(part, StuckStudentRow)]

    whole_list(STUCK, "Stuck students", STUCK_COLUMNS, students, described, STUCK_FIELDS, page_size=STUDENTS_PER_PAGE)


def _student(row: StuckStudentRow) -> Row:
    cells = (
        named(*told_apart(row.name, row.email, row.student_id)),
        bar(row.watched_percent, of_people=True),
        counted(int(row.silent_days), "day"),
    )
    return Row(str(row.student_id), cells, student_link(row.student_id).href)
