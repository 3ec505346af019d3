"""What breaks the rules today, by name, each with the reason. Nothing is to be added here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.scale_out.rules import DIRECTORY_KEY, SET_NULL, UNIQUE

if TYPE_CHECKING:  # the recording imports this module
    from tests.statements.statement import Statement


@dataclass(frozen=True)
class Offender:
    """An object of the database; or a statement, by the file that sends it and a part of its text on one line.

    No valid statement of the file contains this part: a run may send only that one.
    """

    rule: str
    name: str
    reason: str
    part: str = ""

    def is_about(self, statement: Statement) -> bool:
        return statement.source.file == self.name and self.part in statement.normalised


STATEMENTS: tuple[Offender, ...] = ()

OBJECTS = (
    Offender(
        UNIQUE, "api_keys_key_sha256_key", "whose key it is has to be found: the look-up becomes a directory table"
    ),
    Offender(
        SET_NULL, "invitations.invitations_creator_id_student_id_fkey", "students are soft-deleted: the key can go"
    ),
    Offender(
        SET_NULL,
        "mail_deliveries.mail_deliveries_creator_id_student_id_fkey",
        "students are soft-deleted: the key can go",
    ),
    *(
        Offender(DIRECTORY_KEY, name, "goes when the directory is copied to every machine")
        for name in (
            "dashboard_users.dashboard_users_creator_id_fkey",
            "report_run_creators.report_run_creators_creator_id_fkey",
            "report_run_creators.report_run_creators_creator_id_export_id_fkey",
        )
    ),
)
