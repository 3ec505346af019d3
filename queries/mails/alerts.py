"""The notices a creator has not been emailed about."""

from datetime import date
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.overview.notices import NoticeRow, notices
from rules.preferences import Preferences

ALERTED = "select notice_key from alerted_notices where creator_id = :creator_id and alert_date < :day"


def wanted_kinds(chosen: Preferences) -> frozenset[str]:
    """The kinds of notice the creator wants."""
    switches = {"at_risk": chosen.alerts_at_risk, "quiz": chosen.alerts_quizzes, "video": chosen.alerts_content}
    return frozenset(kind for kind, is_on in switches.items() if is_on)


def new_notices(creator_id: UUID, chosen: Preferences, day: date) -> Annotated[pd.DataFrame, NoticeRow]:
    """The rows of `overview.notices.notices` that are wanted and were in no alert before this local day."""
    current = notices.fresh(creator_id)
    alerted = set(frame(creator_id, ALERTED, day=day)["notice_key"])
    return current[current["kind"].isin(wanted_kinds(chosen)) & ~current["notice_key"].isin(alerted)]


def notice_keys(creator_id: UUID) -> list[str]:
    """The keys of all current notices, wanted or not."""
    return list(notices.fresh(creator_id)["notice_key"])
