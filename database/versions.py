"""Which state of the rollups a creator's answers come from."""

from uuid import UUID

from sqlalchemy import text

from database.tenancy import tenant_tx

VERSION = text("select version from creator_data_versions where creator_id = :creator_id")


def data_version(creator_id: UUID) -> int:
    """The number of the creator's last refresh; 0 before the first."""
    with tenant_tx(creator_id) as connection:
        return connection.execute(VERSION, {"creator_id": creator_id}).scalar() or 0
