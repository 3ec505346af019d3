"""A finding on a page: what was found, and what would help."""

from findings.finding import Finding
from ui.shared.text import plain


def finding_in_markdown(finding: Finding, is_told: bool = False) -> str:
    """What to do and why, with what is said at that second; `is_told`: the page already states the finding."""
    sentence = "" if is_told else f" {plain(finding.sentence)}"
    said = f" The video says there: “{plain(finding.quote)}”" if finding.quote else ""
    return f"**{plain(finding.action)}.**{sentence} {plain(finding.advice)}{said}"
