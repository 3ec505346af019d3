"""Erasing a student: all of their rows, files and emails, for good, with a receipt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.archive_erasures import Rewritten, take_out, without_student
from database.accounts import Account, may_write
from database.each import each
from database.erased import erased_hash
from database.mail_addresses import address_key
from database.refresh import refresh_now
from database.statements import sql
from database.storage import file_item, remove_file
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError
from sources.landing import TAKE_TURNS, known_as

FILE_LEFT = "file_without_export"  # a kind of failure; the nightly clean-up removes the file then

STUDENT = text(
    """
    select
        id,
        external_id,
        name,
        email
    from students
    where
        creator_id = :creator_id
        and id = :student_id
    for update
    """
)
BEING_SENT = text(
    """
    select count(*)
    from mail_deliveries
    where
        creator_id = :creator_id
        and state = 'sending'
        and (student_id = :student_id or recipient_key = :address_key)
    """
)
# Rows that are deleted with the student by foreign keys are counted first.
COUNTED = {
    table: text(f"select count(*) from {table} where creator_id = :creator_id and student_id = :student_id")
    for table in (
        "activity_events",
        "announcement_skips",
        "chat_messages",
        "chat_sessions",
        "closed_chat_messages",
        "closed_chat_sessions",
        "closed_events",
        "enrolments",
        "quiz_attempts",
        "said_rows",
        "student_words",
        "video_progress",
        "watch_segments",
    )
}
# In this order. What refers to `students` by a foreign key is deleted with it.
REMOVED = {
    "mail_deliveries": text(sql("actions/erase_mails")),
    "invitations": text(
        """
        delete from invitations
        where
            creator_id = :creator_id
            and (student_id = :student_id or email_key = :address_key)
        """
    ),
    "mail_suppressions": text(
        "delete from mail_suppressions where creator_id = :creator_id and recipient_key = :address_key"
    ),
    "digest_items": text(
        "delete from digest_items where creator_id = :creator_id and position(:student_text in subject_key) > 0"
    ),
    "alerted_notices": text(
        "delete from alerted_notices where creator_id = :creator_id and position(:student_text in notice_key) > 0"
    ),
    "seen_notices": text(
        "delete from seen_notices where creator_id = :creator_id and position(:student_text in notice_key) > 0"
    ),
    "import_errors": text(sql("actions/erase_import_errors")),
    "refused_rows": text(
        "delete from refused_rows where creator_id = :creator_id and position(:student_text in row::text) > 0"
    ),
    "students": text("delete from students where creator_id = :creator_id and id = :student_id"),
}
# Emails to the creator name students, in their contents once those are written. One that is sent again is written again
# from the figures of that time.
FORGET_CONTENTS = text(
    """
    update mail_deliveries
    set
        snapshot = null,
        subject = case when position(:student_text in payload::text) > 0 then null else subject end,
        payload = case when position(:student_text in payload::text) > 0 then jsonb_build_object() else payload end
    where
        creator_id = :creator_id
        and student_id is null
        and kind not in ('announcement', 'invitation')
        and state not in ('claimed', 'sending')
        and (snapshot is not null or position(:student_text in payload::text) > 0)
    """
)
# A file is sometimes named after the person it is about.
FORGET_FILE_NAMES = text(
    """
    update imports
    set file_name = null
    where
        creator_id = :creator_id
        and exists (
            select
            from unnest(cast(:known_as as text[])) as known (name)
            where
                length(known.name) >= 4
                and position(lower(known.name) in lower(imports.file_name)) > 0
        )
    """
)
LEAVE_DRAFTS = text(
    """
    update announcement_drafts
    set
        recipients = jsonb_set(recipients, array['students'], (recipients -> 'students') - :student_text),
        version = version + 1
    where
        creator_id = :creator_id
        and position(:student_text in recipients::text) > 0
    """
)
EXPIRE_FILES = text(
    """
    -- Files that may name the student; one being written would be finished with what was read before.
    update export_logs
    set
        status = case when status = 'completed' then 'expired' else 'cancelled' end,
        error_message = 'Removed because a student was erased. Create the file again.',
        completed_at = coalesce(completed_at, dashboard_now()),
        storage_key = null
    from (
        select
            id,
            storage_key
        from export_logs
        where
            creator_id = :creator_id
            and export_type <> 'videos'
            and status in ('pending', 'processing', 'completed')
        for update
    ) as affected
    where
        export_logs.creator_id = :creator_id
        and export_logs.id = affected.id
    returning affected.storage_key
    """
)
# A file's filters may name the student, by id or in a search.
FORGET_FILTERS = text(
    """
    update export_logs
    set filters = '{}'
    where
        creator_id = :creator_id
        and export_type <> 'videos'
        and (
            position(:student_text in filters::text) > 0
            or filters ? 'search'
        )
    """
)
ADD_RECEIPT = text(
    """
    insert into erasures (creator_id, id_hash, external_id_hash, address_hash, author_id, author_name, removed)
    values (:creator_id, :id_hash, :external_id_hash, :address_hash, :author_id, :author_name, cast(:removed as jsonb))
    returning id
    """
)


class NoSuchStudent(InputError):
    """The student is unknown, erased already or another creator's."""


