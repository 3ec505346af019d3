"""Which questions students ask in the chat, wordings of one question together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from queries.caching import cached_query
from queries.engagement import CLOCK
from queries.periods import Period
from queries.students import like_pattern

GOOD_RATING = 0.5
RATINGS_TO_JUDGE = 3
STUDENTS_TO_BE_COMMON = 2
MOST_QUESTIONS = 50  # of each kind; nobody reads more, and a busy chat has tens of thousands
MOST_WORDINGS = 5

# The questions of the two periods, dated, with the filters of the page.
QUESTIONS = f"""
    {CLOCK},

    questions_found as (
        select
            questions_asked.*,
            (questions_asked.created_at at time zone clock.timezone)::date as asked_date,
            clock.today
        from clock
        join questions_asked
            on
                questions_asked.creator_id = :creator_id
                and questions_asked.created_at between clock.scan_start and dashboard_now()
        where
            (cast(:video_id as uuid) is null or questions_asked.video_id = cast(:video_id as uuid))
            and (:search = '' or questions_asked.content ilike :search escape '\\')
    ),

    questions_dated as (
        select
            *,
            asked_date > today - :days as is_this_period
        from questions_found
        where asked_date > today - 2 * :days
    )
"""

QUESTION_GROUPS = f"""
    -- One row per question of this period that is among the most asked, the worst answered or the unanswered.
    with {QUESTIONS},

    questions_judged as materialized ( -- each rating is computed, so compute it once, and none of the period before
        select
            question_key,
            trim(content) as wording,
            student_id,
            video_id,
            created_at,
            is_this_period,
            case when is_this_period then is_answered end as is_answered,
            case when is_this_period then rating end as rating
        from questions_dated
    ),

    questions_counted as (
        select
            question_key,
            count(*) filter (where is_this_period) as messages,
            count(distinct student_id) filter (where is_this_period) as people,
            count(distinct student_id) filter (where not is_this_period) as people_before,
            count(*) filter (where not is_answered) as unanswered,
            avg(rating) as mean_rating,
            count(rating) as ratings,
            max(created_at) filter (where is_this_period) as last_asked_at
        from questions_judged
        group by question_key
        having bool_or(is_this_period)
    ),

    questions_ranked as (
        select
            *,
            ratings >= :ratings_to_judge and mean_rating < :good_rating as is_badly_answered,
            row_number() over (order by people desc, messages desc, question_key asc) as place,
            row_number() over (
                order by
                    ratings >= :ratings_to_judge and mean_rating < :good_rating desc nulls last,
                    mean_rating asc,
                    people desc,
                    question_key asc
            ) as badly_answered_place,
            row_number() over (order by unanswered desc, people desc, question_key asc) as unanswered_place
        from questions_counted
    ),

    questions_chosen as (
        select *
        from questions_ranked
        where
            place <= :most
            or (is_badly_answered and badly_answered_place <= :most)
            or (unanswered > 0 and unanswered_place <= :most)
    ),

    wordings_counted as (
        select
            questions_judged.question_key,
            questions_judged.wording,
            count(*) as messages
        from questions_judged
        join questions_chosen on questions_chosen.question_key = questions_judged.question_key
        where questions_judged.is_this_period
        group by
            questions_judged.question_key,
            questions_judged.wording
    ),

    wordings_listed as (
        select
            question_key,
            array_agg(wording order by messages desc, wording collate "C" asc) as wordings
        from wordings_counted
        group by question_key
    ),

    videos_counted as (
        select
            questions_judged.question_key,
            videos.id,
            videos.title,
            count(*) as messages
        from questions_judged
        join questions_chosen on questions_chosen.question_key = questions_judged.question_key
        join videos
            on videos.creator_id = :creator_id
            and videos.id = questions_judged.video_id
        where
            questions_judged.is_this_period
            and videos.deleted_at is null
        group by
            questions_judged.question_key,
            videos.id,
            videos.title
    ),

    videos_listed as (
        select
            question_key,
            array_agg(title order by messages desc, title collate "C" asc, id asc) as video_titles
        from videos_counted
        group by question_key
    )

    select
        wordings_listed.wordings[1] as question,
        questions_chosen.question_key,
        questions_chosen.messages,
        questions_chosen.people,
        questions_chosen.people_before,
        questions_chosen.unanswered,
        questions_chosen.mean_rating,
        questions_chosen.ratings,
        questions_chosen.last_asked_at,
        wordings_listed.wordings[1:{MOST_WORDINGS}] as wordings,
        cardinality(wordings_listed.wordings) as wording_count,
        coalesce(videos_listed.video_titles, array[]::text[]) as video_titles
    from questions_chosen
    join wordings_listed on wordings_listed.question_key = questions_chosen.question_key
    left join videos_listed on videos_listed.question_key = questions_chosen.question_key
    order by questions_chosen.place
"""


@dataclass(frozen=True)
class QuestionFilters:
    """Which questions: a period (and the one before it), words in them, a video."""

    period: Period
    search: str = ""
    video_id: UUID | None = None


@cached_query
def question_groups(creator_id: UUID, filters: QuestionFilters) -> pd.DataFrame:
    """The questions of the period, wordings of one question together; most people first.

    One row per question among the 50 most asked, the 50 worst answered and the 50 most often
    unanswered: question (the most frequent wording), question_key, messages, people, people_before
    (in the period before), unanswered, mean_rating (0 to 1, NaN: none), ratings, last_asked_at,
    wordings (the five most frequent), wording_count, video_titles (most asked about first).
    """
    groups = frame(
        creator_id,
        QUESTION_GROUPS,
        dates=["last_asked_at"],
        ratings_to_judge=RATINGS_TO_JUDGE,
        good_rating=GOOD_RATING,
        most=MOST_QUESTIONS,
        **question_parameters(filters),
    )
    return with_floats(groups, ["mean_rating"])


def most_asked(groups: pd.DataFrame) -> pd.DataFrame:
    """Those questions of `question_groups` that at least two students asked."""
    return groups[groups["people"] >= STUDENTS_TO_BE_COMMON].head(MOST_QUESTIONS).reset_index(drop=True)


def badly_answered(groups: pd.DataFrame) -> pd.DataFrame:
    """Those rows that are rated under 0.5 on average, from three ratings on; worst first.

    Takes the frame of `question_groups` or of `queries.chat.questions_by_video`.
    """
    bad = groups[(groups["ratings"] >= RATINGS_TO_JUDGE) & (groups["mean_rating"] < GOOD_RATING)]
    ordered = bad.sort_values(["mean_rating", "people"], ascending=[True, False], kind="stable")
    return ordered.reset_index(drop=True)


def unanswered(groups: pd.DataFrame) -> pd.DataFrame:
    """Those questions of `question_groups` that were left without an answer; most often first."""
    left = groups[groups["unanswered"] > 0]
    ordered = left.sort_values(["unanswered", "people"], ascending=False, kind="stable")
    return ordered.reset_index(drop=True)


def question_parameters(filters: QuestionFilters) -> dict[str, Any]:
    """What the statements that begin with QUESTIONS are bound with."""
    return {
        "days": filters.period.days,
        "search": like_pattern(filters.search),
        "video_id": filters.video_id,
    }
