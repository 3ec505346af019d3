"""Emails by what they were sent with: an announcement, a week's digests, a day's invitations. Never cached."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd
from sqlalchemy import text

from database.accounts import must_be_staff
from database.frames import frame
from database.statements import sql
from database.tenancy import directory_tx
from queries.mails.deliveries import DAYS, SHOWN, DeliveryFilters

MAILINGS = sql("queries/mails/mailings")
OF_ALL_CREATORS = text(sql("queries/mails/mailings_of_all"))


@dataclass(frozen=True, slots=True)
class AnyMailing:
    """How many emails of a mailing are in which state.

    `mailing` is an announcement's id, or the first day of a period.
    """

    kind: str
    mailing: str
    mails: int
    sent: int
    waiting: int
    failed: int
    unknown: int
    not_sent: int
    latest_at: datetime


@dataclass(frozen=True, slots=True)
class MailingRow(AnyMailing):
    """One row per mailing of one creator."""

    subject: str  # empty: nothing is written yet


@dataclass(frozen=True, slots=True)
class MailingOfCreatorRow(AnyMailing):
    """One row per mailing of any creator, without its subject."""

    creator: str


def mailings(creator_id: UUID, filters: DeliveryFilters) -> Annotated[pd.DataFrame, MailingRow]:
    """The creator's mailings, at most 200, those with failures first; counted are the emails that match the filters."""
    states = list(filters.states) if filters.states else None
    return frame(
        creator_id, MAILINGS, days=DAYS, limit=SHOWN, states=states, kind=filters.kind, mailing=filters.mailing
    )


def all_mailings(staff_id: UUID) -> Annotated[pd.DataFrame, MailingOfCreatorRow]:
    """The mailings of all creators, at most 200. Raises NotStaff."""
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(OF_ALL_CREATORS, {"days": DAYS, "limit": SHOWN})
        return pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))
