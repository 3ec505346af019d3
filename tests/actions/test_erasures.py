"""An erased student is nowhere any more, and the figures are those of the others."""

import json
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.erasures import NoSuchStudent, erase_student
from actions.notices import mark_seen
from database.engine import engine
from database.erased import erased_hash
from database.storage import NoSuchFile, stored_file
from database.tenancy import tenant_tx
from queries.overview.headline import overview_stats
from queries.students.handed_over import handed_over
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import (
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
    refreshed,
)
from tests.exports import an_export, export_row
from tests.mailing import ask_for_mail, change_mail, mails

pytestmark = pytest.mark.usefixtures("database")

NAME, ADDRESS, OUTSIDE_ID, ASKED = "Adelheid Quux", "adelheid.quux@example.org", "platform-4711", "Why do zebras loop?"
TABLES = text(
    """
    select relname
    from pg_class
    where
        relkind in ('r', 'p')
        and relnamespace = 'public'::regnamespace
    """
)


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_nothing_in_the_database_names_the_student_any_more() -> None:
    creator, student = a_creator_with_a_student_everywhere()
    assert len(named_in(student)) > 15

    receipt = erase_student(a_linked_account(creator), creator.id, student.id)
    refreshed(creator)

    assert named_in(student) == {}
    assert handed_over(creator.id, student.id) is None
    assert receipt.removed["watch_segments"] == receipt.removed["quiz_attempts"] == receipt.removed["students"] == 1
    assert (receipt.removed["chat_messages"], receipt.removed["mail_deliveries"]) == (2, 2)


def test_the_figures_are_those_of_a_creator_without_the_student() -> None:
    creator, student = a_creator_with_a_student_everywhere()

    erase_student(a_linked_account(creator), creator.id, student.id)
    refreshed(creator)

    stats = overview_stats.fresh(creator.id)
    assert (stats.total_students, stats.videos_watched, stats.quizzes_passed, stats.questions_asked) == (1, 1, 1, 1)


def test_files_that_may_name_the_student_are_removed_and_others_stay() -> None:
    creator, student = a_creator_with_a_student_everywhere()
    of_students, of_videos = an_export(creator, "completed"), an_export(creator, "completed", export_type="videos")
    under_way = an_export(creator, "processing", export_type="chat")
    key, kept = (export_row(creator, one)["storage_key"] for one in (of_students, of_videos))

    erase_student(a_linked_account(creator), creator.id, student.id)

    assert [export_row(creator, one)["status"] for one in (of_students, of_videos, under_way)] == [
        "expired",
        "completed",
        "cancelled",
    ]
    assert "Create the file again." in export_row(creator, of_students)["error_message"]
    with pytest.raises(NoSuchFile):
        stored_file(key)
    assert stored_file(kept).size_bytes


def test_what_was_sent_stays_counted_and_what_waits_is_not_sent() -> None:
    creator, student = a_creator_with_a_student_everywhere()

    erase_student(a_linked_account(creator), creator.id, student.id)

    to_student = [mail for mail in mails(creator) if mail["kind"] == "plain"]
    assert sorted((mail["state"], mail["recipient"], mail["subject"]) for mail in to_student) == [
        ("cancelled", "erased", None),
        ("sent", "erased", None),
    ]


def test_while_an_email_is_being_sent_nothing_is_erased() -> None:
    creator, student = a_creator_with_a_student_everywhere()
    change_mail(creator, "state = 'sending', snapshot = '{}', claimed_until = now() where kind = 'plain'")

    with pytest.raises(InputError, match="being sent right now"):
        erase_student(a_linked_account(creator), creator.id, student.id)

    assert handed_over(creator.id, student.id) is not None


