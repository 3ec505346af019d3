"""The demo data in an embedded database of the benchmark's own."""

import os

from database.demo import DemoReport, DemoSize, load_demo
from database.migrate import migrate
from database.throwaway import throwaway_data_folder


def loaded(students: int = DemoSize().students) -> DemoReport:
    """A new embedded database with demo data; its folder goes when the process ends."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    return load_demo(DemoSize(students=students))
