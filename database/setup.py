"""What must exist before the first page: the newest schema, and demo data in an empty embedded database."""

import sys
from typing import NoReturn

from database.engine import is_embedded
from database.migrate import migrate
from rules.errors import SetupError


def prepare() -> None:
    """Migrate, and load the demo data if there is nothing else and nobody has chosen to do without it.

    Raises SetupError if that is not possible.
    """
    # Imported late: only an empty database needs it.
    from database.demo import is_empty, is_unwanted, load_demo
    from database.demo.screen import shown_progress

    migrate()
    if is_embedded() and is_empty() and not is_unwanted():
        with shown_progress() as progress:
            load_demo(progress=progress)


def exit_with(error: SetupError) -> NoReturn:
    """Print one line and exit, without a traceback, even from inside another program's start."""
    print(f"error: {error}", file=sys.stderr, flush=True)
    sys.exit(2)
