"""Long texts, cut where they do not differ."""

from collections import defaultdict
from collections.abc import Sequence

from rules.visible import visible_line

CUT = "…"


def excerpt(text: str, longest: int) -> str:
    """The text on one line, cut at its end if it is longer."""
    line = visible_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + CUT


def excerpts(texts: Sequence[str], longest: int) -> list[str]:
    """Each text on one line and not too long; two that differ far from their beginning are cut before that place."""
    lines = [visible_line(text) for text in texts]
    cut = {line: excerpt(line, longest) for line in lines}
    for group in _looking_alike(cut):
        cut |= _apart(group, longest)
    return [cut[line] for line in lines]


def _apart(lines: list[str], longest: int) -> dict[str, str]:
    """The beginning, and what stands where the lines begin to differ; again for those that differ only later."""
    kept, differs = longest // 3, _same_at_the_start(min(lines), max(lines))
    start = max(differs - longest // 6, kept)
    room = longest - kept - 1
    cut = {line: line[:kept].rstrip() + CUT + excerpt(line[start:], room) for line in lines}
    for group in _looking_alike(cut):
        if len(group) < len(lines):
            cut |= _apart(group, longest)
    return cut


def _same_at_the_start(first: str, last: str) -> int:
    """How many characters the first and the last in order share: all between them share these too."""
    pairs = enumerate(zip(first, last, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(last)))


def _looking_alike(cut: dict[str, str]) -> list[list[str]]:
    groups = defaultdict(list)
    for line, shown in cut.items():
        groups[shown].append(line)
    return [lines for lines in groups.values() if len(lines) > 1]
