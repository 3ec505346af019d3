"""Sentences about what students ask and do, and about emails."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from queries.chat.figures import VideoQuestionsRow
from queries.chat.questions import QuestionGroupRow
from queries.periods.period import WEEK
from queries.students.history import EventRow, WatchedVideoRow
from tests.sentences.case import CannotBe, Cases, says
from tests.typed_rows import a_frame, a_row

ID = UUID(int=1)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NO_WHOLE = CannotBe("it compares nothing with a whole")
COUNTED = CannotBe("a count of rows is always known")
ONE_COUNT = CannotBe("one count contradicts nothing else")


def asked(
    people: int, unanswered: int = 0, ratings: int = 0, rating: float | None = None, **more: Any
) -> QuestionGroupRow:
    known = {"people": people, "unanswered": unanswered, "ratings": ratings, "mean_rating": rating}
    return a_row(QuestionGroupRow, **(known | more))


def about_a_video(
    people: int, each: float | None = None, ratings: int = 0, rating: float | None = None
) -> VideoQuestionsRow:
    known = {"questions": people, "people": people, "questions_per_viewer": each}
    return a_row(VideoQuestionsRow, ratings=ratings, mean_rating=rating, **known)


def groups(*people: int) -> tuple[Any, ...]:
    rows = [{"question": "Why?", "wordings": ["Why?"], "people": count, "messages": count} for count in people]
    return a_frame(QuestionGroupRow, *rows), a_frame(VideoQuestionsRow), WEEK


def an_event(kind: str, **facts: Any) -> tuple[Any, ...]:
    known = {"occurred_at": AT, "subject": "Loops", "attempt_number": 1, "kind": kind}
    return a_row(EventRow, **(known | facts)), "UTC"


def watched(
    completed: bool = False, stopped: int | None = None, share: float | None = None, furthest: int | None = None
) -> WatchedVideoRow:
    known = {"stopped_at_second": stopped, "furthest_second": furthest, "duration_seconds": 600}
    return a_row(WatchedVideoRow, completed=completed, watched_percent=share, **known)


CASES: Cases = {
    "findings.questions.all_answered": {
        "empty": says("No questions were asked in this time.", 0),
        "one": says("The only question was answered.", 1),
        "two": says("Both questions were answered.", 2),
        "all": says("All 1,200 questions were answered.", 1200),
        "none": CannotBe("it is asked where none is left"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.chat.sentences.badly_answered_in_words": {
        "empty": CannotBe("badly answered needs three ratings"),
        "one": says("Rated 10% helpful in 3 ratings; asked by 1 student.", asked(1, ratings=3, rating=0.1)),
        "two": says(
            "Rated 25% helpful in 4 ratings; asked by 2 students, while watching Loops.",
            asked(2, ratings=4, rating=0.25, video_titles=["Loops"]),
        ),
        "all": NO_WHOLE,
        "none": says("Rated 0% helpful in 3 ratings; asked by 3 students.", asked(3, ratings=3, rating=0)),
        "unknown": CannotBe("badly answered needs known ratings"),
        "contradiction": says("Rated 40% helpful in 3 ratings; asked by 0 students.", asked(0, ratings=3, rating=0.4)),
    },
    "ui.chat.sentences.findings": {
        "empty": says("No two students asked the same question in the last 7 days.", *groups()),
        "one": says("No two students asked the same question in the last 7 days.", *groups(1)),
        "two": says("2 students asked “Why?”\\.", *groups(2)),
        "all": says("2 students asked “Why?”\\.", *groups(2, 2)),
        "none": says("No two students asked the same question in the last 7 days.", *groups(1, 1)),
        "unknown": CannotBe("who asked is always known"),
        "contradiction": says("No two students asked the same question in the last 7 days.", *groups(0)),
    },
    "ui.chat.sentences.unanswered_in_words": {
        "empty": CannotBe("unanswered means at least once"),
        "one": says("Went unanswered once; asked by 1 student.", asked(1, unanswered=1)),
        "two": says(
            "Went unanswered 2 times; asked by 2 students, while watching Loops.",
            asked(2, unanswered=2, video_titles=["Loops"]),
        ),
        "all": NO_WHOLE,
        "none": CannotBe("unanswered means at least once"),
        "unknown": COUNTED,
        "contradiction": says("Went unanswered 1,200 times; asked by 1 student.", asked(1, unanswered=1200)),
    },
    "ui.chat.sentences.video_in_words": {
        "empty": says("0 questions by 0 students", about_a_video(0)),
        "one": says("1 question by 1 student · rated 100% helpful in 1 rating", about_a_video(1, ratings=1, rating=1)),
        "two": says("2 questions by 2 students · 0.40 per viewer", about_a_video(2, 0.4)),
        "all": says(
            "6 questions by 6 students · 1.00 per viewer · rated 100% helpful in 6 ratings",
            about_a_video(6, 1, ratings=6, rating=1),
        ),
        "none": says(
            "6 questions by 6 students · rated 0% helpful in 6 ratings", about_a_video(6, ratings=6, rating=0)
        ),
        "unknown": says("3 questions by 3 students", about_a_video(3)),
        "contradiction": says("1 question by 1 student · 0.00 per viewer", about_a_video(1, 0)),
    },
    "ui.mails.delivery_labels.delivery_sentence": {
        "empty": says("**0** emails were sent in the last 30 days.", {}, 30),
        "one": says("**1** email was sent in the last 30 days; **1** waits.", {"sent": 1, "pending": 1}, 30),
        "two": says(
            "**2** emails were sent in the last 30 days; **2** failed; for **2** delivery is not confirmed; **2** wait.",
            {"sent": 2, "failed": 2, "unknown": 2, "pending": 1, "claimed": 1},
            30,
        ),
        "all": NO_WHOLE,
        "none": says("**0** emails were sent in the last 30 days; **3** failed.", {"failed": 3}, 30),
        "unknown": says(
            "**0** emails were sent in the last 30 days; for **1** delivery is not confirmed.", {"unknown": 1}, 30
        ),
        "contradiction": CannotBe("states of emails exclude each other"),
    },
    "ui.students.findings.event_in_words": {
        "empty": says(":material/how_to_reg: **2 Mar 2026, 14:05** · Enrolled", *an_event("enrolled")),
        "one": says(":material/bedtime: **2 Mar 2026** · Away for 1 day", *an_event("silence", days=1)),
        "two": says(":material/waving_hand: **2 Mar 2026** · Came back after 2 days", *an_event("came_back", days=2)),
        "all": says(
            ":material/task_alt: **2 Mar 2026, 14:05** · Passed “Loops” with 100%",
            *an_event("passed", score_percent=100),
        ),
        "none": says(
            ":material/cancel: **2 Mar 2026, 14:05** · Failed “Loops” with 0% (attempt 2)",
            *an_event("failed", score_percent=0, attempt_number=2),
        ),
        "unknown": CannotBe("what happened has its subject"),
        "contradiction": says(
            ":material/cancel: **2 Mar 2026, 14:05** · Failed “Loops” with 100%", *an_event("failed", score_percent=100)
        ),
    },
    "ui.students.findings.watched_in_words": {
        "empty": says("Started · watched share unknown", watched(), 0, 0),
        "one": says("Stopped at 0:01 · 0% watched", watched(stopped=1, share=None), 1, 0),
        "two": says("Stopped at 5:00 · 50% watched · 2:00 played again", watched(stopped=300), 300, 120),
        "all": says("Completed · 100% watched", watched(completed=True), 600, 0),
        "none": says("Started · 0% watched", watched(share=0), 0, 0),
        "unknown": says("Started · watched share unknown", watched(share=None), 0, 0),
        "contradiction": says(
            "Played to the end, not marked as completed · 100% watched", watched(share=100, furthest=600), 0, 0
        ),
    },
    "ui.composer.suggestions.content_about": {
        "empty": says(
            (
                "How is the course going?",
                "I wanted to ask how the course is going for you. Is there anything I could explain better?",
            ),
            "none",
            "",
        ),
        "one": says(
            (
                "Shall we start together?",
                "You enrolled, and have not started the first video yet. Is anything getting in your way? It takes only a few minutes, and I am happy to help.",
            ),
            "never_started",
            "",
        ),
        "two": says(
            (
                "Good to see you back",
                "I noticed that you came back to the course, and I am glad. If you would like to know where to pick up, just ask.",
            ),
            "came_back",
            "",
        ),
        "all": says(
            (
                "You finished the course. Well done!",
                "You completed every video: congratulations! What helped you most, and what was missing? Your answer will make the course better for the next students.",
            ),
            "finished",
            "",
        ),
        "none": says(
            (
                "How are you getting on?",
                "I have not seen you in the course for a while. Did something come up, or was something unclear? Drop me a line, and we will find a way forward.",
            ),
            "silent",
            "",
        ),
        "unknown": CannotBe("a stuck student has a video"),
        "contradiction": CannotBe("a letter follows one signal alone"),
    },
}
