"""Tell the planner how large relations have become.

For a relation that it believes to be empty, the planner takes any index that begins like the right one, and then reads
all rows of a creator to find those of one student. Autovacuum tells it after a minute, which is late during a load.
"""

from sqlalchemy import text

from database.engine import engine

# Only the owner may analyze: the login role does, and reads no rows. Small relations may be misjudged.
GROWN = text(
    """
    select string_agg(format('%I', relname), ', ' order by relname)
    from pg_class
    where
        relnamespace = 'public'::regnamespace
        and relkind = 'r'
        and pg_relation_size(oid) / current_setting('block_size')::integer > 8 + :times * relpages
    """
)


def measure(times: float = 2) -> None:
    """Analyze the relations that have grown to more than this many times the size that the planner knows."""
    with engine().begin() as connection:
        if grown := connection.execute(GROWN, {"times": times}).scalar_one():
            connection.exec_driver_sql(f"analyze {grown}")
