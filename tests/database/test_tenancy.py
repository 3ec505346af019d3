"""One creator never sees, writes or calculates another's rows, and no role can do more than it must."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from database.clock import as_of
from database.engine import engine
from database.frames import one_row
from database.refresh import REBUILD
from database.tenancy import directory_tx, one_reading, platform_tx, reading_tx, tenant_snapshot_tx, tenant_tx
from tests.builders import (
    ACreator,
    a_chat,
    a_creator,
    a_file,
    a_question,
    a_quiz_question,
    a_retention_curve,
    a_student,
    a_video,
    a_watch,
    add,
    an_answer,
    an_attempt,
    an_event,
)
from tests.database.portions import a_portion
from tests.one_connection import one_connection_per_thread
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

TENANT_RELATIONS = text(
    """
    -- Every table and view with an owner, whether or not a test knows it.
    select distinct
        relname,
        relkind::text as kind,
        case relname when 'creators' then 'id' else 'creator_id' end as owner_column
    from pg_class
    join pg_attribute on attrelid = pg_class.oid
    where
        relnamespace = 'public'::regnamespace
        and relkind in ('r', 'p', 'v')
        and (attname = 'creator_id' or relname = 'creators')
        and not attisdropped
    """
)
SCOPE = text("select set_config('app.creator_id', :id, true)")
DIRECTORY_ONLY = {"api_keys", "dashboard_users", "refused_rows", "report_run_creators"}  # nothing for a creator
LEARNER_TABLES = (
    "students",
    "student_words",
    "videos",
    "video_progress",
    "watch_segments",
    "retention_points",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "closed_chat_sessions",
    "closed_chat_messages",
    "closed_events",
    "every_chat_session",
    "every_chat_message",
    "quizzes",
    "quiz_questions",
    "quiz_attempts",
    "quiz_answers",
    "student_totals",
    "enrolled_students",
    "watched_videos",
    "views",
    "student_days",
    "visits",
    "days",
    "video_totals",
    "conversations",
    "asked_questions",
    "question_askers",
    "dated_attempts",
    "taken_quizzes",
    "first_answers",
    "question_editions",
    "markings",
    "answer_verdicts",
    "attempt_verdicts",
    "quiz_takers",
    "creator_preferences",
    "chosen_courses",
    "archive_choices",
    "archives",
    "export_logs",
    "mail_deliveries",
    "mail_suppressions",
    "digest_items",
    "announcement_drafts",
    "announcements",
    "announcement_skips",
    "invitations",
    "alerted_notices",
    "event_receipts",
    "door_counts",
    "refused_rows",
    "student_engagement_tiers",
)
OWN_ROWS = (
    "insert into creator_preferences (creator_id) values (:id)",  # this leaves a stale mark and a mail schedule too
    "insert into export_logs (creator_id, export_type, format) values (:id, 'students', 'csv')",
    "insert into audit_log (creator_id, action) values (:id, 'looked')",
    "insert into mail_deliveries (creator_id, kind, period_start, recipient, recipient_key, due_at, next_attempt_at)"
    " values (:id, 'digest', '2026-03-02', 'a@example.org', 'a@example.org', now(), now())",
    "insert into mail_suppressions (creator_id, recipient_key, kind, reason)"
    " values (:id, 'a@example.org', 'digest', 'unsubscribed')",
    "insert into digest_items (creator_id, week_start, kind, subject_key) values (:id, '2026-03-02', 'quiz', 'x')",
    "insert into announcement_drafts (creator_id, subject) values (:id, 's')",
    "insert into announcements (creator_id, subject, body, audience, due_at) values (:id, 's', 'b', 'All', now())",
    "insert into announcement_skips (creator_id, announcement_id, student_id, reason)"
    " select :id, announcements.id, students.id, 'no_address' from announcements cross join students",
    "insert into invitations (creator_id, email, email_key, expires_at) values (:id, 'b@c.de', 'b@c.de', now())",
    "insert into alerted_notices (creator_id, notice_key, alert_date) values (:id, 'x', '2026-03-02')",
    "insert into archive_choices (creator_id, kind, is_on) values (:id, 'chat', true)",
    "insert into archives (creator_id, kind, storage_key) values (:id, 'activity', 'x')",
    "insert into closed_chat_sessions (creator_id, id, student_id, started_at, archive_id)"
    " select :id, gen_random_uuid(), students.id, '2025-01-01', archives.id from archives cross join students",
    "insert into closed_chat_messages (creator_id, id, session_id, student_id, role, content, created_at, sequence)"
    " select :id, gen_random_uuid(), id, student_id, 'user', 'Why?', started_at, 1 from closed_chat_sessions",
    "insert into closed_events (creator_id, student_id, first_at, last_at, event_ids, instants, archive_id)"
    " select :id, student_id, started_at, started_at, array[id], array[started_at], archive_id"
    " from closed_chat_sessions",
    "insert into erasures (creator_id, id_hash, external_id_hash, author_name, removed)"
    " values (:id, 'x', 'y', 'z', '{}')",
    "insert into imports (creator_id, number, door, author_name) values (:id, 1, 'csv', 'Ira Bloom')",
    "insert into import_errors (creator_id, import_number, line, place, rule) values (:id, 1, 2, 0, 'r')",
    "insert into said_rows (creator_id, relation, key, place, told) values (:id, 'videos', 'k', 0, '{}')",
    "insert into same_rows (creator_id, import_number, relation, portion, key_hashes)"
    " values (:id, 1, 'videos', 9, 'x')",
    "update quiz_questions set correct_answer = 'never'",  # of an answered question: this leaves an earlier edition
    "insert into markings (creator_id, question_id, edition, number, marked_by)"
    " select :id, id, 1, 1, gen_random_uuid() from quiz_questions",
    "insert into answer_verdicts (creator_id, attempt_id, question_id, verdict, is_correct)"
    " select :id, attempt_id, question_id, 0, is_correct from quiz_answers",
    "insert into mappings (creator_id, name, version, document, content_version)"
    " values (:id, 'Roster', 1, jsonb_build_object('name', 'Roster'), 'abc')",
    "insert into uploads (creator_id, video_id, file_name, modified_ms, extension)"
    " select :id, id, 'a.mp4', 0, 'mp4' from videos limit 1",
    "insert into file_imports (creator_id, upload_id, document)"
    " select :id, id, jsonb_build_object('name', 'Roster') from uploads",
    "insert into upload_parts (creator_id, upload_id, number, size_bytes, sha256)"
    " select :id, id, 0, 1, repeat('0', 64) from uploads",
    "insert into xapi_statements"
    " (creator_id, id, key_id, stored_at, statement, content_key, verb_key, activities, verb, meaning)"
    " values (:id, :id, :id, now(), '{}', :id, :id, '', 'v', 'unknown')",
    "insert into xapi_mentions (creator_id, agent_key, statement_id) values (:id, :id, :id)",
    "insert into xapi_attachments (creator_id, statement_id, sha2, content_type, content)"
    " values (:id, :id, 'x', 'text/plain', 'x')",
    "insert into xapi_marks (creator_id, group_key) values (:id, :id)",
    "insert into xapi_groups (creator_id, group_key, actor_key, written, refused) values (:id, :id, :id, '{}', '{}')",
    "insert into xapi_documents (creator_id, place, document_id, kind, content_type, content, etag, updated_at)"
    " values (:id, :id, 'x', 'state', 'text/plain', 'x', 'x', now())",
    "insert into xapi_usage (creator_id, slot, bytes) values (:id, 1, 1)",
    "insert into xapi_unkept (creator_id, on_date, reason, statements) values (:id, '2026-03-02', 'x', 1)",
    "insert into xapi_home_pages (creator_id, home_page) values (:id, 'https://school.example')",
    "insert into attempt_verdicts (creator_id, attempt_id, verdict, score_percent, passed)"
    " select :id, id, 0, score_percent, passed from quiz_attempts",
    "insert into event_receipts (creator_id, id, digest, received_at, skew_minutes)"
    " values (:id, gen_random_uuid(), gen_random_uuid(), now(), 0)",
    "insert into door_counts (creator_id, door, hour_at, outcome, slot, events, last_heard_at)"
    " values (:id, 'events', now(), 'accepted', 0, 1, now())",
)
ADD_ACCOUNT = text(
    "insert into dashboard_users (subject, name, role, creator_id) values (:subject, 'Mira Vale', 'creator', :id)"
    " returning id"
)
ADD_SEEN_NOTICE = text("insert into seen_notices (creator_id, account_id, notice_key) values (:id, :account_id, 'x')")
CHOOSE_COURSE = text(
    "insert into chosen_courses (creator_id, account_id, course_id) select :id, :account_id, id from courses limit 1"
)
DENIED = "permission denied"
RLS_REFUSED = "new row violates row-level security policy"


def test_the_owner_sees_a_row_in_every_relation_and_an_outsider_in_none():
    owner, outsider = a_creator_with_everything(), a_creator()
    relations = [name for name, _, _ in tenant_relations() if name not in DIRECTORY_ONLY]

    empty_for_owner = [name for name in relations if not rows_of(owner.id, name)]
    seen_by_outsider = {
        name: [row for row in rows_of(outsider.id, name) if row[owner_column] != outsider.id]
        for name, _, owner_column in tenant_relations()
        if name not in DIRECTORY_ONLY
    }

    assert empty_for_owner == [], "a_creator_with_everything has no row in these: add one"
    assert {name: rows for name, rows in seen_by_outsider.items() if rows} == {}


def test_without_a_creator_there_are_no_rows():
    a_creator_with_everything()

    with engine().begin() as connection:
        connection.execute(text("set local role dashboard_app"))
        for name, _, _ in tenant_relations():
            if name not in DIRECTORY_ONLY:
                assert connection.execute(text(f"select * from {name}")).all() == [], name


def test_the_scope_ends_with_the_transaction():
    creator = a_creator_with_everything()
    with tenant_tx(creator.id):
        pass

    with engine().connect() as connection:
        for setting in ("role", "app.creator_id", "app.now"):
            found = connection.execute(text(f"select current_setting('{setting}', true)")).scalar_one()
            assert found in (None, "", "none"), setting


@pytest.mark.parametrize(
    "statement",
    [
        "insert into students (creator_id, name) values (:victim, 'Intruder')",
        "insert into videos (creator_id, title) values (:victim, 'Intruder')",
        "insert into changes (creator_id, kind, subjects) values (:victim, 'moved', '{}')",
        "insert into audit_log (creator_id, action) values (:victim, 'x')",
        "insert into export_logs (creator_id, export_type, format) values (:victim, 'students', 'csv')",
        "insert into creator_preferences (creator_id) values (:victim)",
        "update students set creator_id = :victim",
    ],
)
def test_a_row_cannot_be_written_for_another_creator(statement: str):
    victim, intruder = a_creator(), a_creator(a_student())

    with pytest.raises(ProgrammingError, match=RLS_REFUSED), tenant_tx(intruder.id) as connection:
        connection.execute(text(statement), {"victim": victim.id})


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_rows_of_another_creator_cannot_be_changed(verb: str):
    victim, intruder = a_creator_with_everything(), a_creator()
    statements = {
        "update": "update students set name = 'Intruder' where creator_id = :victim",
        "delete": "delete from students where creator_id = :victim",
    }

    with tenant_tx(intruder.id) as connection:
        assert connection.execute(text(statements[verb]), {"victim": victim.id}).rowcount == 0

    assert {student["name"] for student in rows_of(victim.id, "students")} == {"Ada Moss", "Bo Lind"}


def test_a_row_cannot_point_to_another_creators_student():
    ada = a_student()
    a_creator(ada)
    intruder = a_creator()

    with pytest.raises(DBAPIError, match="violates foreign key"), tenant_tx(intruder.id) as connection:
        connection.execute(
            text(
                "insert into activity_events (creator_id, student_id, kind, occurred_at)"
                " values (:mine, :theirs, 'login', now())"
            ),
            {"mine": intruder.id, "theirs": ada.id},
        )


@pytest.mark.parametrize(
    "statement",
    [
        "truncate students",
        "truncate student_totals",
        "create table mine (id int)",
        "create function mine() returns int language sql return 1",
        "create schema mine",
        "insert into creators (name) values ('Intruder')",
        "delete from creators",
        "delete from audit_log",
        "update audit_log set action = 'nothing'",
        "delete from changes",
        "update creator_generations set state = 'gone'",
        "delete from mail_deliveries",
        "update student_totals set videos_watched = 99",
        "insert into day_hours values (current_creator(), 1, 0, 0, current_date, 9, 9)",
        "insert into day_gaps values (current_creator(), 1, 0, 0, current_date, 9, 9)",
        "delete from course_totals",
        "update event_receipts set digest = id",
        "update creator_data_versions set version = 0",
        "select * from dashboard_users",
        "select refresh_creator_dashboard_views()",
        "select rebuild_creator_dashboard_views()",
        "select rebuild_creator_dashboard_views(current_creator())",
        "select begin_generation(current_creator())",
        "select fold_students(current_creator(), 1, 0, 0, '{}')",
        "select clear_gone(current_creator(), 1)",
        "select refresh_portions(current_creator(), 1)",
    ],
)
def test_the_application_role_may_not(statement: str):
    creator = a_creator_with_everything()

    with pytest.raises(ProgrammingError, match=f"{DENIED}|must be owner"), tenant_tx(creator.id) as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("relation", LEARNER_TABLES)
def test_the_directory_role_sees_no_learner_table(relation: str):
    a_creator_with_everything()

    with pytest.raises(ProgrammingError, match=DENIED), platform_tx() as connection:
        connection.execute(text(f"select * from {relation}"))


def test_the_directory_role_sees_every_creator():
    creators = {a_creator().id, a_creator().id}

    with platform_tx() as connection:
        assert set(connection.execute(text("select id from creators")).scalars()) >= creators


@pytest.mark.parametrize("role", ["dashboard_app", "dashboard_platform"])
def test_nobody_logs_in_as_a_role_or_escapes_row_level_security_with_it(role: str):
    with engine().connect() as connection:
        attributes = connection.execute(
            text(
                "select rolcanlogin, rolbypassrls, rolsuper, rolcreaterole, rolcreatedb"
                " from pg_roles where rolname = :role"
            ),
            {"role": role},
        ).one()

    assert not any(attributes)


def test_a_rebuild_from_a_scoped_transaction_is_refused_even_to_the_owner():
    creator, other = a_creator(), a_creator()

    with engine().begin() as owner:
        owner.execute(SCOPE, {"id": str(creator.id)})
        for target in (other.id, None):
            with pytest.raises(ProgrammingError, match="cannot rebuild another"), owner.begin_nested():
                owner.execute(text("select rebuild_creator_dashboard_views(:target)"), {"target": target})


def test_a_refresh_of_all_from_a_scoped_transaction_is_refused_even_to_the_owner():
    creator = a_creator()

    with engine().begin() as owner:
        owner.execute(SCOPE, {"id": str(creator.id)})
        with pytest.raises(ProgrammingError, match="cannot refresh all"), owner.begin_nested():
            owner.execute(text("select refresh_creator_dashboard_views()"))


def test_same_ids_under_two_creators_stay_apart():
    ada, same_ada = a_student("Ada Moss"), a_student("Another Ada")
    same_ada.values["id"] = ada.id
    one, other = a_creator(ada, a_watch(ada, seconds=60)), a_creator(same_ada, a_watch(same_ada, seconds=7))

    assert [row["watch_seconds"] for row in rows_of(one.id, "student_engagement_tiers")] == [60]
    assert [row["watch_seconds"] for row in rows_of(other.id, "student_engagement_tiers")] == [7]


HOSTILE = (
    "x'; reset role; --",
    "00000000-0000-0000-0000-000000000001'; drop table students; --",
    "00000000-0000-0000-0000-000000000001; reset role",
    "",
    None,
    1,
    b"00000000-0000-0000-0000-000000000001",
)


class LiarOfAnId(UUID):
    def __str__(self) -> str:
        return "'; reset role; --"


class LiarOfATime(datetime):
    def isoformat(self, *_arguments: object, **_options: object) -> str:
        return "'; reset role; --"


@pytest.mark.parametrize("creator_id", [*HOSTILE, LiarOfAnId(int=1)], ids=repr)
@pytest.mark.parametrize("door", [tenant_tx, tenant_snapshot_tx, reading_tx])
def test_what_is_no_id_reaches_no_statement(door, creator_id: object):
    with pytest.raises(ValueError, match="badly formed"), door(creator_id):
        pass


@pytest.mark.parametrize("limit", ["1; reset role", float("nan"), float("inf"), None])
@pytest.mark.parametrize("door", [tenant_tx, tenant_snapshot_tx])
def test_what_is_no_number_is_no_limit(door, limit: object):
    with pytest.raises((TypeError, ValueError, OverflowError)), door(uuid4(), limit_seconds=limit):
        pass


@pytest.mark.parametrize(("limit", "said"), [(0.0001, "1ms"), (0, "1ms"), (-5, "1ms"), (2.0, "2s"), (1e12, None)])
def test_there_is_always_a_limit(limit: float, said: str | None):
    with tenant_tx(uuid4(), limit_seconds=limit) as connection:
        told = connection.exec_driver_sql("show statement_timeout").scalar_one() if limit > 1 else said
    assert told == (said or "2147483647ms")


@pytest.mark.parametrize(
    "instant",
    [datetime(2026, 3, 1), "2026-03-01", "'; reset role; --"],  # noqa: DTZ001
    ids=repr,
)
def test_what_is_no_instant_is_no_time_of_the_clock(instant: object):
    with pytest.raises(ValueError, match="is not a time"), as_of(instant), tenant_tx(uuid4()):
        pass


def test_the_time_of_the_clock_is_written_by_the_gate_itself():
    liar = LiarOfATime(2026, 3, 1, 9, 30, 0, 123456, tzinfo=timezone(timedelta(hours=1)))

    with as_of(liar), tenant_tx(uuid4()) as connection:
        told = connection.execute(text("select dashboard_now(), current_setting('app.now')")).one()

    assert tuple(told) == (datetime(2026, 3, 1, 8, 30, 0, 123456, UTC), "2026-03-01T08:30:00.123456+00:00")


def test_a_transaction_is_entered_in_one_round_trip():
    sent: list[str] = []
    with engine().connect():
        pass  # what a new connection sends does not come from the gate
    listener = lambda *arguments: sent.append(arguments[2])  # noqa: E731
    event.listen(engine(), "before_cursor_execute", listener)
    try:
        for door in (tenant_tx, tenant_snapshot_tx):
            with door(uuid4()):
                pass
        with platform_tx():
            pass
    finally:
        event.remove(engine(), "before_cursor_execute", listener)

    assert [statement.count("set local role") for statement in sent] == [1, 1, 0, 0, 1]


def tenant_relations() -> list[tuple[str, str, str]]:
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(TENANT_RELATIONS)]


def a_creator_with_everything() -> ACreator:
    """A row in every relation that has an owner; two students ask, so that a question counts as asked often."""
    ada, bo, asked, video = a_student("Ada Moss"), a_student("Bo Lind"), a_quiz_question(), a_video()
    creator = a_creator(
        ada,
        bo,
        video,
        a_watch(),
        a_retention_curve({50: 80}),
        a_file(days_ago=1),
        an_event(),
        a_chat(a_question(video=video), an_answer(rating=1), student=ada),
        a_chat(a_question(), student=bo),
        asked,
        an_attempt(answers={asked: True}),
    )
    with tenant_tx(creator.id) as connection:
        for statement in OWN_ROWS:
            connection.execute(text(statement), {"id": creator.id})
    with platform_tx() as connection:
        account_id = connection.execute(ADD_ACCOUNT, {"id": creator.id, "subject": str(creator.id)}).scalar_one()
    with tenant_tx(creator.id) as connection:
        for of_account in (ADD_SEEN_NOTICE, CHOOSE_COURSE):
            connection.execute(of_account, {"id": creator.id, "account_id": account_id})
        connection.execute(REBUILD, {"creator_id": creator.id})
    a_portion(creator, most_students=1)  # a generation that is being built has rows of its own
    return creator


STUDENTS = "select count(*) as students from students"


def test_everything_read_in_a_snapshot_is_of_one_instant():
    creator = a_creator([a_student("Ada Moss")])

    with tenant_snapshot_tx(creator.id) as connection:
        before = connection.execute(text(STUDENTS)).scalar()
        add(creator, a_student("Ben Okoro"))
        during = one_row(creator.id, STUDENTS)["students"]
    after = one_row(creator.id, STUDENTS)["students"]

    assert (before, during, after) == (1, 1, 2)


def test_a_snapshot_shows_no_other_creator_and_changes_nothing():
    creator, other = a_creator([a_student("Ada Moss")]), a_creator([a_student("Ben Okoro"), a_student("Cleo Hart")])

    with tenant_snapshot_tx(creator.id) as connection:
        assert connection.execute(text(STUDENTS)).scalar() == 1
        assert one_row(other.id, STUDENTS)["students"] == 2
        with reading_tx(creator.id) as reading:
            assert reading is connection
        with pytest.raises(DBAPIError, match="read-only"):
            connection.execute(text("delete from students"))


def test_a_snapshot_is_read_at_the_time_of_the_clock():
    """A report about a past week queries the week before it inside the same snapshot."""
    creator = a_creator([])
    sunday, earlier = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 2, 22, tzinfo=UTC)
    said = "select dashboard_now() as instant"

    with as_of(sunday), tenant_snapshot_tx(creator.id):
        before = one_row(creator.id, said)["instant"]
        with as_of(earlier):
            inside = one_row(creator.id, said)["instant"]
        after = one_row(creator.id, said)["instant"]

    assert (before, inside, after) == (sunday, earlier, sunday)
    assert one_row(creator.id, said)["instant"] not in (sunday, earlier)


def test_a_snapshot_leaves_nothing_behind():
    creator = a_creator([a_student("Ada Moss")])

    with pytest.raises(ZeroDivisionError), tenant_snapshot_tx(creator.id):
        raise ZeroDivisionError

    with reading_tx(creator.id) as connection:  # type: ignore[unreachable]
        connection.execute(text("update students set name = 'Ada'"))
    with engine().connect() as connection:
        settings = connection.execute(
            text("select current_setting('app.creator_id', true), current_setting('cursor_tuple_fraction')")
        ).one()
    assert (settings[0] or "", settings[1]) == ("", "0.1")


def test_a_reading_shows_each_question_only_what_it_is_about():
    creator, other = a_creator([a_student("Ada Moss")]), a_creator([a_student("Ben Okoro"), a_student("Cleo Hart")])

    with one_reading() as reading:
        seen = [one_row(asked.id, STUDENTS)["students"] for asked in (creator, other, creator)]
        with directory_tx() as connection:
            assert connection.execute(text("select count(*) from creators")).scalar_one() >= 2
            with pytest.raises(DBAPIError, match="permission denied"):
                connection.execute(text(STUDENTS))

    assert seen == [1, 2, 1]
    assert reading.instant == 1


def test_a_reading_is_of_one_instant_and_changes_nothing():
    creator = a_creator([a_student("Ada Moss")])

    with one_reading():
        before = one_row(creator.id, STUDENTS)["students"]
        with ThreadPoolExecutor(1) as other:
            other.submit(add, creator, a_student("Ben Okoro")).result()
        assert one_row(creator.id, STUDENTS)["students"] == before == 1
        with reading_tx(creator.id) as connection, pytest.raises(DBAPIError, match="read-only"):
            connection.execute(text("delete from students"))


@pytest.mark.parametrize("door", [tenant_tx, tenant_snapshot_tx, lambda _creator_id: platform_tx()])
def test_a_transaction_of_its_own_ends_the_reading_first_and_the_next_question_opens_another(door):
    creator = a_creator([a_student("Ada Moss")])

    with one_connection_per_thread(), one_reading() as reading:
        one_row(creator.id, STUDENTS)
        with door(creator.id):
            assert not reading.is_open
        one_row(creator.id, STUDENTS)

        assert reading.instant == 2


def test_a_reading_is_at_the_time_of_the_clock():
    creator, sunday = a_creator([]), datetime(2026, 3, 1, tzinfo=UTC)
    said = "select dashboard_now() as instant"

    with one_reading() as reading:
        before = one_row(creator.id, said)["instant"]
        with as_of(sunday):
            inside = one_row(creator.id, said)["instant"]
        after = one_row(creator.id, said)["instant"]

    assert inside == sunday
    assert before == after != sunday
    assert reading.instant == 1


def test_a_reading_without_a_question_takes_no_connection():
    with one_reading() as reading:
        pass

    assert (reading.instant, reading.is_open) == (0, False)
