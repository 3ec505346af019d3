"""Taking a student out of the archives: their files are written again without them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.archives import BEGIN, forget_file
from database.archive_files import EXTENSION, FOLDER, ArchiveFile, archived_lines, write_archive_file
from database.each import each
from database.failures import Item
from database.storage import new_key
from database.tenancy import tenant_tx
from rules.errors import InputError

HOLDING = text(
    """
    -- One row per archive that holds something of the student, or a conversation in which they wrote.
    select
        id,
        kind,
        storage_key,
        sha256
    from archives
    where
        creator_id = :creator_id
        and state = 'closed'
        and id in (
            select archive_id
            from closed_events
            where
                creator_id = :creator_id
                and student_id = :student_id
            union
            select archive_id
            from closed_chat_sessions
            where
                creator_id = :creator_id
                and (
                    student_id = :student_id
                    or id in (
                        select session_id
                        from closed_chat_messages
                        where
                            creator_id = :creator_id
                            and student_id = :student_id
                    )
                )
        )
    order by id
    for update
    """
)
WITHOUT_CHAT = text(
    """
    -- One row per conversation that stays, without what the student wrote in it.
    select
        jsonb_set(
            conversations.line,
            array['messages'],
            coalesce(
                (
                    select jsonb_agg(said.message order by said.place)
                    from jsonb_array_elements(conversations.line -> 'messages') with ordinality as said (message, place)
                    where said.message ->> 'student_id' <> :student_text
                ),
                '[]'
            )
        )::text
    from jsonb_array_elements(cast(:lines as jsonb)) with ordinality as conversations (line, place)
    where conversations.line -> 'session' ->> 'student_id' <> :student_text
    order by conversations.place
    """
)
WITHOUT_EVENTS = text(
    """
    -- One row per event that stays.
    select events.line::text
    from jsonb_array_elements(cast(:lines as jsonb)) with ordinality as events (line, place)
    where events.line ->> 'student_id' <> :student_text
    order by events.place
    """
)
WITHOUT = {"chat": WITHOUT_CHAT, "activity": WITHOUT_EVENTS}
# The two rows exchange their files: the one that was being written names the old file then, and is removed with it.
EXCHANGE = text(
    """
    update archives
    set
        storage_key = case id when :archive_id then :new_key else :old_key end,
        state = case id when :archive_id then 'closed' else 'let_go' end,
        sha256 = :sha256,
        size_bytes = :size_bytes,
        row_count = (
            (select count(*) from jsonb_path_query(cast(:lines as jsonb), '$[*].messages[*]'))
            + (select count(*) from jsonb_path_query(cast(:lines as jsonb), '$[*] ? (exists (@.occurred_at))'))
        )
    where
        creator_id = :creator_id
        and id in (:archive_id, :other_id)
    """
)
OTHERS = text("select id, storage_key from archives where creator_id = :creator_id and id = any(:ids)")
FILE_LEFT = "archive_without_need"  # a kind of failure; the nightly clean-up removes the file then
TRY_AGAIN = "This student's rows are being archived or restored right now. Nothing was erased; try again in a minute."


@dataclass(frozen=True)
class Rewritten:
    """An archive, and its file without the student, which nothing refers to yet."""

    archive_id: UUID
    old_key: str
    old_sha256: str
    other_id: UUID
    new_key: str
    file: ArchiveFile
    lines: list[str]


@contextmanager
def without_student(creator_id: UUID, student_id: UUID) -> Iterator[list[Rewritten]]:
    """The archives that hold something of the student, each with a file without them, for `take_out`.

    Afterwards the files that are not needed are removed: the old ones, or the new ones if the block fails.
    """
    rewritten: list[Rewritten] = []
    try:
        # One by one, so that the files of those that are done are removed if one fails.
        rewritten.extend(_rewritten(creator_id, student_id, archive) for archive in _holding(creator_id, student_id))
        yield rewritten
    finally:
        each(_others(creator_id, rewritten), lambda one: forget_file(creator_id, *one), FILE_LEFT, _item)


def take_out(connection: Connection, creator_id: UUID, student_id: UUID, rewritten: list[Rewritten]) -> None:
    """In the transaction that erases the student. Raises InputError if their archives changed meanwhile."""
    scope = {"creator_id": creator_id, "student_id": student_id}
    now = {(row.id, row.sha256) for row in connection.execute(HOLDING, scope)}
    if now != {(one.archive_id, one.old_sha256) for one in rewritten}:
        raise InputError(TRY_AGAIN)
    for one in rewritten:
        changed = connection.execute(EXCHANGE, _exchanged(creator_id, one)).rowcount
        if changed != 2:
            raise InputError(TRY_AGAIN)


def _holding(creator_id: UUID, student_id: UUID) -> list[Any]:
    with tenant_tx(creator_id) as connection:
        return list(connection.execute(HOLDING, {"creator_id": creator_id, "student_id": student_id}))


def _rewritten(creator_id: UUID, student_id: UUID, archive: Any) -> Rewritten:
    lines = archived_lines(archive.storage_key, archive.sha256)
    key = new_key(FOLDER, creator_id, EXTENSION)
    with tenant_tx(creator_id) as connection:
        asked = {"lines": f"[{','.join(lines)}]", "student_text": str(student_id)}
        kept = list(connection.execute(WITHOUT[archive.kind], asked).scalars())
        other_id = connection.execute(
            BEGIN, {"creator_id": creator_id, "kind": archive.kind, "storage_key": key}
        ).scalar_one()
    file = write_archive_file(key, kept)
    return Rewritten(archive.id, archive.storage_key, archive.sha256, other_id, key, file, kept)


def _exchanged(creator_id: UUID, one: Rewritten) -> dict[str, Any]:
    return {
        "creator_id": creator_id,
        "archive_id": one.archive_id,
        "other_id": one.other_id,
        "old_key": one.old_key,
        "new_key": one.new_key,
        "sha256": one.file.sha256,
        "size_bytes": one.file.size_bytes,
        "lines": f"[{','.join(one.lines)}]",
    }


def _others(creator_id: UUID, rewritten: list[Rewritten]) -> list[tuple[UUID, str]]:
    """The rows whose files nothing needs any more, with the file that each names now."""
    asked = {"creator_id": creator_id, "ids": [one.other_id for one in rewritten]}
    with tenant_tx(creator_id) as connection:
        return [(row.id, row.storage_key) for row in connection.execute(OTHERS, asked)]


def _item(one: tuple[UUID, str]) -> Item:
    return Item(None, str(one[0]))
