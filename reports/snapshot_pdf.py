"""The analytics snapshot as PDF: what staff hand to a creator."""

from collections.abc import Callable
from uuid import UUID

from reportlab.platypus import Flowable, PageBreak, Paragraph

from queries.definitions import definitions
from queries.periods import Period
from reports.exports.pdf_file import printed_cell
from reports.exports.table import Table as FigureTable
from reports.insights import recommendations
from reports.parts import rendering
from reports.pdf.document import pdf_bytes
from reports.pdf.styles import BODY, HEADING
from reports.pdf.tables import Column, table
from reports.pdf.text import safe_markup
from reports.snapshot import Snapshot, snapshot
from reports.snapshot_course import questions, quizzes, videos
from reports.snapshot_cover import ACTIONS_ON_COVER, action_block, cover, period_in_words
from reports.snapshot_people import engagement, students

Section = Callable[[Snapshot], list[Flowable]]
ACTIONS_SHOWN = 15
FIGURE_SHARES = {"section": 2.2, "measure": 4.0, "label": 2.0, "value": 1.4, "unit": 2.6}
DEFINITION_CHARACTERS = 2_000
DEFINED = (
    *("sign_of_life", "total_students", "active_in_period", "avg_completion", "satisfaction", "engagement_tier"),
    *("at_risk", "progress", "funnel", "video_viewers", "video_views", "video_completion_rate", "video_watched"),
    *("retention", "drop_off_point", "replayed_section", "quiz_period", "quiz_pass_rate", "quiz_struggling"),
    *("question_hard", "question_wrong_key", "questions_asked", "most_asked_questions", "unanswered"),
)


def analytics_snapshot(creator_id: UUID, period: Period) -> bytes:
    """The snapshot of a creator as of now. Raises InputError where the tier does not include reports."""
    return snapshot_pdf(snapshot(creator_id, period))


def snapshot_pdf(found: Snapshot, all_figures: FigureTable | None = None) -> bytes:
    """The gathered figures as the bytes of a PDF; at its end perhaps every figure that is drawn, as a row."""
    title = f"Analytics snapshot of {found.creator.name}, {period_in_words(found)}"
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
    """The other recommendations, then everything else that is worth doing."""
    recommended = recommendations(found.actions)
    others = [action for action in found.actions if action not in recommended]
    rest = [*recommended[ACTIONS_ON_COVER:], *others][:ACTIONS_SHOWN]
    if not rest:
        return []
    return [Paragraph("What to do next", HEADING), *(action_block(action) for action in rest)]


SECTIONS: tuple[Section, ...] = (_cover, engagement, students, videos, quizzes, questions, _more_actions)


def _all_figures(figures: FigureTable) -> list[Flowable]:
    """What the charts draw, for those who want the numbers or cannot see them."""
    columns = [Column(each.title, FIGURE_SHARES[each.key], each.kind == "number") for each in figures.columns]
    rows = [
        [printed_cell(column, cell) for column, cell in zip(figures.columns, row, strict=True)]
        for batch in figures.batches
        for row in zip(*batch, strict=True)
    ]
    return [Paragraph("All figures", HEADING), table(columns, rows)]


def _definitions() -> list[Flowable]:
    known = definitions()
    rows = [[known[name].title, known[name].definition] for name in DEFINED]
    columns = [Column("Figure", 1.4), Column("Definition", 5)]
    return [Paragraph("What the figures mean", HEADING), table(columns, rows, characters=DEFINITION_CHARACTERS)]


def _data_time(found: Snapshot) -> list[Flowable]:
    zone = found.creator.timezone.replace("_", " ")
    computed = f"{found.data_time:%-d %B %Y, %H:%M}" if found.data_time else "not computed yet"
    said = (
        f"Figures computed: {computed}. Report made: {found.made_at:%-d %B %Y, %H:%M}. "
        f"Days and hours are those of {zone}. Changes compare with the {found.period.days} days before."
    )
    return [Paragraph("Data time", HEADING), Paragraph(safe_markup(said), BODY)]
