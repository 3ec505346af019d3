"""Recommendations for this week: three to five, those that affect most students first."""

from collections.abc import Iterator

from mail.digest.content import ToDo
from mail.digest.findings import LONGEST_SENTENCE, Findings, url_of
from mail.digest.people import People
from mail.plain_text import in_one_line
from reports.addresses import page_url
from rules.formatting import listed

MOST, LEAST = 5, 3
LONGEST_ACTION = 200  # characters


def things_to_do(who: People, what: Findings) -> tuple[ToDo, ...]:
    """At most one of each kind, so that five quizzes do not hide a student who is slipping away."""
    ranked = sorted(_candidates(who, what), key=lambda todo: -todo.people)[:MOST]
    return tuple([*ranked, *_always_worth_it()][: max(LEAST, len(ranked))])


def _candidates(who: People, what: Findings) -> Iterator[ToDo]:
    if who.slipped.total:
        names = listed(list(who.slipped_names))
        yield ToDo(
            f"Write to {names}",
            "They stopped coming only recently: writing now helps most.",
            who.slipped_url,
            who.slipped.total,
        )
    for finding in what.recommended:
        if finding.kind != "at_risk":  # named above
            why = in_one_line(finding.sentence, LONGEST_SENTENCE)
            yield ToDo(in_one_line(finding.action, LONGEST_ACTION), why, url_of(finding), finding.people)
    yield from _about_good_news(who)


def _about_good_news(who: People) -> Iterator[ToDo]:
    back, finished = who.came_back, who.finished
    if back.total:
        yield ToDo(
            f"Welcome {listed([item.title for item in back.items], back.total)} back",
            "They came back after a long time away.",
            back.url,
            back.total,
        )
    if finished.total:
        yield ToDo(
            f"Congratulate {listed([item.title for item in finished.items], finished.total)}",
            "They finished the course this week.",
            finished.url,
            finished.total,
        )


def _always_worth_it() -> Iterator[ToDo]:
    yield ToDo(
        "See where students stop in the course",
        "The funnel shows which step loses the most students.",
        page_url("funnel"),
        0,
    )
    yield ToDo(
        "Look through the questions of the week",
        "They show which video needs more explanation.",
        page_url("chat", period="7d"),
        0,
    )
    yield ToDo(
        "See who is doing best",
        "A word of praise costs a minute.",
        page_url("students", sort="progress", order="desc"),
        0,
    )
