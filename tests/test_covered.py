"""What the tests ran is measured in the workers, and too little of it fails the run."""

import subprocess
import sys

from database.settings import PROJECT_DIR


def test_a_run_below_the_floor_fails_and_says_what_was_not_met() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.covered", "--floor", "99", "-n", "1", "tests/rules"],
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 1, run.stdout + run.stderr
    assert "failed" not in run.stdout
    assert "of the application (floor 99%)" in run.stdout
