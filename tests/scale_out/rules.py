"""The names of the rules, a finding, and which relations belong to no creator."""

from dataclasses import dataclass

UNIQUE = "a unique key begins with creator_id"
SET_NULL = "a foreign key that holds creator_id sets nothing to NULL"
DIRECTORY_KEY = "a directory table points to no tenant's table"
TRANSITION = "a transition table is read into variables alone"
LANGUAGE_SQL = "a function over tenants' tables is plpgsql"
RIGHTS = "rights are granted or revoked by name"
JOIN = "a join has creator_id on both sides"
CROSS = "different tables are not joined without a condition"
ORDER = "nothing is ordered by a sequence"
TENANT = "the tenant is set by the text of set local"
READABLE = "the statement can be read by this check"

# One copy of each for all creators: on a cluster they are reference tables, or stay where they are.
DIRECTORY = frozenset({"dashboard_users", "failures", "report_runs", "report_run_creators", "time_zones"})
QUEUE = "procrastinate_"  # and this prefix: the queue's package owns them
OF_TOOLS = frozenset({"alembic_version"})

# table.column of tenants' tables that a sequence fills.
NUMBERED: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """Something that would not work on several machines: the rule, what it is in, and where exactly."""

    rule: str
    name: str  # of the object, or the file that sent the statement
    words: str = ""  # the statement on one line

    def __str__(self) -> str:
        return f"{self.name}: {self.rule}" + (f"\n    {self.words}" if self.words else "")


def is_tenants(relation: str) -> bool:
    """Whether the rows of this table or view belong to one creator each."""
    return not relation.startswith((QUEUE, "pg_")) and relation not in DIRECTORY | OF_TOOLS
