"""What docs/events.md says is so: its example, its table of types, its tokens."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic.fields import FieldInfo

from database.clock import now
from database.settings import PROJECT_DIR
from queries.overview.headline import overview_stats
from sources.events.event import Event
from sources.events.models import AnyEvent
from sources.events.tokens import signing_secret, student_of
from tests.api.ingest.test_batch import Sending, a_server
from tests.builders import refreshed

GUIDE = (PROJECT_DIR / "docs" / "events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(?P<type>\w+)` \| (?P<fields>.+) \|$", re.MULTILINE)
FIELD = re.compile(r"(?P<needed>\*\*)?`(?P<name>\w+)`(?:\*\*)?(?: \([^)]*\))?")
KEY = UUID(int=7)


def test_the_example_is_taken_and_answered_as_it_says(shared_database):
    sending: Sending = a_server()
    example, answer = blocks("json")

    assert sending.post(example.encode()).json() == json.loads(answer)
    assert sending.post(example.encode()).json() == {**json.loads(answer), "accepted": 0, "duplicate": 11}
    refreshed(sending.creator)
    stats = overview_stats.fresh(sending.creator.id)
    assert (stats.total_students, stats.videos_watched, stats.quizzes_passed, stats.questions_asked) == (1, 1, 1, 1)


def test_every_type_and_field_is_in_the_table():
    said = {row["type"]: fields_said(row["fields"]) for row in ROW.finditer(GUIDE[GUIDE.index("| type |") :])}

    assert {name: said[name] for name in known()} == known()


@pytest.mark.parametrize(
    ("language", "program", "call"),
    [
        ("python", [sys.executable, "-c"], "print(student_token('Åda 4711', '{secret}'))"),
        ("js", ["node", "-e"], "console.log(studentToken('Åda 4711', '{secret}'))"),
        ("php", ["php", "-r"], "echo student_token('Åda 4711', '{secret}');"),
    ],
    ids=["python", "node", "php"],
)
def test_tokens_of_the_examples_name_their_student(language, program, call, monkeypatch):
    monkeypatch.delenv("DASHBOARD_NOW")
    if shutil.which(program[0]) is None:
        pytest.skip(f"{Path(program[0]).name} is not installed")
    script = blocks(language)[0] + "\n" + call.format(secret=signing_secret(KEY))

    token = subprocess.run([*program, script], capture_output=True, text=True, check=True).stdout.strip()

    assert student_of(token, KEY, now()) == "Åda 4711"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def fields_said(told: str) -> dict[str, bool]:
    return {found["name"]: found["needed"] is not None for found in FIELD.finditer(told)}


def known() -> dict[str, dict[str, bool]]:
    """Fields by type, and whether they are needed."""
    found: dict[str, dict[str, bool]] = {}
    union: Any = get_args(AnyEvent)[0]
    for model in get_args(union):
        assert issubclass(model, Event)
        fields: dict[str, FieldInfo] = model.model_fields
        own = {
            str(field.alias or name): field.is_required()
            for name, field in fields.items()
            if name not in ("id", "type")
        }
        [event_type] = get_args(fields["type"].annotation)
        found[event_type] = own
    return found
