"""A creator of the demo says so wherever people read the name; a real one of the same data nowhere."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import cast
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from database.creators import creator_of_id
from database.tenancy import platform_tx
from mail.digest.kind import digest_of_week
from mail.digest.week import last_full_week
from mail.message import Mail
from queries.periods.period import MONTH
from queries.staff import accounts, audit_log, creator_states
from reports.exports import TYPES
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from tests.accounts import a_linked_account
from tests.api.asking import by_key
from tests.builders import NOW, ACreator, a_creator, a_student, a_video, a_watch
from tests.oracle import rows_of
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import table
from tests.reports.exports.opened import exported
from tests.sentences.rendered import mail_texts, workbook_texts

pytestmark = pytest.mark.usefixtures("shared_database")

ADA, LABELLED = "Ada Lindner", "Ada Lindner (demo)"
DEMO = text("update creators set is_demo = true where id = :id")


@pytest.fixture(scope="module")
def demo(shared_database: object) -> ACreator:
    bo, video = a_student("Bo Lind", enrolled_days_ago=40), a_video("Loops")
    creator = a_creator(bo, video, [a_watch(bo, video, days_ago=days) for days in (3, 8, 10)], name=ADA)
    with platform_tx() as connection:
        connection.execute(DEMO, {"id": creator.id})
    return creator


@pytest.fixture(scope="module")
def real(shared_database: object) -> ACreator:
    return a_creator(a_student("Bo Lind"), name="Nova Reyes")


def snapshot_text(creator_id: UUID) -> str:
    document = PdfReader(BytesIO(snapshot_pdf(snapshot(creator_id, MONTH))))
    return f"{document.metadata.title} {document.pages[0].extract_text()}"


def student_text(creator_id: UUID) -> str:
    (bo,) = rows_of(creator_id, "students")
    return PdfReader(BytesIO(student_report(creator_id, bo["id"]))).pages[0].extract_text()


def workbook_text(creator_id: UUID) -> str:
    return "\n".join(workbook_texts(workbook_bytes(snapshot(creator_id, MONTH))))


def digest_text(creator_id: UUID) -> str:
    written = digest_of_week(creator_of_id(creator_id), last_full_week(NOW, "UTC")).mail
    return "\n".join(mail_texts(cast(Mail, written)))


@pytest.mark.parametrize("written", [snapshot_text, student_text, workbook_text, digest_text])
def test_reports_and_the_digest(demo: ACreator, written: Callable[[UUID], str]) -> None:
    said = written(demo.id)

    assert LABELLED in said
    assert ADA not in said.replace(LABELLED, "")


@pytest.mark.parametrize("export_type", TYPES)
def test_the_head_of_every_export(demo: ACreator, export_type: str) -> None:
    assert json.loads(exported(demo, export_type, "json"))["creator"] == LABELLED
    assert LABELLED in PdfReader(BytesIO(exported(demo, export_type, "pdf"))).pages[0].extract_text()


def test_a_creators_own_pages(demo: ACreator, real: ACreator) -> None:
    for creator, is_demo in ((demo, True), (real, False)):
        app = opened(an_account(creator))
        assert ("Demo data" in words(app)) is is_demo
        assert (f"Dashboard of **{creator.name} \\(demo\\)**" in words(app)) is is_demo


def test_what_staff_see(demo: ACreator, real: ACreator) -> None:
    staff = a_linked_account()
    an_account(demo)
    app = opened(staff.id, "staff")

    shown = table(app, "creator_table").column("Creator")
    assert LABELLED in shown
    assert "Nova Reyes" in shown
    assert LABELLED in app.sidebar.selectbox[0].options
    assert LABELLED in [one.creator_name for one in accounts(staff.id)]
    assert ADA not in [one.creator_name for one in accounts(staff.id)]
    assert {one.name: one.is_demo for one in creator_states(staff.id)}[ADA]
    assert set(audit_log(staff.id)["creator"]) <= {LABELLED, "Nova Reyes"}


@pytest.mark.parametrize("is_demo", [True, False])
def test_programs_are_told(demo: ACreator, real: ACreator, is_demo: bool) -> None:
    creator = demo if is_demo else real

    answer = by_key(creator.id).get("/creator/account")

    assert answer.json() == {
        "id": str(creator.id),
        "name": creator.name,
        "subscriptionTier": "enterprise",
        "timezone": "UTC",
        "isDemo": is_demo,
    }
