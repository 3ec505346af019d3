"""Everything stored about one student, to hand over to them."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.archive_files import archived_rows
from database.mail_addresses import address_key
from database.statements import sql
from database.tenancy import tenant_snapshot_tx
from sources.landing import known_as

STUDENT = text("select to_jsonb(students) from students where creator_id = :creator_id and id = :student_id")
# Parts by their name in the file. Titles are next to ids, so that it is readable on its own.
PARTS = {
    "enrolments": """
        select
            to_jsonb(enrolments) || jsonb_build_object('course', courses.title, 'run', course_runs.title)
        from enrolments
        join course_runs
            on course_runs.creator_id = enrolments.creator_id
            and course_runs.id = enrolments.run_id
        join courses
            on courses.creator_id = course_runs.creator_id
            and courses.id = course_runs.course_id
        where
            enrolments.creator_id = :creator_id
            and enrolments.student_id = :student_id
        order by enrolments.enrolled_at
    """,
    "video_progress": """
        select to_jsonb(video_progress) || jsonb_build_object('video', videos.title)
        from video_progress
        join videos
            on videos.creator_id = video_progress.creator_id
            and videos.id = video_progress.video_id
        where
            video_progress.creator_id = :creator_id
            and video_progress.student_id = :student_id
        order by videos.position
    """,
    "watch_segments": """
        select to_jsonb(watch_segments)
        from watch_segments
        where
            creator_id = :creator_id
            and student_id = :student_id
        order by watched_at
    """,
    "activity_events": """
        select to_jsonb(activity_events)
        from activity_events
        where
            creator_id = :creator_id
            and student_id = :student_id
        order by occurred_at
    """,
    "quiz_attempts": """
        select
            to_jsonb(quiz_attempts)
            || jsonb_build_object(
                'quiz', quizzes.title,
                'answers', (
                    select jsonb_agg(
                        to_jsonb(quiz_answers) || jsonb_build_object('question', quiz_questions.prompt)
                        order by quiz_questions.position
                    )
                    from quiz_answers
                    join quiz_questions
                        on quiz_questions.creator_id = quiz_answers.creator_id
                        and quiz_questions.id = quiz_answers.question_id
                    where
                        quiz_answers.creator_id = quiz_attempts.creator_id
                        and quiz_answers.attempt_id = quiz_attempts.id
                )
            )
        from quiz_attempts
        join quizzes
            on quizzes.creator_id = quiz_attempts.creator_id
            and quizzes.id = quiz_attempts.quiz_id
        where
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.student_id = :student_id
        order by quiz_attempts.completed_at
    """,
    "chat_sessions": """
        select to_jsonb(chat_sessions)
        from chat_sessions
        where
            creator_id = :creator_id
            and student_id = :student_id
    """,
    # From other people, only the answers in the student's own conversations.
    "chat_messages": """
        select to_jsonb(chat_messages)
        from chat_messages
        where
            creator_id = :creator_id
            and (
                student_id = :student_id
                or (
                    student_id is null
                    and session_id in (
                        select id
                        from chat_sessions
                        where
                            creator_id = :creator_id
                            and student_id = :student_id
                    )
                )
            )
        order by created_at
    """,
    "emails": """
        select
            jsonb_build_object(
                'kind', kind,
                'recipient', recipient,
                'subject', subject,
                'text', snapshot -> 'text',
                'state', state,
                'due_at', due_at,
                'sent_at', sent_at
            )
        from mail_deliveries
        where
            creator_id = :creator_id
            and (student_id = :student_id or recipient_key = :address_key)
        order by created_at
    """,
    "announcement_skips": """
        select to_jsonb(announcement_skips)
        from announcement_skips
        where
            creator_id = :creator_id
            and student_id = :student_id
    """,
    "invitations": """
        select to_jsonb(invitations) - 'author_id'
        from invitations
        where
            creator_id = :creator_id
            and (student_id = :student_id or email_key = :address_key)
    """,
    "mail_suppressions": """
        select to_jsonb(mail_suppressions)
        from mail_suppressions
        where
            creator_id = :creator_id
            and recipient_key = :address_key
    """,
}
PARTS |= {
    # What imports said about the student's rows, where several did.
    "said_rows": """
        select to_jsonb(said_rows) - 'creator_id'
        from said_rows
        where
            creator_id = :creator_id
            and student_id = :student_id
        order by
            relation,
            key,
            place
    """,
    "import_errors": """
        select to_jsonb(import_errors) - 'creator_id'
        from import_errors
        where
            creator_id = :creator_id
            and exists (
                select
                from unnest(cast(:known_as as text[])) as known (name)
                where
                    lower(trim(import_errors.value)) = lower(known.name)
                    or (
                        length(known.name) >= 4
                        and position(lower(known.name) in lower(import_errors.value)) > 0
                    )
            )
        order by
            import_number,
            line
    """,
    # Rows with an impossible time, which an upgrade set aside.
    "refused_rows": """
        select row
        from refused_rows
        where
            creator_id = :creator_id
            and position(:student_text in row::text) > 0
    """,
}
ARCHIVES = text(sql("queries/students/archived"))
PART_STATEMENTS = {part: text(statement) for part, statement in PARTS.items()}


def handed_over(creator_id: UUID, student_id: UUID) -> dict[str, Any] | None:
    """What is stored about a student, by part, all from one instant; None if unknown or another creator's.

    `student` is one object, every other part a list; what is archived is in its part. Never cached: it is asked for
    seldom, and is personal. Raises StorageError if an archive cannot be read.
    """
    scope: dict[str, Any] = {"creator_id": creator_id, "student_id": student_id}
    with tenant_snapshot_tx(creator_id) as connection:
        student = connection.execute(STUDENT, scope).scalar()
        if student is None:
            return None
        scope |= {
            "address_key": address_key(student["email"]) if student["email"] else None,
            "student_text": str(student_id),
            "known_as": known_as(student),
        }
        parts = {name: connection.execute(statement, scope).scalars() for name, statement in PART_STATEMENTS.items()}
        told = {name: list(rows) for name, rows in parts.items()}
        for part, rows in _archived(connection, scope).items():
            told[part] = rows + told[part]
        return {"student": student} | told


def _archived(connection: Connection, scope: dict[str, Any]) -> dict[str, list[Any]]:
    """What the archives hold of the student, by part, oldest archive first."""
    told: dict[str, list[Any]] = {"chat_sessions": [], "chat_messages": [], "activity_events": []}
    student = str(scope["student_id"])
    for archive in connection.execute(ARCHIVES, scope).all():
        for row in archived_rows(archive.storage_key, archive.sha256):
            if archive.kind == "activity":
                told["activity_events"] += [row] * (row["student_id"] == student)
                continue
            told["chat_sessions"] += [row["session"]] * (row["session"]["student_id"] == student)
            told["chat_messages"] += [said for said in row["messages"] if said["student_id"] == student]
    return told
