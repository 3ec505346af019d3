"""Imports of files from the creator's side: check a file by a mapping, import it, drop it."""

import json
from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from actions.upload_files import let_go
from actions.uploads import must_be_entitled
from database.accounts import Account, may_write
from database.each import each
from database.job_queue import defer
from database.storage import file_item, remove_file
from database.tenancy import tenant_tx
from rules.errors import InputError
from sources.files.reading import ReadAs
from sources.mappings.model import Mapping

QUEUE = "imports"
TASK, UNDO = "read_import_file", "undo_import"
ERRORS_FOLDER = "import_errors"
MOST_ANSWER = 500  # characters

UPLOADED = text(
    """
    select id
    from uploads
    where
        creator_id = :creator_id
        and id = :upload_id
        and purpose = 'import'
        and status = 'completed'
        and is_kept
    for update
    """
)
AT_WORK = text(
    """
    select exists (
        select
        from file_imports
        where
            creator_id = :creator_id
            and upload_id = :upload_id
            and state in ('checking', 'importing')
    )
    """
)
ADD = text(
    """
    insert into file_imports (
        creator_id, upload_id, document, mapping_version, answers, encoding, sheet, created_by
    )
    values (
        :creator_id, :upload_id, cast(:document as jsonb), :mapping_version, cast(:answers as jsonb), :encoding,
        :sheet, :author_id
    )
    returning id
    """
)
START = text(
    """
    update file_imports
    set
        state = 'importing',
        outcome = null,
        takes_good_rows = :takes_good_rows,
        lines_read = 0,
        changed_at = clock_timestamp()
    where
        creator_id = :creator_id
        and id = :file_import_id
        and state = 'checked'
        and (:takes_good_rows or (outcome ->> 'refused')::bigint = 0)
    """
)
FORGET = text(
    """
    delete from file_imports
    where
        creator_id = :creator_id
        and upload_id = :upload_id
        and state in ('checked', 'failed')
    returning errors_key
    """
)


def check_file(
    author: Account,
    creator_id: UUID,
    upload_id: UUID,
    mapping: Mapping,
    answers: MappingType[str, str],
    read_as: ReadAs,
    mapping_version: int | None = None,
) -> UUID:
    """Let a worker read an uploaded file by the mapping, and say what an import would do; returns the check's id.

    Raises InputError if the file is gone or at work, and for staff; FeatureAccessDenied without the ENTERPRISE tier.
    """
    may_write(author, creator_id)
    values = {
        "creator_id": creator_id,
        "upload_id": upload_id,
        "document": json.dumps(mapping.document()),
        "mapping_version": mapping_version,
        "answers": json.dumps({name: answer[:MOST_ANSWER] for name, answer in answers.items()}),
        "encoding": read_as.encoding,
        "sheet": read_as.sheet,
        "author_id": author.id,
    }
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        if connection.execute(UPLOADED, values).one_or_none() is None:
            raise InputError("This file is no longer there; upload it again.")
        if connection.execute(AT_WORK, values).scalar_one():
            raise InputError("This file is being read already; wait a moment.")
        keys = connection.execute(FORGET, values).scalars().all()
        begun: UUID = connection.execute(ADD, values).scalar_one()
    _remove_lists(keys)
    hand_over(creator_id, begun)
    return begun


def start_import(author: Account, creator_id: UUID, file_import_id: UUID, *, takes_good_rows: bool) -> bool:
    """Let a worker import a file that has been checked; False if it is at work or done, or has refused lines.

    `takes_good_rows`: without the lines that were refused; otherwise a file with one is not imported at all.
    """
    may_write(author, creator_id)
    values: dict[str, Any] = {"creator_id": creator_id, "file_import_id": file_import_id}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        if connection.execute(START, values | {"takes_good_rows": takes_good_rows}).rowcount != 1:
            return False
    hand_over(creator_id, file_import_id)
    return True


def drop_file(author: Account, creator_id: UUID, upload_id: UUID) -> None:
    """Remove an uploaded file and what was found out about it. Raises InputError while it is at work."""
    may_write(author, creator_id)
    values = {"creator_id": creator_id, "upload_id": upload_id}
    with tenant_tx(creator_id) as connection:
        if connection.execute(AT_WORK, values).scalar_one():
            raise InputError("This file is being read; wait a moment.")
        keys = connection.execute(FORGET, values).scalars().all()
    _remove_lists(keys)
    let_go(creator_id, upload_id)


def undo_import(author: Account, creator_id: UUID, import_id: UUID) -> bool:
    """Let a worker take back what an import wrote; False if that is under way."""
    may_write(author, creator_id)
    arguments = {"creator_id": str(creator_id), "import_id": str(import_id)}
    return defer(UNDO, queueing_lock=f"{UNDO} {import_id}", queue=QUEUE, **arguments)


def _remove_lists(keys: Sequence[str | None]) -> None:
    each([key for key in keys if key], remove_file, "import_errors", file_item)  # what is left goes at night


def hand_over(creator_id: UUID, file_import_id: UUID) -> bool:
    """Queue a file import that is committed; False if it is already queued."""
    arguments = {"creator_id": str(creator_id), "file_import_id": str(file_import_id)}
    return defer(TASK, queueing_lock=f"{TASK} {file_import_id}", queue=QUEUE, **arguments)