def test_the_receipt_knows_the_student_by_a_keyed_hash_alone() -> None:
    creator, student = a_creator_with_a_student_everywhere()

    receipt = erase_student(a_linked_account(creator), creator.id, student.id)

    with tenant_tx(creator.id) as connection:
        row = connection.execute(text("select * from erasures")).mappings().one()
    hashes = [erased_hash(creator.id, known) for known in (str(student.id), OUTSIDE_ID, ADDRESS)]
    assert [row[column] for column in ("id_hash", "external_id_hash", "address_hash")] == hashes
    assert (row["id"], row["removed"]) == (receipt.id, receipt.removed)
    assert erased_hash(uuid4(), OUTSIDE_ID) != hashes[1]


def test_nobody_else_erases_and_nobody_twice() -> None:
    creator, student = a_creator_with_a_student_everywhere()
    author, outsider = a_linked_account(creator), a_creator()

    with pytest.raises(InputError, match="Read-only"):
        erase_student(a_linked_account(outsider), creator.id, student.id)
    with pytest.raises(NoSuchStudent):
        erase_student(a_linked_account(outsider), outsider.id, student.id)
    erase_student(author, creator.id, student.id)
    with pytest.raises(NoSuchStudent):
        erase_student(author, creator.id, student.id)


def test_everything_about_a_student_is_handed_over_and_nothing_about_others() -> None:
    creator, student = a_creator_with_a_student_everywhere()

    told = handed_over(creator.id, student.id)

    assert told is not None
    assert told["student"]["name"] == NAME
    # announcement_skips: the student got every announcement.
    assert [part for part, rows in told.items() if not rows] == ["announcement_skips"]
    assert [message["content"] for message in told["chat_messages"]] == [ASKED, "Because."]
    assert told["quiz_attempts"][0]["answers"][0]["question"] == "Which?"
    assert "Bo Lind" not in json.dumps(told)
    assert handed_over(a_creator().id, student.id) is None


@pytest.mark.parametrize("kind", ["erased", "handed over"])
def test_every_table_with_a_student_an_address_or_a_raw_body_is_thought_of(kind: str) -> None:
    """Folds, which follow their sources, are recognised by `generation`."""
    from actions.erasures import COUNTED, REMOVED
    from queries.students.handed_over import PARTS

    with engine().connect() as connection:
        tables = set(
            connection.execute(
                text(
                    """
                    select table_name
                    from information_schema.columns
                    where
                        table_schema = 'public'
                        and column_name in (
                            'student_id', 'recipient_key', 'email_key', 'email', 'actor', 'actors', 'row', 'told',
                            'raw', 'body', 'statement', 'document', 'value', 'sample', 'samples', 'payload', 'content'
                        )
                        and table_name in (select relname from pg_class where relkind in ('r', 'p'))
                        and table_name not in (
                            select table_name from information_schema.columns where column_name = 'generation'
                        )
                    """
                )
            ).scalars()
        )

    thought_of = {*COUNTED, *REMOVED} if kind == "erased" else {*PARTS, "mail_deliveries", "students", *DERIVED}
    assert tables - thought_of - OF_CREATORS == set()


def a_creator_with_a_student_everywhere() -> tuple[ACreator, Row]:
    """One student with a row in every table that may have one, and another who did the same."""
    ada, bo = a_student(NAME, email=ADDRESS, external_id=OUTSIDE_ID), a_student("Bo Lind", email="bo@example.org")
    video = a_video("Loops")
    quiz = a_quiz(video=video)
    question = a_quiz_question(quiz, "Which?")
    creator = a_creator(
        ada,
        bo,
        video,
        quiz,
        question,
        [
            (
                a_watch(one, video, days_ago=2),
                a_progress(one, video, days_ago=1, watch_percentage=80),
                an_attempt(one, quiz, days_ago=1, passed=True, answers={question: True}),
                an_event(one, days_ago=3),
            )
            for one in (ada, bo)
        ],
        a_chat(a_question(ASKED, video=video), an_answer("Because."), student=ada, days_ago=1),
        a_chat(a_question("How?", video=video), an_answer("So."), student=bo, days_ago=1),
    )
    ask_for_mail(creator, ADDRESS, student_id=ada.id, payload={"name": NAME})
    change_mail(creator, f"state = 'sent', subject = 'Hello {NAME}', snapshot = '{{\"text\": \"Hello {NAME}\"}}'")
    ask_for_mail(creator, ADDRESS.upper(), about="later", student_id=ada.id)
    an_export(creator, "failed", export_type="progress", format="pdf", filters={"student_id": str(ada.id)})
    with tenant_tx(creator.id) as connection:
        for statement in OWN_ROWS:
            connection.execute(text(statement), {"id": creator.id, "student": ada.id, "address": ADDRESS})
    with engine().begin() as connection:  # nobody sets rows aside any more
        connection.execute(text(SET_ASIDE), {"id": creator.id, "student": str(ada.id)})
    mark_seen(a_linked_account(creator), creator.id, [f"at_risk:{ada.id}"])
    return creator, ada


