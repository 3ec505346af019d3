"""JSON columns have the shape that is read; a creator's time zone is a name that server and program know."""

from zoneinfo import available_timezones

from alembic import op
from sqlalchemy import text

from database.sql_files import run_sql_files

revision = "0010"
down_revision = "0009"

FILL = text("insert into time_zones (name) select name from pg_timezone_names where name = any(:known)")
OF_NO_PLACE = {"Factory", "localtime"}


def upgrade() -> None:
    run_sql_files(["0010_json_shapes.sql", "0010_time_zones.sql"])
    op.get_bind().execute(FILL, {"known": sorted(available_timezones() - OF_NO_PLACE)})
    run_sql_files(["0010_known_time_zones.sql"])
