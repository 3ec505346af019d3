"""Creators at the edges of what a sentence may claim: nobody, one, two, all of them, none active, contradictions."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from actions.announcements import Recipient, Sending, announce
from actions.invitations import invite
from actions.preferences import save_preferences
from database.accounts import Account
from database.announcements import Announcement
from database.frames import records
from queries.mails.announcement_audience import AudienceRow, audience
from rules.preferences import Preferences
from tests.accounts import a_linked_account
from tests.builders import (
    NOW,
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_retention_curve,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)
from tests.findings.everything_found import everything_found
from tests.queries.overview.test_notices import an_export
from tests.rows import Rows, flat

ANNOUNCED, BODY = "Hello again", "The next part is here."
ANNOUNCED_MAIL = Announcement(ANNOUNCED, BODY)
NAMES = ("Ada Moss", "Bo Lind", "Cy Hart", "Di Voss", "Ed Rook", "Flo Ash", "Gus Pell")
OPTIONS = ("ten times", "once", "never")  # of tests.rows.a_quiz_question


@dataclass(frozen=True)
class Planted:
    """A creator with what pages ask for by id, and every text that people wrote."""

    creator: ACreator
    account: Account
    student_id: UUID | None
    video_id: UUID
    quiz_id: UUID
    announcement_id: UUID | None
    written: tuple[str, ...]

    def address(self, page: str) -> dict[str, str] | None:
        """The parameters of the page; None where there is nothing of its kind."""
        ids = {
            "student": self.student_id,
            "video": self.video_id,
            "quiz": self.quiz_id,
            "quiz_edit": self.quiz_id,
            "announcement": self.announcement_id,
        }
        if page not in ids:
            return {}
        return {"id": str(ids[page])} if ids[page] else None


def planted(rows: Rows) -> Planted:
    every = flat(rows)
    creator = a_creator(every)
    account = a_linked_account(creator)
    save_preferences(account, creator.id, Preferences(is_digest_on=True, is_alert_mail_on=True))
    an_export(creator, "completed", NOW)
    invite(account, creator.id, ["new@example.org"], "UTC")
    students = [row.id for row in every if row.table == "students"]
    announcement_id = _announced(account, creator, students)
    return Planted(
        creator,
        account,
        students[0] if students else None,
        _first(every, "videos"),
        _first(every, "quizzes"),
        announcement_id,
        (*_texts(every), *OPTIONS, creator.name, "Ira Bloom", account.email or "", "new@example.org", ANNOUNCED, BODY),
    )


def _announced(account: Account, creator: ACreator, students: list[UUID]) -> UUID | None:
    if not students:
        return None
    sending = Sending(uuid4(), ANNOUNCED_MAIL, "All students", NOW, "UTC")
    found = records(audience(creator.id, students, 0), AudienceRow)
    announce(account, creator.id, sending, [Recipient(row.student_id, row.email, row.skipped_because) for row in found])
    return sending.id


def _first(rows: list[Row], table: str) -> UUID:
    return next(row.id for row in rows if row.table == table)


def _texts(rows: list[Row]) -> list[str]:
    columns = ("name", "email", "title", "transcript", "content", "prompt", "category", "external_id")
    return [text for row in rows for column in columns if (text := row.values.get(column))]


def a_course() -> tuple[Row, Row, Row, Row]:
    """Two videos, and a quiz of one question."""
    loops, sorting = a_video("Loops"), a_video("Sorting", position=1)
    quiz = a_quiz("Loops quiz", video=loops)
    return loops, sorting, quiz, a_quiz_question(quiz)


def nobody() -> Rows:
    return a_course()


def of_students(count: int) -> Rows:
    """Each has watched, failed, asked, and been away for nine days."""
    loops, sorting, quiz, question = a_course()
    people = [a_student(name) for name in NAMES[:count]]
    return [
        *people,
        (loops, sorting, quiz, question),
        *(a_watch(one, loops, days_ago=9, seconds=300) for one in people),
        *(an_attempt(one, quiz, passed=False, days_ago=9, answers={question: False}) for one in people),
        *(a_chat(a_question(rating=0, video=loops), an_answer(), student=one, days_ago=9) for one in people),
    ]


def everybody_finished() -> Rows:
    loops, sorting, quiz, question = a_course()
    people = [a_student(name) for name in NAMES]
    return [
        *people,
        (loops, sorting, quiz, question),
        *(a_watch(one, video, days_ago=2, seconds=600) for one in people for video in (loops, sorting)),
        *(
            a_progress(one, video, days_ago=2, watch_percentage=100, completed=True)
            for one in people
            for video in (loops, sorting)
        ),
        *(an_attempt(one, quiz, score_percent=100, days_ago=2, answers={question: True}) for one in people),
        *(a_chat(a_question(rating=1, video=loops), an_answer(), student=one, days_ago=2) for one in people),
    ]


def nobody_active() -> Rows:
    """Enrolled long ago; some were seen once, others never."""
    people = [a_student(name, enrolled_days_ago=90) for name in NAMES]
    return [*people, a_course(), *(an_event(one, days_ago=60) for one in people[:3])]


def just_enrolled() -> Rows:
    """Nobody has started, and nobody could be away yet."""
    return [*(a_student(name, enrolled_days_ago=1) for name in NAMES), a_course()]


def contradictory() -> Rows:
    """The platform says that all is watched, and no second was played; quizzes without a single question asked."""
    loops, sorting, quiz, question = a_course()
    people = [a_student(name) for name in NAMES]
    return [
        *people,
        (loops, sorting, quiz, question),
        *(a_progress(one, loops, days_ago=1, watch_percentage=100, watch_duration=0) for one in people),
        a_retention_curve({0: 100, 50: 100, 100: 100}, loops),
        *(an_attempt(one, quiz, passed=True, score_percent=0, days_ago=1) for one in people),
    ]


CREATORS: dict[str, Callable[[], Rows]] = {
    "nobody": nobody,
    "one": lambda: of_students(1),
    "two": lambda: of_students(2),
    "everybody finished": everybody_finished,
    "nobody active": nobody_active,
    "just enrolled": just_enrolled,
    "contradictory": contradictory,
    "everything found": everything_found,
}
