"""Whatever the request, the receiver of xAPI answers it: schemathesis, in search of a 500."""

import subprocess
import sys
from pathlib import Path

from database.api_keys import new_key
from proofs.length import short_or_full
from tests.api.server import served
from tests.queries.every_answer import a_told_creator

CASES = str(short_or_full(30, 500))  # per route


def test_no_request_breaks_xapi(shared_database, tmp_path):
    made = new_key(a_told_creator().creator_id, "Fuzzing", "xapi-server")
    with served() as address:
        result = subprocess.run(
            [
                str(Path(sys.executable).parent / "schemathesis"),
                *("run", f"{address}/openapi.json", "--url", address, "--checks", "not_a_server_error", "--no-color"),
                *("--auth", f"{made.id}:{made.key}", "--max-examples", CASES, "--seed", "1"),
                *("--continue-on-failure", "--suppress-health-check", "all", "--include-path-regex", "xapi"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    assert result.returncode == 0, result.stdout[-6000:] + result.stderr[-2000:]
