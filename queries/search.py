"""Finding a student or a video from any page."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.students import like_pattern

FOUND_PER_KIND = 8

FOUND = """
    -- One row per student or video that fits, at most :limit of each kind, the best first.
    with students_found as (
        select
            'student' as kind,
            id,
            name as title,
            coalesce(email, '') as detail,
            case
                when name ilike :beginning escape '\\' then 0
                when name ilike :anywhere escape '\\' then 1
                else 2
            end as place
        from students
        where
            creator_id = :creator_id
            and deleted_at is null
            and (name ilike :anywhere escape '\\' or email ilike :anywhere escape '\\')
        order by
            place,
            lower(name),
            id
        limit :limit
    ),

    videos_found as (
        select
            'video' as kind,
            id,
            title,
            coalesce(category, '') as detail,
            case when title ilike :beginning escape '\\' then 0 else 1 end as place
        from videos
        where
            creator_id = :creator_id
            and deleted_at is null
            and title ilike :anywhere escape '\\'
        order by
            place,
            position,
            id
        limit :limit
    )

    select
        kind,
        id,
        title,
        detail
    from (
        select * from students_found
        union all
        select * from videos_found
    ) as found
    order by
        kind,
        place,
        lower(title),
        id
"""


@cached_query
def found(creator_id: UUID, typed: str) -> pd.DataFrame:
    """Students by name or e-mail and videos by title, at most eight of each; what begins with the words comes first.

    One row per match: kind (student or video), id, title, detail (e-mail or category, may be empty).
    %, _ and \\ mean themselves. Nothing typed finds nothing.
    """
    anywhere = like_pattern(typed)
    return frame(creator_id, FOUND, anywhere=anywhere, beginning=anywhere.removeprefix("%"), limit=FOUND_PER_KIND)
