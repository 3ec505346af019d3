"""The alert email: what is new since the last one. At most one a day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd

from actions.alerts import ALERT, entitled_creators, queue_alert, remember_alerted
from actions.mail_ledger import Delivery
from database.account_directory import mail_addresses
from database.clock import now
from database.creators import creator_of_id
from database.each import each
from database.frames import records
from database.local_time import first_instant
from mail.digest.content import Item, Section
from mail.kind import MailKind, NothingToSay
from mail.message import Mail
from mail.plain_text import in_one_line
from mail.rendering import written
from mail.unsubscribe_link import unsubscribe_url
from queries.mails.alerts import new_notices, notice_keys, wanted_kinds
from queries.overview.notices import NoticeRow
from queries.preferences import preferences
from reports.addresses import page_url
from rules.formatting import counted, dated_in_full, percent

SHOWN = 10  # of each kind
TITLES = {
    "at_risk": "Newly at risk",
    "quiz": "Quizzes that many fail",
    "video": "Videos that few complete",
}
NOUNS = {
    "at_risk": ("student newly at risk", "students newly at risk"),
    "quiz": ("quiz that many fail", "quizzes that many fail"),
    "video": ("video that few complete", "videos that few complete"),
}
PAGES = {"at_risk": ("student", "students"), "quiz": ("quiz", "quizzes"), "video": ("video", "videos")}


def write_alert(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The notices the creator wants and has not yet been emailed about."""
    found = new_notices(creator_id, preferences(creator_id), delivery.period_start)
    if found.empty:
        return NothingToSay("Nothing is new since the last alert.")
    creator = creator_of_id(creator_id)
    sections = {kind: _section(kind, found[found["kind"] == kind]) for kind in TITLES}
    news = {kind: section for kind, section in sections.items() if section.total}
    texts = written(
        "alert",
        sections={TITLES[kind]: section for kind, section in news.items()},
        counts=[counted(section.total, *NOUNS[kind]) for kind, section in news.items()],
        creator_name=in_one_line(creator.shown_name),
        day=_label(delivery.period_start),
        zone=creator.timezone.replace("_", " "),
        settings_url=page_url("settings"),
        unsubscribe_url=unsubscribe_url(creator_id, delivery.id),
    )
    remember_alerted(creator_id, delivery.period_start, found["notice_key"].tolist(), notice_keys(creator_id))
    return Mail(texts.subject, texts.text, texts.html)


def queue_due_alerts() -> int:
    """Queue the alerts of this local day once its hour has come; returns how many emails are new."""
    return sum(each(entitled_creators(), _queued_if_due, ALERT))


def _queued_if_due(creator_id: UUID) -> int:
    chosen = preferences(creator_id)
    if not chosen.is_alert_mail_on or not wanted_kinds(chosen):
        return 0
    zone = ZoneInfo(creator_of_id(creator_id).timezone)
    today = now().astimezone(zone).date()
    due_at = first_instant(today, chosen.digest_hour, zone)
    if due_at > now() or new_notices(creator_id, chosen, today).empty:
        return 0
    return queue_alert(creator_id, today, mail_addresses(creator_id), due_at)


def _why_not(creator_id: UUID, _delivery: Delivery) -> str | None:
    return None if preferences(creator_id).is_alert_mail_on else "Email alerts were turned off."


def _section(kind: str, rows: pd.DataFrame) -> Section:
    one, everything = PAGES[kind]
    items = tuple(
        Item(
            key=row.notice_key,
            title=in_one_line(row.subject) or "Unnamed",
            detail=DETAILS[kind](row),
            url=page_url(one, id=row.subject_id),
        )
        for row in records(rows.head(SHOWN), NoticeRow)
    )
    return Section(items, len(rows), page_url(everything))


def _silent(row: NoticeRow) -> str:
    return f"Away {counted(int(row.figure), 'day')}."


def _failed(row: NoticeRow) -> str:
    return f"{percent(row.figure)} of {counted(row.people or 0, 'attempt')} failed."


def _left(row: NoticeRow) -> str:
    return f"{percent(row.figure)} of {counted(row.people or 0, 'viewer')} complete it."


DETAILS: dict[str, Callable[[NoticeRow], str]] = {"at_risk": _silent, "quiz": _failed, "video": _left}


def _label(day: date) -> str:
    return dated_in_full(day)


ALERTS = MailKind(name=ALERT, title="Alerts", write=write_alert, why_not=_why_not, noun="alerts")
