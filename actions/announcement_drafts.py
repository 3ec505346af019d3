"""Drafts of announcements: kept while they are written, in the version that the writer has seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.accounts import Account, may_write
from database.announcements import LONGEST_BODY, LONGEST_SUBJECT
from database.tenancy import tenant_tx
from rules.edits import VersionConflict
from rules.errors import InputError
from rules.visible import visible

ADD = text(
    """
    insert into announcement_drafts (creator_id, id, author_id, subject, body, recipients)
    values (:creator_id, :id, :author_id, :subject, :body, cast(:recipients as jsonb))
    on conflict (creator_id, id) do nothing
    returning version
    """
)
CHANGE = text(
    """
    update announcement_drafts
    set
        author_id = :author_id,
        subject = :subject,
        body = :body,
        recipients = cast(:recipients as jsonb),
        version = version + 1,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :id
        and version = :seen_version
    returning version
    """
)
DELETE = text("delete from announcement_drafts where creator_id = :creator_id and id = :id and version = :seen_version")
WRITE_AGAIN = text(
    """
    -- One row: the announcement as a new draft, to the students whom it was for; none for an id of somebody else.
    insert into announcement_drafts (creator_id, author_id, subject, body, recipients)
    select
        creator_id,
        :author_id,
        subject,
        body,
        jsonb_build_object(
            'students',
            (
                select coalesce(jsonb_agg(student_id), '[]')
                from (
                    select student_id
                    from mail_deliveries
                    where
                        creator_id = :creator_id
                        and kind = 'announcement'
                        and about = cast(:announcement_id as text)
                        and student_id is not null
                    union
                    select student_id
                    from announcement_skips
                    where
                        creator_id = :creator_id
                        and announcement_id = cast(:announcement_id as uuid)
                ) as chosen
            )
        )
    from announcements
    where
        creator_id = :creator_id
        and id = cast(:announcement_id as uuid)
    returning id
    """
)


@dataclass(frozen=True)
class Draft:
    """Subject and text as typed so far, and how the recipients were chosen: `students` by id, or an address's filters.

    Raises InputError if something is too long to be kept.
    """

    subject: str
    body: str
    recipients: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for what, written, longest in (("subject", self.subject, LONGEST_SUBJECT), ("text", self.body, LONGEST_BODY)):
            if len(written) > longest:
                raise InputError(f"The {what} has {len(written):,} characters; write at most {longest:,}.")


def keep_draft(author: Account, creator_id: UUID, draft_id: UUID, draft: Draft, seen_version: int | None) -> int:
    """Keep the draft, and return its new version; `seen_version` is the one it was opened with, None for a new one.

    Raises VersionConflict if it was changed, sent or deleted since, and InputError for staff, who only read.
    """
    may_write(author, creator_id)
    values = {
        "creator_id": creator_id,
        "id": draft_id,
        "author_id": author.id,
        "subject": visible(draft.subject),
        "body": visible(draft.body),
        "recipients": json.dumps(dict(draft.recipients)),
        "seen_version": seen_version,
    }
    with tenant_tx(creator_id) as connection:
        version: int | None = connection.execute(ADD if seen_version is None else CHANGE, values).scalar()
    if version is None:
        raise VersionConflict("This draft was changed in another tab since you opened it.")
    return version


def delete_draft(author: Account, creator_id: UUID, draft_id: UUID, seen_version: int) -> None:
    """Delete the draft. Raises VersionConflict if it is no longer as it was seen, and InputError for staff."""
    may_write(author, creator_id)
    asked = {"creator_id": creator_id, "id": draft_id, "seen_version": seen_version}
    with tenant_tx(creator_id) as connection:
        if connection.execute(DELETE, asked).rowcount != 1:
            raise VersionConflict("This draft was changed or sent in another tab since you opened it.")


def write_again(author: Account, creator_id: UUID, announcement_id: UUID) -> UUID:
    """A new draft with the text and the recipients of an announcement; returns its id.

    Raises InputError for staff, and for an announcement that is not the creator's.
    """
    may_write(author, creator_id)
    asked = {"creator_id": creator_id, "author_id": author.id, "announcement_id": str(announcement_id)}
    with tenant_tx(creator_id) as connection:
        draft_id: UUID | None = connection.execute(WRITE_AGAIN, asked).scalar()
    if draft_id is None:
        raise InputError("This announcement does not exist; reload the page.")
    return draft_id
