"""A creator for whom every query returns something: as much missing as the schema allows, next to what is known."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from actions.mail_suppressions import suppress
from database.failures import Failure, Item, note_failure
from database.tenancy import tenant_tx
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
    refreshed,
)
from tests.exports import an_export

PUPILS = 12
MAIL = """
    insert into mail_deliveries (
        creator_id, kind, about, period_start, recipient, recipient_key, state, due_at, next_attempt_at, subject,
        reason, smtp_reply, sent_at, student_id
    )
    values (
        :creator, :kind, :about, '2026-03-01', :state || '@example.org', :state || '@example.org', :state, :at,
        :at, cast(:said as text), cast(:said as text), cast(:said as text), cast(:sent_at as timestamptz),
        cast(:student as uuid)
    )
"""
SKIP = "insert into announcement_skips values (:creator, cast(:about as uuid), :skipped, 'recently_messaged')"
INVITED = """
    insert into invitations (creator_id, id, email, email_key, expires_at, accepted_at, student_id)
    values
        (:creator, :invitation, 'open@example.org', 'open@example.org', :at, null, null),
        (:creator, gen_random_uuid(), 'here@example.org', 'here@example.org', :at, :at, :student)
"""
NOTED = """
    insert into audit_log (creator_id, action, detail)
    values (:creator, 'dashboard opened', '{}'), (:creator, 'account disabled', '{"about": "Somebody"}')
"""
MESSAGES = """
    insert into mail_deliveries (
        creator_id, kind, about, period_start, recipient, recipient_key, student_id, state, due_at, next_attempt_at,
        reason, sent_at
    )
    select
        :creator, 'announcement', :about, '2026-03-01', state || '@example.net', state || '@example.net', :student,
        state, :at, :at, reason, cast(sent_at as timestamptz)
    from (values ('sent', null, :at), ('failed', 'Refused.', null)) as planted (state, reason, sent_at)
"""
INVITATIONS = """
    with invited as (
        insert into invitations (creator_id, email, email_key, expires_at, accepted_at, withdrawn_at, student_id)
        values
            (:creator, 'x@example.net', 'x@example.net', :at, :at, null, :student),
            (:creator, 'y@example.net', 'y@example.net', :at, null, :at, null)
        returning id, withdrawn_at
    )

    insert into mail_deliveries (
        creator_id, kind, about, period_start, recipient, recipient_key, state, due_at, next_attempt_at, reason
    )
    select
        :creator, 'invitation', id::text, '2026-03-01', 'y@example.net', 'y@example.net', 'cancelled', :at, :at, 'Gone.'
    from invited
    where withdrawn_at is not null
"""
ANNOUNCEMENT = """
    insert into announcements (creator_id, id, subject, body, audience, due_at, cancelled_at)
    values (:creator, :id, 'A reminder', 'Hello', 'everybody', :at, cast(:cancelled_at as timestamptz))
"""
ERASURE = """
    insert into erasures (creator_id, id_hash, external_id_hash, author_name, removed)
    values (:creator, 'x', 'y', 'Ira Bloom', '{"students": 1}')
"""
ARCHIVED = """
    with chosen as (insert into archive_choices (creator_id, kind, is_on) values (:creator, 'chat', true))

    insert into archives (creator_id, kind, state, storage_key, sha256, size_bytes, row_count, earliest_at, latest_at)
    values (:creator, 'activity', 'closed', 'x', 'x', 1, 1, :at, :at)
