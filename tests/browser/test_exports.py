"""A person creates an export: with a real browser, a real server and its worker."""

import csv
import io
import re
import urllib.error
import urllib.request

import pytest

from tests.browser.conftest import Visits
from tests.browser.visitor import STAFF

COUNTED = re.compile(r"of ([\d,]+) students")


def test_a_list_is_exported_with_its_filters_and_downloaded(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/students?status=at-risk")
    ada.sign_in()
    ada.is_on("Students")
    found = COUNTED.search(ada.page.get_by_text(COUNTED).first.inner_text())
    assert found

    ada.follow("Export")
    ada.is_on("Exports")
    ada.is_at("/exports?type=students&status=at-risk")
    ada.page.get_by_role("button", name="Create file").click()
    ada.sees("Students · CSV Ready")  # without a reload
    ada.settle()
    with ada.page.expect_download() as started:
        ada.page.get_by_role("link", name="Download").first.click()

    file = started.value
    rows = list(csv.DictReader(io.StringIO(file.path().read_bytes().decode("utf-8-sig"))))
    assert re.fullmatch(r"ada-lindner-demo-students-\d{4}-\d\d-\d\d\.csv", file.suggested_filename)
    assert len(rows) == int(found[1])
    assert {row["Status"] for row in rows} == {"At risk"}


def test_a_link_with_another_signature_leads_to_nothing(visitor: Visits) -> None:
    ada = visitor()
    ada.open("/exports?type=videos&format=json")
    ada.sign_in()
    ada.is_on("Exports")
    ada.page.get_by_role("button", name="Create file").click()
    ada.sees("Videos · JSON Ready")
    ada.settle()  # until this row's link is where the link of the row before was
    link = ada.server.address + (ada.page.get_by_role("link", name="Download").first.get_attribute("href") or "")
    with urllib.request.urlopen(link) as answer:
        assert answer.read().startswith(b"{")

    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(link.replace("signature=", "signature=x"))


def test_staff_export_for_the_creator_they_read(visitor: Visits) -> None:
    noor = visitor()
    noor.open("/exports?type=quiz_results")
    noor.sign_in(STAFF)
    noor.is_on("Exports")

    noor.page.get_by_role("button", name="Create file").click()

    noor.sees("Quiz results · CSV Ready", "Noor Haddad (staff)")
