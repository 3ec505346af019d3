"""The findings of a digest: videos that lose viewers, quizzes and questions that do not work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from findings.finding import LONGEST_LINE, Finding, Kind
from findings.gathered import findings as findings_of
from findings.ranking import recommended
from mail.digest.content import Item, Section
from mail.plain_text import in_one_line
from queries.mails.digest_items import ListedItems
from queries.periods.period import WEEK
from reports.addresses import page_url

SHOWN = 3
LONGEST_SENTENCE = 400  # characters; it contains titles and answers
# The kinds of items in each list. The list's name identifies what was listed, for the next digest.
LISTS: dict[str, tuple[Kind, ...]] = {
    "video": ("cliff",),
    "quiz": ("quiz",),
    "quiz_question": ("wrong_key", "hard"),
    "question": ("badly_answered", "unanswered"),
}


@dataclass(frozen=True)
class Findings:
    videos: Section
    quizzes: Section
    quiz_questions: Section
    questions: Section
    recommended: tuple[Finding, ...]
    keys: tuple[tuple[str, str], ...]  # (kind, key) of all, shown or not


def findings(creator_id: UUID, before: ListedItems | None) -> Findings:
    """The current findings, as everywhere else; each list names every subject once."""
    found = findings_of.fresh(creator_id, WEEK)
    lists = {name: _items(found.of(*kinds), _known(before, name)) for name, kinds in LISTS.items()}
    return Findings(
        videos=_section(lists["video"], "videos"),
        quizzes=_section(lists["quiz"], "quizzes"),
        quiz_questions=_section(lists["quiz_question"], "quizzes"),
        questions=_section(lists["question"], "chat"),
        recommended=recommended(found.ranked),
        keys=tuple((name, item.key) for name, items in lists.items() for item in items),
    )


def url_of(finding: Finding) -> str:
    """A link to the finding; questions are those of the week."""
    asked = dict(finding.asked) | ({"period": WEEK.key} if finding.page == "chat" else {})
    return page_url(finding.page, **asked)


def _items(found: Sequence[Finding], known: frozenset[str] | None) -> list[Item]:
    first: dict[str, Finding] = {}
    for finding in found:
        first.setdefault(finding.subject, finding)
    return [_item(finding, known) for finding in first.values()]


def _item(finding: Finding, known: frozenset[str] | None) -> Item:
    return Item(
        key=finding.subject,
        title=in_one_line(finding.title),
        detail=in_one_line(finding.sentence, LONGEST_SENTENCE),
        url=url_of(finding),
        people=finding.people,
        quote=in_one_line(finding.quote, LONGEST_LINE),
        is_new=_is_new(finding.subject, known),
    )


def _section(items: list[Item], page: str) -> Section:
    return Section(tuple(items[:SHOWN]), len(items), page_url(page))


def _known(before: ListedItems | None, kind: str) -> frozenset[str] | None:
    return before.of(kind) if before else None


def _is_new(key: str, known: Iterable[str] | None) -> bool:
    """Whether it was missing from the last digest; without a last digest nothing is new."""
    return known is not None and key not in known
