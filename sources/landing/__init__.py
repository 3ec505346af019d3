"""The landing: the one writer of everything that sources tell, with a list of imports, and undo.

from sources.landing import Source, land

land(creator_id, Source("csv", ids_from="moodle", file_name="grades.csv", sha256=digest), lines)
"""

from sources.landing.landing import land, lines_of, write_facts
from sources.landing.names import known_as
from sources.landing.register import TAKE_TURNS, errors, forget_old_imports, import_of_id, imports
from sources.landing.source import Counts, Import, ImportReport, Source
from sources.landing.undoing import undo

__all__ = [
    "TAKE_TURNS",
    "Counts",
    "Import",
    "ImportReport",
    "Source",
    "errors",
    "forget_old_imports",
    "import_of_id",
    "imports",
    "known_as",
    "land",
    "lines_of",
    "undo",
    "write_facts",
]
