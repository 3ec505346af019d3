"""Pages are compiled once: `AppTest` has a new cache of scripts in every run, where the server has one."""

import pytest
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import local_script_runner


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Until the patch is undone, all runs of pages share what is compiled."""
    compiled = ScriptCache()
    patch.setattr(local_script_runner, "ScriptCache", lambda: compiled)
