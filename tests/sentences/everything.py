"""Every page, email and file of a creator, rendered once."""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from reportlab.pdfgen.canvas import Canvas
from streamlit.testing.v1 import AppTest

from actions.mail_ledger import Delivery
from database.clock import now
from database.settings import PROJECT_DIR
from mail.alert import ALERTS
from mail.announcement import announcement_mail
from mail.digest.kind import WEEKLY_DIGEST
from mail.digest.week import last_full_week
from mail.invitation import INVITATIONS
from mail.kind import MailKind, NothingToSay
from queries.mails.invitations import invitations
from queries.periods.period import MONTH, WEEK
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from tests.sentences.creators import ANNOUNCED_MAIL, Planted
from tests.sentences.rendered import (
    SECONDS,
    Rendered,
    mail_texts,
    page_texts,
    pdf_texts,
    rendered,
    workbook_texts,
)

PAGES = sorted(path.stem for path in (PROJECT_DIR / "pages").glob("*.py") if path.stem != "__init__")
OF_STAFF = ("staff", "delivery")


def everything(of: Planted, staff_id: UUID, folder: Path) -> Iterator[Rendered]:
    """Everything that is shown of this creator: to them, to their students and to staff."""
    yield from pages(of, of.account.id, [page for page in PAGES if page != "staff"])
    yield from pages(of, staff_id, OF_STAFF)
    yield from mails(of)
    yield from files(of, folder)


def pages(of: Planted, account_id: UUID, names: list[str] | tuple[str, ...]) -> Iterator[Rendered]:
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=SECONDS)
    app.session_state["account_id"] = account_id
    app.run()
    for page in names:
        address = of.address(page)
        if address is not None:
            yield rendered(f"page {page}", lambda page=page, address=address: page_texts(app, page, address))  # type: ignore[misc]


def mails(of: Planted) -> Iterator[Rendered]:
    """Those that have something to say; an announcement is what its author wrote."""
    monday = last_full_week(now(), of.creator.timezone).monday
    yield from _mail(WEEKLY_DIGEST, _delivery(of, "digest", monday))
    yield from _mail(ALERTS, _delivery(of, "alert", now().date()))
    invited = str(invitations(of.creator.id)["invitation_id"].iloc[0])
    yield from _mail(INVITATIONS, _delivery(of, "invitation", now().date(), invited))
    yield rendered("mail announcement", lambda: mail_texts(announcement_mail(ANNOUNCED_MAIL, of.creator.name)))


def files(of: Planted, folder: Path) -> Iterator[Rendered]:
    """The reports, with empty charts: what a chart draws is not text."""
    with pytest.MonkeyPatch.context() as patch:
        for chart_user in ("reports.snapshot.people", "reports.student_pdf"):
            patch.setattr(f"{chart_user}.chart_pdf", _empty_chart)
        creator_id = of.creator.id
        for period in (WEEK, MONTH):
            yield rendered(
                f"pdf of {period.key}",
                lambda p=period: pdf_texts(snapshot_pdf(snapshot(creator_id, p)), folder),  # type: ignore[misc]
            )
        yield rendered("workbook", lambda: workbook_texts(workbook_bytes(snapshot(creator_id, MONTH))))
        if student_id := of.student_id:
            yield rendered("pdf of a student", lambda: pdf_texts(student_report(creator_id, student_id), folder))


def _mail(kind: MailKind, delivery: Delivery) -> Iterator[Rendered]:
    def texts() -> list[str]:
        mail = kind.write(delivery.creator_id, delivery)
        return [] if isinstance(mail, NothingToSay) else mail_texts(mail)

    yield rendered(f"mail {kind.name}", texts)


def _delivery(of: Planted, kind: str, day: date, about: str = "") -> Delivery:
    return Delivery(
        creator_id=of.creator.id,
        id=uuid4(),
        kind=kind,
        about=about,
        period_start=day,
        recipient="mira@example.org",
        student_id=None,
        payload={},
        snapshot=None,
        message_id=None,
        written_at=None,
        token=1,
        attempts=1,
        due_at=now(),
        not_after=None,
    )


def _empty_chart(*_arguments: object, **_options: object) -> Future[bytes]:
    page = BytesIO()
    canvas = Canvas(page, pagesize=(640, 200))
    canvas.showPage()
    canvas.save()
    drawn: Future[bytes] = Future()
    drawn.set_result(page.getvalue())
    return drawn