@dataclass(frozen=True)
class Receipt:
    """Records that a student was erased, and how many rows and files were removed, by name."""

    id: UUID
    removed: Mapping[str, int]


def erase_student(author: Account, creator_id: UUID, student_id: UUID) -> Receipt:
    """Remove every row, file and email of a student, for good; the figures follow immediately or within a minute.

    Emails that were sent stay counted, without address or contents. Exports of this creator that may name the
    student are removed, and have to be created again; archives are written again without the student. Raises
    NoSuchStudent, StorageError, and InputError for staff or while an email to the student is being sent.
    """
    may_write(author, creator_id)
    with without_student(creator_id, student_id) as archives:
        receipt, files = _erased(author, creator_id, student_id, archives)
    each(files, remove_file, FILE_LEFT, file_item)
    refresh_now(creator_id)
    return receipt


def _erased(
    author: Account, creator_id: UUID, student_id: UUID, archives: list[Rewritten]
) -> tuple[Receipt, list[str]]:
    """In one transaction; the files are to be removed then."""
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        connection.execute(TAKE_TURNS, {"creator_id": creator_id})  # an import would write what is being removed
        who = _found(connection, creator_id, student_id)
        scope = {
            "creator_id": creator_id,
            "student_id": student_id,
            "student_text": str(student_id),
            "address_key": address_key(who["email"]) if who["email"] else None,
            "known_as": known_as(who),
        }
        _must_not_be_under_way(connection, scope)
        take_out(connection, creator_id, student_id, archives)
        counted = {table: connection.execute(statement, scope).scalar_one() for table, statement in COUNTED.items()}
        removed = {table: connection.execute(statement, scope).rowcount for table, statement in REMOVED.items()}
        connection.execute(FORGET_CONTENTS, scope)
        connection.execute(FORGET_FILE_NAMES, scope)
        connection.execute(LEAVE_DRAFTS, scope)
        # Cancelled first: two waiting exports may not have the same filters.
        files = [key for key in connection.execute(EXPIRE_FILES, scope).scalars() if key]
        connection.execute(FORGET_FILTERS, scope)
        removed |= {"files": len(files), "archives": len(archives)}
        told = {name: count for name, count in (counted | removed).items() if count}
        return Receipt(_noted(connection, author, creator_id, who, told), told), files


def _found(connection: Connection, creator_id: UUID, student_id: UUID) -> Mapping[str, Any]:
    asked = {"creator_id": creator_id, "student_id": student_id}
    found = connection.execute(STUDENT, asked).mappings().one_or_none()
    if found is None:
        raise NoSuchStudent("This student does not exist; they may have been erased already. Reload the page.")
    return dict(found)


def _must_not_be_under_way(connection: Connection, scope: Mapping[str, Any]) -> None:
    if connection.execute(BEING_SENT, scope).scalar_one():
        raise InputError("An email to this student is being sent right now. Nothing was erased; try again in a minute.")


def _noted(
    connection: Connection, author: Account, creator_id: UUID, who: Mapping[str, Any], removed: Mapping[str, int]
) -> UUID:
    receipt_id: UUID = connection.execute(
        ADD_RECEIPT,
        {
            "creator_id": creator_id,
            "id_hash": erased_hash(creator_id, str(who["id"])),
            "external_id_hash": erased_hash(creator_id, who["external_id"]),
            "address_hash": erased_hash(creator_id, address_key(who["email"])) if who["email"] else None,
            "author_id": author.id,
            "author_name": author.name,
            "removed": json.dumps(removed),
        },
    ).scalar_one()
    return receipt_id
