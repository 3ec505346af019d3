"""The analytics snapshot as PDF."""

from collections.abc import Callable
from uuid import UUID

from reportlab.platypus import Flowable, PageBreak, Paragraph

from findings.ranking import recommended
from queries.definitions import help_for, title_of
from queries.periods.period import Period
from queries.periods.phrases import compared
from reports.exports.pdf_file import printed_cell
from reports.exports.table import Table as FigureTable
from reports.parts import rendering
from reports.pdf.document import pdf_bytes
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import BODY, HEADING
from reports.pdf.tables import Column, table
from reports.snapshot.course import questions, quizzes, videos
from reports.snapshot.cover import ACTIONS_ON_COVER, cover, finding_block, period_in_words
from reports.snapshot.figures import Snapshot, snapshot
from reports.snapshot.people import engagement, students
from rules.formatting import timed_in_full

Section = Callable[[Snapshot], list[Flowable]]
ACTIONS_SHOWN = 15
DEFINITION_CHARACTERS = 2_000
DEFINED = (
    *("activity", "total_students", "active_in_period", "avg_completion", "satisfaction", "engagement_tier"),
    *("at_risk", "progress", "funnel", "video_viewers", "video_views", "video_completion_rate", "video_watched"),
    *("retention", "drop_off_point", "replayed_section", "quiz_period", "quiz_pass_rate", "quiz_struggling"),
    *("question_hard", "question_wrong_key", "questions_asked", "most_asked_questions", "unanswered"),
)


def analytics_snapshot(
    creator_id: UUID, period: Period, course_id: UUID | None = None, run_id: UUID | None = None
) -> bytes:
    """The snapshot of a creator as of now. Raises InputError if the tier does not include reports."""
    return snapshot_pdf(snapshot(creator_id, period, course_id, run_id))


def snapshot_pdf(found: Snapshot, all_figures: FigureTable | None = None) -> bytes:
    """The gathered figures as the bytes of a PDF; optionally, every figure drawn as a row at its end."""
    whose = f"{found.creator.shown_name}, {found.course}" if found.course else found.creator.shown_name
    title = f"Analytics snapshot of {whose}, {period_in_words(found)}"
    with rendering(f"the analytics snapshot of creator {found.creator.id} as PDF"):
        story = [flowable for section in SECTIONS for flowable in _rendered(section, found)]
        figures = _all_figures(all_figures) if all_figures else []
        return pdf_bytes(title, [*story, *figures, *_definitions(), *_data_time(found)], found.made_at)


def _rendered(section: Section, found: Snapshot) -> list[Flowable]:
    with rendering(f"the section {section.__name__.strip('_').replace('_', ' ')}"):
        return section(found)


def _cover(found: Snapshot) -> list[Flowable]:
    return [*cover(found), PageBreak()]


def _more_actions(found: Snapshot) -> list[Flowable]:
    """The other recommendations, then all other findings."""
    first = recommended(found.findings.ranked)
    others = [finding for finding in found.findings.ranked if finding not in first]
    rest = [*first[ACTIONS_ON_COVER:], *others][:ACTIONS_SHOWN]
    if not rest:
        return []
    return [Paragraph("What to do next", HEADING), *(finding_block(finding) for finding in rest)]


SECTIONS: tuple[Section, ...] = (_cover, engagement, students, videos, quizzes, questions, _more_actions)


def _all_figures(figures: FigureTable) -> list[Flowable]:
    """The numbers behind the charts."""
    printed = [each for each in figures.columns if each.print_share]
    columns = [Column(each.title, each.print_share, each.kind == "number") for each in printed]
    rows = [
        [printed_cell(column, cell) for column, cell in zip(figures.columns, row, strict=True) if column.print_share]
        for batch in figures.batches
        for row in zip(*batch, strict=True)
    ]
    return [Paragraph("All figures", HEADING), table(columns, rows)]


def _definitions() -> list[Flowable]:
    rows = [[title_of(name), help_for(name)] for name in DEFINED]
    columns = [Column("Figure", 1.4), Column("Definition", 5)]
    return [Paragraph("What the figures mean", HEADING), table(columns, rows, characters=DEFINITION_CHARACTERS)]


def _data_time(found: Snapshot) -> list[Flowable]:
    zone = found.creator.timezone.replace("_", " ")
    computed = timed_in_full(found.data_time) if found.data_time else "not calculated yet"
    said = (
        f"Figures calculated: {computed}. Report created: {timed_in_full(found.made_at)}. "
        f"Time zone: {zone}. Changes compare with {compared(found.period)}: "
        "percent for counts, points for rates. Today, which is not over yet, is left out."
    )
    return [Paragraph("Data time", HEADING), plain_paragraph(said, BODY)]
