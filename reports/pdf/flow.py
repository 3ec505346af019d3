"""Page breaks: a heading is never alone at the bottom, and a long table begins under its heading."""

from collections.abc import Iterable, Iterator

from reportlab.platypus import CondPageBreak, Flowable, Paragraph, Table

from reports.pdf.paragraphs import ShapedParagraph
from reports.pdf.styles import HEADING, SUBHEADING

Heading = Paragraph | ShapedParagraph

# Points below the first heading of a run: enough for a chart or some rows.
ROOM = {HEADING.name: 210, SUBHEADING.name: 130}


def with_room(story: Iterable[Flowable]) -> Iterator[Flowable]:
    """The story with a page break before headings that have too little room below them.

    A heading that is kept with a table would take the whole table to the next page, and leave this one half empty.
    """
    run: list[Heading] = []
    for flowable in story:
        if isinstance(flowable, Heading) and flowable.style.name in ROOM:
            run.append(flowable)
            continue
        yield from _placed(run, flowable)
        yield flowable
        run = []
    yield from run


def _placed(run: list[Heading], below: Flowable) -> Iterator[Flowable]:
    if not run:
        return
    yield CondPageBreak(ROOM[run[0].style.name])
    for heading in run:
        if isinstance(below, Table):
            heading.keepWithNext = 0
        yield heading
