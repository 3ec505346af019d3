"""Which texts were linted before and found clean: the same text under the same rules is clean again.

Everything that matters is part of the key: the text, the version of sqlfluff, its settings and the file with our rules.
"""

import os
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from database.settings import PROJECT_DIR

FILE = PROJECT_DIR / ".lint_cache" / "clean_statements"
MOST = 5_000  # keys: several times as many as there are statements
RULES = (PROJECT_DIR / ".sqlfluff", PROJECT_DIR / "tests" / "statements" / "lint.py")


class CleanTexts:
    """The keys of clean texts, in a file that several runs may share."""

    def __init__(self, file: Path = FILE, rules: Iterable[Path] = RULES) -> None:
        self._file = file
        self._of_rules = _key_of_rules(tuple(rules))
        self._known = frozenset(file.read_text(encoding="ascii").split()) if file.exists() else frozenset()

    def knows(self, text: str) -> bool:
        return self._key(text) in self._known

    def add(self, texts: Iterable[str]) -> None:
        """Add these; if there are too many keys, keep only these."""
        found = {self._key(text) for text in texts}
        kept = found if len(self._known) > MOST else found | self._known
        self._file.parent.mkdir(exist_ok=True)
        draft = self._file.with_suffix(f".{os.getpid()}")
        draft.write_text("".join(f"{key}\n" for key in sorted(kept)), encoding="ascii")
        draft.replace(self._file)  # atomically: concurrent readers read the old one

    def _key(self, text: str) -> str:
        return sha256(f"{self._of_rules}\0{text}".encode()).hexdigest()


@cache
def _key_of_rules(rules: tuple[Path, ...]) -> str:
    parts = [version("sqlfluff"), *(file.read_text(encoding="utf-8") for file in rules)]
    return sha256("\0".join(parts).encode()).hexdigest()
