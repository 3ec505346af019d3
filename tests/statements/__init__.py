"""What the tests send to the database: recorded while they run, checked when they end.

`recorded_statements()` is the way to the set; a check of it joins `CHECKS` in `tests/statements/session.py`.
"""

from tests.statements.session import recorded_statements
from tests.statements.statement import Source, Statement

__all__ = ["Source", "Statement", "recorded_statements"]
