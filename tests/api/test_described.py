"""Whatever the request, the API responds as described: schemathesis, all checks, stateful too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from database.api_keys import add_key
from tests.api.server import served
from tests.queries.every_answer import a_told_creator

CASES = os.environ.get("API_CASES", "30")  # per route
OF_SCOPE = {
    "read": ["--include-method", "GET", "--exclude-path-regex", "export|xapi"],
    "write": ["--exclude-path-regex", "export|health|ready", "--include-path-regex", "videos|preferences|courses|runs"],
    "export": ["--include-path-regex", "export"],  # for xAPI, see proofs/test_fuzzed_xapi.py
}
# It takes the id of a course that was just created for the creator's, and does not find the course.
NOT_GUESSED = """
[[operations]]
include-path = "/creator/courses/{{courseId}}"
parameters = {{ creatorId = "{creator_id}" }}
"""


@pytest.fixture(scope="module")
def address(shared_database):
    with served() as address:
        yield address


@pytest.mark.parametrize("scope", OF_SCOPE)
def test_every_answer_is_as_described(address, scope, tmp_path):
    creator_id = a_told_creator().creator_id
    key = add_key(creator_id, "Fuzzing", scope)
    (tmp_path / "schemathesis.toml").write_text(NOT_GUESSED.format(creator_id=creator_id))
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *("run", f"{address}/openapi.json", "--url", address, "--checks", "all", "--no-color"),
        *("--header", f"Authorization: Bearer {key}", "--max-examples", CASES, "--seed", "1"),
        *("--continue-on-failure", "--suppress-health-check", "all", *OF_SCOPE[scope]),
    ]

    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
    assert "Stateful" in result.stdout
