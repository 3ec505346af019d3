"""The first page of the snapshot: whose it is, which period, the key figures, and what to do first."""

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle

from findings.finding import Finding
from findings.ranking import recommended
from queries.periods.changes import change_in_words
from queries.periods.period import Period
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import (
    BLUE,
    BODY,
    CONTENT_WIDTH,
    GREEN,
    HEADING,
    NOTE,
    QUIET,
    RED,
    STRONG,
    TITLE,
    WHITE,
)
from reports.pdf.tables import callout, tiles
from reports.pdf.text import shortened
from reports.snapshot.figures import Snapshot
from reports.snapshot.key_figures import KeyFigure, window_of
from reports.snapshot.summary import summary
from rules.formatting import dated_in_full

BAND_TITLE = ParagraphStyle("band-title", TITLE, textColor=WHITE)
BAND_LINE = ParagraphStyle("band-line", BODY, fontSize=11, leading=15, textColor=WHITE)
FIGURE = ParagraphStyle("figure", STRONG, fontSize=20, leading=25)
TILE_TITLE = ParagraphStyle("tile-title", BODY, fontSize=9, textColor=QUIET)
RISE, FALL = (ParagraphStyle(f"change-{colour.hexval()}", NOTE, textColor=colour) for colour in (GREEN, RED))
ACTIONS_ON_COVER, SENTENCES_ON_COVER = 4, 5
TITLE_CHARACTERS, ACTION_CHARACTERS = 90, 420


def cover(found: Snapshot) -> list[Flowable]:
    """Takes the gathered figures; fills one page at most."""
    return [
        _band(found),
        Spacer(0, 14),
        tiles([_tile(figure, found.period) for figure in found.key_figures], 4),
        *_happened(found),
        *_first_actions(found),
    ]


def period_in_words(found: Snapshot) -> str:
    return f"{dated_in_full(found.first_day)} to {dated_in_full(found.last_day)} ({found.period.label})"


def finding_block(finding: Finding) -> Flowable:
    """The finding, and below it what would help."""
    return callout(
        [
            plain_paragraph(shortened(finding.told, ACTION_CHARACTERS), STRONG),
            plain_paragraph(shortened(finding.advice, ACTION_CHARACTERS), BODY),
        ],
        BLUE,
    )


def _band(found: Snapshot) -> Table:
    content = [
        Paragraph("Analytics snapshot", BAND_LINE),
        Spacer(0, 4),
        plain_paragraph(shortened(found.creator.shown_name, TITLE_CHARACTERS), BAND_TITLE),
        *([plain_paragraph(shortened(found.course, TITLE_CHARACTERS), BAND_LINE)] if found.course else []),
        Spacer(0, 6),
        plain_paragraph(period_in_words(found), BAND_LINE),
    ]
    style = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, -1), BLUE),
            ("LEFTPADDING", (0, 0), (-1, -1), 16),
            ("TOPPADDING", (0, 0), (-1, -1), 18),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 20),
        ]
    )
    return Table([[content]], colWidths=[CONTENT_WIDTH], style=style)


def _tile(figure: KeyFigure, period: Period) -> list[Flowable]:
    window = window_of(figure.name, period)
    over = plain_paragraph(f"{window[0].upper()}{window[1:]}", NOTE)
    change = [_change(figure)] if figure.compared_with else []
    return [Paragraph(figure.title, TILE_TITLE), Paragraph(figure.text, FIGURE), over, *change]


def _change(figure: KeyFigure) -> Flowable:
    before = f"vs {figure.compared_with}"
    if figure.change is None:
        return Paragraph("Nothing to compare with", NOTE)
    if figure.change == 0:
        return plain_paragraph(f"Unchanged {before}", NOTE)
    style = RISE if figure.change > 0 else FALL
    return plain_paragraph(f"{change_in_words(figure.change, figure.change_unit)} {before}", style)


def _happened(found: Snapshot) -> list[Flowable]:
    told = [
        plain_paragraph(shortened(sentence, ACTION_CHARACTERS), BODY)
        for sentence in summary(found)[:SENTENCES_ON_COVER]
    ]
    return [Paragraph("What happened", HEADING), *told]


def _first_actions(found: Snapshot) -> list[Flowable]:
    heading = Paragraph("What to do first", HEADING)
    if not found.findings.ranked:
        return [heading, Paragraph("Nothing stands out. Recommendations appear here as students join.", BODY)]
    return [heading, *(finding_block(finding) for finding in recommended(found.findings.ranked)[:ACTIONS_ON_COVER])]