"""
LEFT = "update enrolments set ended_at = :at, access_expires_at = :at where student_id = :student"


@dataclass(frozen=True)
class Asked:
    """A creator, and the ids that the queries are called with: each of them in turn."""

    creator_id: UUID
    account_id: UUID
    staff_id: UUID
    announcement_id: UUID
    student_ids: tuple[UUID, ...]
    video_ids: tuple[UUID, ...]
    quiz_ids: tuple[UUID, ...]


def a_creator_with_gaps() -> Asked:
    people, videos, quizzes = _people(), _videos(), _quizzes()
    for name in ("loops", "empty"):
        quizzes[name].values["video_id"] = videos["loops"].id
    creator = a_creator(
        list(people.values()),
        list(videos.values()),
        list(quizzes.values()),
        _watched(people, videos),
        _tried(people, quizzes),
        _asked(people, videos),
        _seen(people),
    )
    announcement_id = _beside_the_figures(creator, people["pupil 11"].id, people["dee"].id)
    return Asked(
        refreshed(creator).id,
        a_linked_account(creator).id,
        a_linked_account().id,
        announcement_id,
        tuple(person.id for person in people.values()),
        tuple(video.id for video in videos.values()),
        tuple(quiz.id for quiz in quizzes.values()),
    )


def _people() -> dict[str, Row]:
    pupils = {f"pupil {number}": a_student(f"Pupil {number}", enrolled_days_ago=60) for number in range(PUPILS)}
    named = {
        "ada": a_student("Ada Moss", enrolled_days_ago=90),
        "bo": a_student("Bo Lind", enrolled_days_ago=90),
        "cy": a_student("Cy Hart", enrolled_days_ago=60, email=None),
        "dee": a_student("Dee Osei", enrolled_days_ago=90),
        "eli": a_student("Eli Novak", enrolled_days_ago=90),
        "fay": a_student("Fay Roy", enrolled_days_ago=60, email=None),
    }
    return named | pupils


def _videos() -> dict[str, Row]:
    known = {
        "transcript": "Loops run. " * 20,
        "category": "Basics",
        "tags": ["loops"],
        "difficulty_level": "beginner",
    }
    return {
        "loops": a_video(**known),
        "curve": a_video("Curve", position=1, duration_seconds=None),
        "last": a_video("Last one", position=2),
        "failed": a_video("Broken one", position=3, status="failed"),
    }


def _quizzes() -> dict[str, Row]:
    return {"loops": a_quiz(), "second": a_quiz("Second"), "third": a_quiz("Third"), "empty": a_quiz("Empty one")}


def _watched(people: dict[str, Row], videos: dict[str, Row]) -> list[object]:
    """Most stop at one place of the first video, some play a part again; little is known of the others."""
    pupils = [person for name, person in people.items() if name.startswith("pupil")]
    return [
        [a_watch(pupil, videos["loops"], days_ago=9, seconds=300) for pupil in pupils],
        [a_watch(pupil, videos["loops"], days_ago=9.5, start_second=100, seconds=60) for pupil in pupils],
        [a_watch(pupil, videos["loops"], days_ago=9.7, start_second=100, seconds=60) for pupil in pupils],
        a_watch(people["ada"], videos["loops"], days_ago=20, seconds=600),
        a_watch(people["fay"], videos["loops"], days_ago=9, seconds=300),
        a_progress(people["ada"], videos["loops"], days_ago=20, completed=True, watch_percentage=100),
        a_progress(people["ada"], videos["curve"], days_ago=2, completed=True),
        a_progress(people["ada"], videos["last"], days_ago=2, completed=True),
        [a_progress(pupil, videos["curve"], days_ago=9) for pupil in pupils[:6]],
        a_retention_curve({0: 100, 50: 60, 100: 40}, videos["curve"]),
    ]


def _tried(people: dict[str, Row], quizzes: dict[str, Row]) -> list[object]:
    """The first quiz is mostly failed, with one wrong-looking answer key, one unknown key, and answers left empty."""
    first = quizzes["loops"]
    known, open_, easy = (
        a_quiz_question(first, "Known?"),
        a_quiz_question(first, "Open?", position=1, kind="fill_in_the_blank", options="[]", correct_answer=None),
        a_quiz_question(first, "Easy?", position=2),
    )
    unasked = a_quiz_question(first, "Never asked?", position=3)
    pupils = [person for name, person in people.items() if name.startswith("pupil")]
    tried = [
        an_attempt(pupil, first, passed=False, days_ago=9, answers={known: n > 8, open_: n % 2 > 0, easy: n < 10})
        for n, pupil in enumerate(pupils)
    ]
    left_empty = tried[0][2]
    left_empty.values["answer"] = None
    failing = people["dee"]
    return [
        [known, open_, easy, unasked],
        tried,
        [an_attempt(failing, quiz, passed=False, days_ago=1) for quiz in list(quizzes.values())[:3]],
        an_attempt(people["fay"], first, passed=False, days_ago=9),
        an_attempt(people["ada"], quizzes["second"], time_taken_seconds=None, days_ago=2),
    ]


def _asked(people: dict[str, Row], videos: dict[str, Row]) -> list[object]:
    """A question that three ask, one that a student repeats, and some without an answer, a rating or a video."""
    many = [a_question("What is recursion?", rating=0.2, video=videos["loops"]), an_answer()]
    return [
        [a_chat(*_again(many), student=people[f"pupil {number}"], days_ago=3) for number in range(4)],
        [a_chat(a_question("Why so slow?"), student=people["bo"], days_ago=days) for days in (3, 4, 5)],
        [a_chat(a_question("Why so slow?"), student=people["dee"], days_ago=1)],
        [a_chat(a_question("And this?", video=videos["failed"]), student=people["bo"], days_ago=6)],
        a_chat(a_question("And that?", video=videos["loops"]), student=people["bo"], days_ago=6),
    ]


def _again(messages: list[Row]) -> list[Row]:
    return [Row(message.table, message.values | {"id": uuid4()}) for message in messages]


def _seen(people: dict[str, Row]) -> list[Row]:
    """Dee came back after a long time away; Eli is away and has a rhythm; Cy never came."""
    return [
        *(an_event(people["dee"], days_ago=days) for days in (50, 48, 46, 2)),
        *(an_event(people["eli"], days_ago=days) for days in (40, 38, 36, 10)),
        *(an_event(people["bo"], days_ago=days) for days in (40, 38, 36, 34)),
    ]


def _beside_the_figures(creator: ACreator, student_id: UUID, back_id: UUID) -> UUID:
    """Emails, invitations, an ended enrolment, exports, a failure. Returns the id of an announcement."""
    announcement_id, cancelled_id, invitation_id, at = uuid4(), uuid4(), uuid4(), NOW - timedelta(days=2)
    scope = {"creator": creator.id, "at": at}
    with tenant_tx(creator.id) as connection:
        connection.execute(text(ANNOUNCEMENT), scope | {"id": announcement_id, "cancelled_at": None})
        connection.execute(text(ANNOUNCEMENT), scope | {"id": cancelled_id, "cancelled_at": at})
        about = scope | {"kind": "announcement", "about": str(announcement_id)}
        connection.execute(text(MAIL), about | {"state": "sent", "said": "Said", "sent_at": at, "student": back_id})
        connection.execute(text(MAIL), about | {"state": "pending", "said": None, "sent_at": None, "student": None})
        connection.execute(text(SKIP), about | {"skipped": student_id})
        connection.execute(text(INVITED), scope | {"student": student_id, "invitation": invitation_id})
        invited = {"kind": "invitation", "about": str(invitation_id), "student": None}
        connection.execute(text(MAIL), scope | invited | {"state": "sent", "said": None, "sent_at": at})
        connection.execute(text(NOTED), scope)
        suppress(connection, creator.id, "gone@example.org", "bounced")
        connection.execute(text(ERASURE), scope)
        connection.execute(text(ARCHIVED), {"creator": creator.id, "at": NOW})
        before = {"student": back_id, "at": NOW - timedelta(days=5)}
        connection.execute(text(MESSAGES), about | before)
        suppress(connection, creator.id, "ada@example.org", "unsubscribed", "announcement")
        connection.execute(text(INVITATIONS), scope | {"student": back_id})
        connection.execute(text(LEFT), {"at": at, "student": student_id})
    an_export(creator, "completed", days_ago=1)
    an_export(creator, "failed", days_ago=1, error_message="No room.")
    note_failure(Failure("refresh", Item(creator.id, "one"), "Failed.", ""))
    note_failure(Failure("job", Item(None, "other"), "Failed.", ""))
    return announcement_id
