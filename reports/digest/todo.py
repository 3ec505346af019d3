"""What a creator might do this week: three to five things, those that concern most students first."""

from collections.abc import Iterator

from reports.addresses import page_url
from reports.digest.content import ToDo
from reports.digest.findings import Findings
from reports.digest.people import People
from reports.words import listed

MOST, LEAST = 5, 3


def things_to_do(who: People, what: Findings) -> tuple[ToDo, ...]:
    """At most one of each sort, so that five quizzes do not hide a student who slips away."""
    ranked = sorted(_candidates(who, what), key=lambda todo: -todo.people)[:MOST]
    return tuple([*ranked, *_always_worth_it()][: max(LEAST, len(ranked))])


def _candidates(who: People, what: Findings) -> Iterator[ToDo]:
    if who.slipped.total:
        names = listed(list(who.slipped_names))
        yield ToDo(
            f"Write to {names}",
            "Silent for over a week, and not for long: now a line helps most.",
            who.slipped.url,
            who.slipped.total,
        )
    if what.wrong_keys:
        wrong = what.wrong_keys[0]
        yield ToDo(f"Check the answer key of “{wrong.title}”", wrong.detail, wrong.url, wrong.people)
    if what.questions.items and what.questions.items[0].people > 1:
        asked = what.questions.items[0]
        yield ToDo(f"Answer “{asked.title}” yourself", asked.detail, asked.url, asked.people)
    if what.videos.items:
        video = what.videos.items[0]
        yield ToDo(f"Look at what happens in “{video.title}”", video.detail, video.url, video.people)
    # A quiz that is failed because its key is wrong is named once.
    quizzes = [quiz for quiz in what.quizzes.items if quiz.url not in {item.url for item in what.wrong_keys}]
    if quizzes:
        quiz = quizzes[0]
        yield ToDo(f"Go through “{quiz.title}”", quiz.detail, quiz.url, quiz.people)
    yield from _about_good_news(who)


def _about_good_news(who: People) -> Iterator[ToDo]:
    back, finished = who.came_back, who.finished
    if back.total:
        yield ToDo(
            f"Welcome {listed([item.title for item in back.items], back.total)} back",
            "They came back after a long silence.",
            back.items[0].url,
            back.total,
        )
    if finished.total:
        yield ToDo(
            f"Congratulate {listed([item.title for item in finished.items], finished.total)}",
            "They finished the course this week.",
            finished.items[0].url,
            finished.total,
        )


def _always_worth_it() -> Iterator[ToDo]:
    yield ToDo(
        "See where students stop in the course", "The funnel names the step that loses most.", page_url("funnel"), 0
    )
    yield ToDo(
        "Look through the questions of the week",
        "They say which video needs a sentence more.",
        page_url("chat", period="7d"),
        0,
    )
    yield ToDo(
        "See who does best", "A word of praise costs a minute.", page_url("students", sort="progress", order="desc"), 0
    )
