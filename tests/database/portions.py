"""Portions of a chosen size, one at a time."""

from database.refresh import PORTION, Portion
from database.tenancy import tenant_tx
from tests.builders import ACreator


def a_portion(creator: ACreator, most_keys: int = 2000, most_students: int = 100) -> Portion:
    with tenant_tx(creator.id, limit_seconds=60) as connection:
        asked = {"creator_id": creator.id, "most_keys": most_keys, "most_students": most_students}
        row = connection.execute(PORTION, asked).one()
    return Portion(creator.id, row.keys_done, row.keys_left)
