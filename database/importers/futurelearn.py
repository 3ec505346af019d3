"""Load the export of a FutureLearn course run as the students, videos and quizzes of a creator."""

from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from database.creators import ADD_CREATOR, Creator, check_terms, creator_named, creators
from database.importers.futurelearn_courses import check_title, placed
from database.importers.futurelearn_export import read_export
from database.importers.futurelearn_known import own_videos
from database.importers.futurelearn_report import ImportReport, NoteProgress, silence
from database.importers.futurelearn_tables import load
from database.refresh import refresh
from database.tenancy import tenant_tx
from rules.tiers import DASHBOARD_TIER

IMPORT_SECONDS = 600.0  # per statement; the largest runs have several million rows
DEFAULT_TIER = DASHBOARD_TIER
DEFAULT_TIMEZONE = "UTC"
REFRESH_WORK = "refresh of the figures"

AS_PLATFORM = text("set local role dashboard_platform")
AS_CREATOR = text("set local role dashboard_app")

SET_TERMS = text(
    """
    update creators
    set
        subscription_tier = coalesce(cast(:subscription_tier as text), subscription_tier),
        timezone = coalesce(cast(:timezone as text), timezone),
        timezone_was = case when cast(:timezone as text) is null then timezone_was end
    where
        id = :creator_id
        and (
            subscription_tier <> coalesce(cast(:subscription_tier as text), subscription_tier)
            or timezone <> coalesce(cast(:timezone as text), timezone)
            or (timezone_was is not null and cast(:timezone as text) is not null)
        )
    """
)


def import_futurelearn(
    folder: Path,
    creator_name: str,
    subscription_tier: str | None = None,
    timezone: str | None = None,
    progress: NoteProgress = silence,
    course: str | None = None,
) -> ImportReport:
    """Load the folder's course run for the creator with this name (or id), then refresh their figures.

    An unknown creator is added, as enterprise in UTC unless specified otherwise; a known one keeps
    tier and zone unless they are given. With the title of a course, the run becomes a run of it: several
    runs share its videos and quizzes, and a learner in several of them is one student. Loading the same
    files again changes nothing; a newer export of the same run updates. Everything, including a new creator, is
    one transaction that begins after all files have been checked.

    Raises InputError for the first invalid thing in the files or arguments; nothing is loaded then.
    """
    check_terms(creator_name, subscription_tier, timezone)
    if course is not None:
        check_title(course)
    known = _known_creator(creator_name)
    export = read_export(folder, progress)
    creator_id = known.id if known else uuid4()
    with tenant_tx(creator_id, limit_seconds=IMPORT_SECONDS) as connection:
        if known:
            _set_terms(connection, creator_id, subscription_tier, timezone)
        else:
            _add_creator(connection, creator_id, creator_name, subscription_tier, timezone)
        place = placed(connection, creator_id, export.course_run, course, own_videos(creator_id, export))
        tables = load(connection, creator_id, export, place, progress)
    progress(REFRESH_WORK, 0, 1)
    is_refreshed = refresh(creator_id, limit_seconds=IMPORT_SECONDS)
    progress(REFRESH_WORK, 1, 1)
    return ImportReport(
        creator_id=creator_id,
        creator_name=known.name if known else creator_name,
        is_new_creator=known is None,
        course_run=export.course_run,
        files=export.files,
        tables=tables,
        is_refreshed=is_refreshed,
    )


def _known_creator(name: str) -> Creator | None:
    """The creator, or None if there is none yet. Raises InputError if several have the name."""
    if any(name in (creator.name, str(creator.id)) for creator in creators()):
        return creator_named(name)
    return None


def _add_creator(
    connection: Connection, creator_id: UUID, name: str, subscription_tier: str | None, timezone: str | None
) -> None:
    """Add the creator in the load's transaction, so that a load that fails leaves no creator behind."""
    connection.execute(AS_PLATFORM)
    connection.execute(
        ADD_CREATOR,
        {
            "id": creator_id,
            "name": name,
            "subscription_tier": subscription_tier or DEFAULT_TIER,
            "timezone": timezone or DEFAULT_TIMEZONE,
        },
    )
    connection.execute(AS_CREATOR)


def _set_terms(connection: Connection, creator_id: UUID, subscription_tier: str | None, timezone: str | None) -> None:
    connection.execute(AS_PLATFORM)
    connection.execute(
        SET_TERMS,
        {"creator_id": creator_id, "subscription_tier": subscription_tier, "timezone": timezone},
    )
    connection.execute(AS_CREATOR)
