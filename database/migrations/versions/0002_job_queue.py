"""The tables of the job queue, as the queue's own package ships them."""

from contextlib import closing

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with closing(op.get_bind().connection.cursor()) as cursor:
        cursor.execute(SchemaManager.get_schema())
