"""Uploads as a browser makes them."""

import hashlib
from dataclasses import dataclass
from uuid import UUID, uuid4

from actions.arriving_files import ArrivingFile
from actions.upload_links import upload_address
from actions.upload_parts import complete_upload, note_part, wanted_part
from actions.uploads import begin_replacement, begin_upload
from database.accounts import Account
from database.storage import store_file
from rules.uploads import PART_BYTES, parts_of
from tests import oracle
from tests.builders import ACreator


def author_of(creator: ACreator) -> Account:
    return Account(uuid4(), "Ira Bloom", None, "creator", creator.id, creator.name, "enterprise")


def arriving(content: bytes, name: str = "lists_and tuples.mp4") -> ArrivingFile:
    return ArrivingFile(name, len(content), 1_700_000_000_000, content[:64])


def begun(creator: ACreator, content: bytes, title: str = "Lists", video_id: UUID | None = None) -> UUID:
    if video_id is not None:
        return begin_replacement(author_of(creator), creator.id, video_id, arriving(content))
    return begin_upload(author_of(creator), creator.id, arriving(content), title)


def sent(creator: ACreator, content: bytes, title: str = "Lists", video_id: UUID | None = None) -> UUID:
    """An upload of which everything has arrived."""
    upload_id = begun(creator, content, title, video_id)
    for number in range(parts_of(len(content))):
        part = content[number * PART_BYTES :][:PART_BYTES]
        store_file(wanted_part(creator.id, upload_id, number).key, [part])
        note_part(creator.id, upload_id, number, len(part), hashlib.sha256(part).hexdigest())
    complete_upload(creator.id, upload_id)
    return upload_id


@dataclass(frozen=True)
class Told:
    """An upload and its video, as they are in the database."""

    upload: dict
    video: dict


def told(creator: ACreator, upload_id: UUID) -> Told:
    upload = next(row for row in oracle.rows_of(creator.id, "uploads") if row["id"] == upload_id)
    video = next(row for row in oracle.rows_of(creator.id, "videos") if row["id"] == upload["video_id"])
    return Told(upload, video)


def address(creator_id: UUID, upload_id: UUID, below: str = "") -> str:
    """Below /api, as the tests' client addresses it."""
    path, query = upload_address(creator_id, upload_id)
    return f"{path.removeprefix('/api')}{below}?{query}"
