"""What the tests send to the database: recorded while they run, checked when they end.

`recorded_statements()` returns the set; a check of it goes into `CHECKS` in `tests/statements/session.py`.
"""

from tests.statements.session import recorded_statements
from tests.statements.statement import Source, Statement

__all__ = ["Source", "Statement", "recorded_statements"]
