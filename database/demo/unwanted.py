"""Whether somebody has chosen to do without the demo, so that an empty database stays empty at the next start."""

from database.data_folder import make_data_folder
from database.settings import settings

FILE = "without-demo"  # in the data folder, as the embedded database is


def do_without_demo() -> None:
    """From now on, a start loads no demo into an empty database."""
    make_data_folder(settings().data_dir)
    (settings().data_dir / FILE).touch(mode=0o600)


def want_demo() -> None:
    """Undo `do_without_demo`."""
    (settings().data_dir / FILE).unlink(missing_ok=True)


def is_unwanted() -> bool:
    """Whether `do_without_demo` was called since the demo was loaded last."""
    return (settings().data_dir / FILE).exists()
