"""Streamlit's cache in a notebook, a command or a job: it works, and says nothing about an app that is not there."""

import logging
import subprocess
import sys

import pytest

from database.settings import PROJECT_DIR
from queries.cache.caching import NEED_THE_APP

PROGRAM = """
from streamlit.runtime.scriptrunner import get_script_run_ctx
from queries.cache.caching import remembered

assert remembered(60)(len)("ab") == 2
assert get_script_run_ctx() is None
"""


def test_outside_the_app_nobody_is_told_that_it_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "default", "-c", PROGRAM], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )

    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("name", NEED_THE_APP)
def test_in_the_app_the_same_words_are_heard(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    logger = logging.getLogger(f"streamlit.{name}")
    monkeypatch.setattr(logger, "callHandlers", lambda record: heard.append(record.getMessage()))

    logger.warning("outside")
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    logger.warning("inside")

    assert heard == ["inside"]
