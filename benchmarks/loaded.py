"""Demo data in a separate embedded database."""

import os

from database.demo import DemoReport, DemoSize, load_demo
from database.migrate import migrate
from database.throwaway import throwaway_data_folder


def loaded(students: int = DemoSize().students) -> DemoReport:
    """Load demo data into a new embedded database, which is removed when the process ends."""
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    return load_demo(DemoSize(students=students))
