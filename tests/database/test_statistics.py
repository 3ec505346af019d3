"""A build in a new database does not read its own rows again and again, although there are no statistics at first."""

import time

from sqlalchemy import URL, text

from database.demo import DemoSize, load_demo
from database.engine import engine
from database.migrate import migrate
from database.statistics import measure

READ_AND_WRITTEN = text(
    """
    -- For the folds of which a student has many rows.
    select
        (
            select sum(idx_tup_read)::bigint
            from pg_stat_user_indexes
            where relname in ('watched_videos', 'views', 'visits', 'dated_attempts')
        ) as entries_read,
        sum(n_tup_ins)::bigint as written
    from pg_stat_user_tables
    where relname in ('watched_videos', 'views', 'visits', 'dated_attempts')
    """
)
KNOWN = text("select relpages from pg_class where relname = 'watched_videos'")
MEASURED = text("select sum(analyze_count)::bigint from pg_stat_user_tables")
PAGES = text("select pg_relation_size('watched_videos') / current_setting('block_size')::integer")


def test_a_build_reads_no_more_than_a_few_times_what_it_writes(empty_database: URL) -> None:
    migrate()

    load_demo(DemoSize(students=600, videos=30))

    engine().dispose()  # a connection reports what it read when it ends
    time.sleep(0.5)
    with engine().connect() as connection:
        counted = connection.execute(READ_AND_WRITTEN).one()
        assert counted.written > 20_000
        # Without statistics every student's look-up reads everybody's entries: 170 times what is written.
        assert counted.entries_read < 25 * counted.written
        assert connection.execute(KNOWN).scalar_one() * 2 >= connection.execute(PAGES).scalar_one() - 8


def test_what_has_not_grown_is_left_alone(empty_database: URL) -> None:
    migrate()
    load_demo(DemoSize(students=50, videos=10))
    with engine().connect() as connection:
        before = connection.execute(MEASURED).scalar_one()

    measure(times=1_000)
    with engine().connect() as connection:
        assert connection.execute(MEASURED).scalar_one() == before

    measure(times=0)
    with engine().connect() as connection:
        assert connection.execute(MEASURED).scalar_one() > before
