"""Lint the statements that have their own files: each as it is sent, with everything it includes.

sqlfluff sees an included step only as a comment, so it cannot read the files by themselves. A step is
linted in the statements that include it. `make check` runs this.
"""

import re
import sys

from tests.statements.clean import CleanTexts
from tests.statements.lint import lint_all, statements_in_files
from tests.statements.statement import Source, Statement, normalised

CHOICE = re.compile(r"{(\w+)}")
DIRECTION = "direction"  # any other choice is of a column or a condition


def statements() -> list[Statement]:
    """Each statement with a file; a choice that its module makes is read as a column of its name."""
    return [
        Statement(read, normalised(read), Source(file, "sql"))
        for text, file in statements_in_files().items()
        for read in [CHOICE.sub(lambda choice: "asc" if choice[1] == DIRECTION else choice[1], text)]
    ]


if __name__ == "__main__":
    found = lint_all(statements(), excused=(), clean=CleanTexts())
    sys.exit("\n".join(found) or 0)
