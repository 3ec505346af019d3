"""Which findings come first, and which are recommended."""

from collections.abc import Iterable, Sequence

from findings.finding import Finding

MOST_RECOMMENDED = 7
# The kind on the left says less than those on the right about the same video, quiz or question.
SAID_BY = {
    "completion": ("cliff",),
    "long": ("cliff",),
    "quiz": ("wrong_key",),
    "asked": ("badly_answered",),
    "unanswered": ("badly_answered", "asked"),
}


def ranked(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """By the number of people affected; ties keep the given order, which is that of the product's guide."""
    return tuple(sorted(found, key=lambda finding: -finding.people))


def recommended(of: Sequence[Finding]) -> tuple[Finding, ...]:
    """At most seven of the ranked findings: the first of each kind, so that five quizzes do not hide students.

    Nothing appears twice: a quiz that is failed because of a wrong answer key is represented by that key.
    """
    told = {(finding.kind, subject) for finding in of for subject in _subjects(finding)}
    first: dict[str, Finding] = {}
    for finding in of:
        if not any((kind, finding.subject) in told for kind in SAID_BY.get(finding.kind, ())):
            first.setdefault(finding.kind, finding)
    return tuple(first.values())[:MOST_RECOMMENDED]


def _subjects(finding: Finding) -> set[str]:
    """The subject; a quiz question also counts for its quiz."""
    return {finding.subject, dict(finding.asked).get("id", "")} - {""}
