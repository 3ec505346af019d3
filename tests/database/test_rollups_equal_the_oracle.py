"""Every column of the relations in the product's description against plain Python, on random histories.

All creators of this module are in one database and have students, videos and messages with
the same ids: a figure that reached across creators would differ from the oracle's.
"""

import pytest
from hypothesis import given

from tests import activity_oracle, oracle, people_oracle, watching_oracle
from tests.builders import NOW, History, histories, refreshed
from tests.database.snapshots import ROLLUPS, VIEWS, assert_same_rows

pytestmark = pytest.mark.usefixtures("shared_database")

COUNTED = {
    "daily_active_users": lambda source: activity_oracle.daily_active_users(source, NOW),
    "video_analytics": lambda source: watching_oracle.video_analytics(source, NOW),
    "most_asked_questions": lambda source: oracle.most_asked_questions(source, NOW),
    "student_engagement_tiers": lambda source: people_oracle.student_engagement_tiers(source, NOW),
    "creator_analytics_cache": lambda source: people_oracle.creator_analytics_cache(source, NOW),
}


def test_the_oracle_knows_every_relation():
    assert set(COUNTED) == set(ROLLUPS) | set(VIEWS)


@given(histories(until=NOW))
def test_every_column_equals_a_plain_python_count(history: History):
    creator = refreshed(history)

    source = oracle.source(creator.id)
    for relation, counted in COUNTED.items():
        assert_same_rows(relation, oracle.rows_of(creator.id, relation), counted(source))
