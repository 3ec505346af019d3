"""Every column of every rollup against plain Python, on random histories.

All creators of this module live in one database and have students, videos and messages with
the same ids: a figure that reached across creators would differ from the oracle's.
"""

import pytest
from hypothesis import given

from tests import oracle
from tests.builders import NOW, History, histories, refreshed
from tests.database.snapshots import ROLLUPS, VIEWS, assert_same_rows

pytestmark = pytest.mark.usefixtures("shared_database")

COUNTED = {
    "student_activity": oracle.student_activity,
    "student_sessions": oracle.student_sessions,
    "daily_active_users": oracle.daily_active_users,
    "daily_student_activity": oracle.daily_student_activity,
    "hourly_activity": oracle.hourly_activity,
    "video_analytics": oracle.video_analytics,
    "most_asked_questions": oracle.most_asked_questions,
    "student_engagement_tiers": lambda source: oracle.student_engagement_tiers(source, NOW),
    "creator_analytics_cache": lambda source: oracle.creator_analytics_cache(source, NOW),
}


def test_the_oracle_knows_every_relation():
    # creator_analytics_cache shows every column of creator_totals; test_video_views.py counts video_views.
    assert set(COUNTED) == (set(ROLLUPS) | set(VIEWS)) - {"creator_totals", "video_views"}


@given(histories(until=NOW))
def test_every_column_equals_a_plain_python_count(history: History):
    creator = refreshed(history)

    source = oracle.source(creator.id)
    for relation, counted in COUNTED.items():
        assert_same_rows(relation, oracle.rows_of(creator.id, relation), counted(source))
