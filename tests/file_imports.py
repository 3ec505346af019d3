"""Files of rows as a browser sends them, and what workers make of them."""

import hashlib
from uuid import UUID

from actions.arriving_files import ArrivingRows
from actions.file_imports import check_file
from actions.upload_parts import complete_upload, note_part, wanted_part
from actions.uploads import begin_file
from database.accounts import Account
from database.storage import store_file
from jobs.imports import read_import_file
from jobs.media.arrived import check_upload
from queries.imports.files import ImportFile, import_files
from rules.uploads import PART_BYTES, parts_of
from sources.files.reading import ReadAs
from sources.mappings.model import Mapping
from sources.mappings.templates import template_mapping
from tests.builders import ACreator

SEGMENTS = (
    "student,video,start_second,end_second,watched_at\n"
    "s1,v1,0,60,2026-03-01T10:00:00Z\n"
    "s2,v1,30,90,2026-03-02T10:00:00Z\n"
)
ONE_IS_WRONG = SEGMENTS + "s3,v1,0,soon,2026-03-02T10:00:00Z\n"


class _Context:
    """What a task of the queue gets."""

    def __init__(self, is_stopping: bool = False) -> None:
        self._is_stopping = is_stopping

    def should_abort(self) -> bool:
        return self._is_stopping


def sent_file(author: Account, creator: ACreator, text: str, name: str = "segments.csv") -> UUID:
    """A file that has arrived and was put together."""
    content = text.encode()
    upload_id = begin_file(author, creator.id, ArrivingRows(name, len(content), 0, content[:64]))
    for number in range(parts_of(len(content))):
        part = content[number * PART_BYTES :][:PART_BYTES]
        store_file(wanted_part(creator.id, upload_id, number).key, [part])
        note_part(creator.id, upload_id, number, len(part), hashlib.sha256(part).hexdigest())
    complete_upload(creator.id, upload_id)
    assert check_upload(creator.id, upload_id)
    return upload_id


def checked_file(author: Account, creator: ACreator, text: str = SEGMENTS, mapping: Mapping | None = None) -> UUID:
    """A file that a worker has checked; the id of the check."""
    upload_id = sent_file(author, creator, text)
    begun = check_file(author, creator.id, upload_id, mapping or template_mapping("segment"), {}, ReadAs())
    worked_on(creator, begun)
    return begun


def worked_on(creator: ACreator, file_import_id: UUID, *, is_stopping: bool = False) -> None:
    """A worker does what is asked for the file."""
    read_import_file.func(_Context(is_stopping), str(creator.id), str(file_import_id))


def the_file(creator: ACreator) -> ImportFile:
    """The only file of the creator."""
    (file,) = import_files(creator.id)
    return file