OF_CREATORS = {"announcements", "announcement_drafts", "dashboard_users"}  # their own texts and addresses
# From name and address, which are handed over; what is kept of archived rows is handed over from their files.
DERIVED = {"student_words", "closed_chat_messages", "closed_chat_sessions", "closed_events"}

SET_ASIDE = (
    "insert into refused_rows (creator_id, table_name, row, reason)"
    " values (:id, 'watch_segments', jsonb_build_object('student_id', cast(:student as text)), 'of 1970')"
)
OWN_ROWS = (
    "insert into imports (creator_id, number, door, author_name, file_name)"
    f" values (:id, 1, 'csv', 'Ira Bloom', 'Report on {NAME}.csv')",
    "insert into import_errors (creator_id, import_number, line, place, column_name, value, rule)"
    f" values (:id, 1, 2, 0, 'email', 'mail to {ADDRESS.upper()}', 'It must be an address.')",
    "insert into said_rows (creator_id, relation, key, place, student_id, told)"
    f" values (:id, 'students', cast(:student as text), 0, :student, jsonb_build_object('name', '{NAME}'))",
    "insert into mail_suppressions (creator_id, recipient_key, kind, reason)"
    " values (:id, :address, 'plain', 'unsubscribed')",
    "insert into invitations (creator_id, email, email_key, expires_at, accepted_at, student_id)"
    " values (:id, :address, :address, now(), now(), :student)",
    "insert into digest_items (creator_id, week_start, kind, subject_key)"
    " values (:id, '2026-03-02', 'student', cast(:student as text))",
    "insert into alerted_notices (creator_id, notice_key, alert_date)"
    " values (:id, concat('at_risk:', cast(:student as text)), '2026-03-02')",
    "insert into announcement_drafts (creator_id, recipients)"
    " values (:id, jsonb_build_object('students', jsonb_build_array(cast(:student as text), 'another')))",
    "insert into mail_deliveries (creator_id, kind, period_start, recipient, recipient_key, due_at, next_attempt_at,"
    " state, subject, snapshot, payload)"
    f" values (:id, 'announcement_trial', '2026-03-02', 'me@example.org', 'me@example.org', now(), now(), 'sent',"
    f" 'Hello {NAME}', jsonb_build_object('text', '{NAME}'), jsonb_build_object('student_id', cast(:student as text)))",
    "insert into export_logs (creator_id, export_type, format, status, filters)"
    f" values (:id, 'students', 'csv', 'failed', '{{\"search\": \"{NAME}\"}}')",
)


def named_in(student: Row) -> dict[str, list[Any]]:
    """Rows that contain anything that identifies the student, by table."""
    marks = [str(student.id), OUTSIDE_ID, NAME, ADDRESS, "zebras"]
    with engine().connect() as connection:
        found = {}
        for table in connection.execute(TABLES).scalars().all():
            rows = connection.execute(text(f"select to_jsonb(t)::text from {table} as t")).scalars().all()
            if holding := [row for row in rows if any(mark.lower() in row.lower() for mark in marks)]:
                found[table] = holding
        return found
