"""The example of the documentation does what it says."""

import json
import re

import pytest

from database.settings import PROJECT_DIR
from sources.xapi.working import understand
from tests.builders import a_creator
from tests.oracle import rows_of
from tests.xapi import a_sender

pytestmark = pytest.mark.usefixtures("shared_database")


def test_the_documented_statement_becomes_a_watched_stretch():
    page = (PROJECT_DIR / "docs" / "xapi.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    creator = a_creator()

    answer = a_sender(creator.id)("POST", "/statements", json.loads(example))
    understand(creator.id)

    assert answer.status_code == 200
    (stretch,) = rows_of(creator.id, "watch_segments")
    assert (stretch["start_second"], stretch["end_second"]) == (0, 43)
    assert [video["title"] for video in rows_of(creator.id, "videos")] == ["Knots"]
    assert [student["name"] for student in rows_of(creator.id, "students")] == ["Ada Moss"]
