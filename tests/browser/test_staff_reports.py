"""Staff create reports for all creators: with a real browser, a real server and its worker."""

import io
from zipfile import ZipFile

from tests.browser.conftest import Visits
from tests.browser.visitor import STAFF


def test_staff_make_the_reports_of_all_creators_and_fetch_them_as_one_zip(visitor: Visits) -> None:
    noor = visitor()
    noor.open("/staff")
    noor.sign_in(STAFF)
    noor.is_on("Staff")
    noor.page.get_by_role("tab", name="Reports").click()
    noor.settle()
    noor.page.get_by_role("button", name="Create reports").click()

    noor.sees("Download 2 reports")  # without a reload
    noor.settle()
    with noor.page.expect_download() as started:
        noor.page.get_by_role("link", name="Download 2 reports").first.click()

    archive = ZipFile(io.BytesIO(started.value.path().read_bytes()))
    assert [name.split("-")[1] for name in archive.namelist()[:2]] == ["ada", "marisol"]
    assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist()[:2])
