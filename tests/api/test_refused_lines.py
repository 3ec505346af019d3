"""The refused lines of a file by signed link: of a check, and of an import; everything else is the same 404."""

import pytest
from fastapi.testclient import TestClient

from actions.file_imports import start_import
from api.app import api
from reports.links import refused_lines_link
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.file_imports import ONE_IS_WRONG, checked_file, worked_on

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("STORAGE_URL", f"file://{tmp_path}")


def test_refused_lines_before_and_after_the_import() -> None:
    creator = a_creator()
    author = a_linked_account(creator)
    checked = checked_file(author, creator, ONE_IS_WRONG.replace("soon", "=soon()"))
    path = refused_lines_link(creator.id, checked).path.removeprefix("/api")
    client = TestClient(api)

    before = client.get(path)
    assert before.status_code == 200
    assert before.content.decode("utf-8-sig").splitlines()[1] == "4,end_second,'=soon(),This is not a number."

    start_import(author, creator.id, checked, takes_good_rows=True)
    worked_on(creator, checked)
    after = client.get(path)
    assert after.content == before.content
    assert "attachment" in after.headers["content-disposition"]

    outsider = refused_lines_link(a_creator().id, checked).path.removeprefix("/api")
    for wrong in (outsider, path.replace("signature=", "signature=0"), path.partition("?")[0]):
        assert client.get(wrong).status_code == 404
