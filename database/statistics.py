"""Tell the planner how large relations have become.

Of a relation that it believes to be empty, the planner takes any index that begins like the right one, and then reads
all rows of a creator to find those of one student. Autovacuum tells it after a minute, which is late in a load.
"""

from sqlalchemy import text

from database.engine import engine

# Only the owner may analyze: it is the login role that does, and it reads nothing. What is small may be misjudged.
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
    """Analyze the relations that have grown to more than so many times what the planner knows of."""
    with engine().begin() as connection:
        if grown := connection.execute(GROWN, {"times": times}).scalar_one():
            connection.exec_driver_sql(f"analyze {grown}")
