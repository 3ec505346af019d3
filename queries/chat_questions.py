"""Which questions students ask in the chat, wordings of one question together."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from queries.caching import cached_query
from queries.periods import Period
from queries.shown import SHOWN, day_start
from queries.students import like_pattern

GOOD_RATING = 0.5
GOOD_HUNDREDTHS = 50  # the same, as the folds keep ratings
RATINGS_TO_JUDGE = 3
STUDENTS_TO_BE_COMMON = 2
MOST_QUESTIONS = 50  # of each kind; nobody reads more, and a busy chat has tens of thousands
MOST_WORDINGS = 5

# One row, as in `queries.shown`. Its columns are told as scalar subqueries, looked up once, before the questions are.
CLOCK = f"""
    {SHOWN},

    clock as materialized (
        select
            shown.creator_id,
            shown.generation,
            shown.timezone,
            shown.today,
            {day_start("shown.today")} as day_start,
            {day_start("shown.today - (:days - 1)")} as period_start,
            {day_start("shown.today - (2 * :days - 1)")} as before_start
        from shown
    )
"""

# The questions of a generation up to the clock.
ASKED = """
            asked_questions.creator_id = :creator_id
            and asked_questions.generation = (select clock.generation from clock)
            and asked_questions.course = 0
            and asked_questions.run = 0
            and asked_questions.asked_at <= (select shown.instant from shown)
""".strip()

# Those of the period, and of it and the one before it.
OF_PERIOD = """
            and asked_questions.asked_at >= (select clock.period_start from clock)
""".strip()
OF_BOTH = """
            and asked_questions.asked_at >= (select clock.before_start from clock)
""".strip()

FITS = """
            and (cast(:video_id as uuid) is null or asked_questions.video_id = cast(:video_id as uuid))
            and (:search = '' or asked_questions.wording ilike :search escape '\\')
""".strip()

QUESTIONS = f"""
    {CLOCK},

    questions_found as (
        select
            asked_questions.session_id,
            asked_questions.message_id,
            asked_questions.student_id,
            asked_questions.video_id,
            asked_questions.question_key,
            asked_questions.asked_at,
            asked_questions.is_answered,
            asked_questions.rating_hundredths
        from asked_questions
        where
            {ASKED}
            {OF_PERIOD}
            {FITS}
    )
"""

COLUMNS = """
            asked_questions.message_id,
            asked_questions.question_key,
            asked_questions.student_id,
            asked_questions.video_id,
            asked_questions.wording,
            asked_questions.asked_at,
            asked_questions.is_answered,
            asked_questions.rating_hundredths
""".strip()

# All questions, without reading all. What was asked once and never again, which is most of a large chat, is among the
# most asked only behind all others, and never among the badly answered: of it so many are read as can be shown. The
# planner takes "= 1" for rare and would read the whole period; "< 2" lets it stop at the limit.
ONCE = """
            and (
                select question_totals.messages
                from question_totals
                where
                    question_totals.creator_id = :creator_id
                    and question_totals.generation = (select clock.generation from clock)
                    and question_totals.course = 0
                    and question_totals.run = 0
                    and question_totals.question_key = asked_questions.question_key
            ) < 2
        order by
            asked_questions.asked_at desc,
            asked_questions.question_key asc
        limit :most
""".strip()
ALL_MESSAGES = f"""
    asked_once as (
        select
            {COLUMNS}
        from asked_questions
        where
            {ASKED}
            {OF_PERIOD}
            {ONCE}
    ),

    asked_once_unanswered as (
        select
            {COLUMNS}
        from asked_questions
        where
            {ASKED}
            {OF_PERIOD}
            and not asked_questions.is_answered
            {ONCE}
    ),

    messages_found as materialized (
        select
            {COLUMNS}
        from asked_questions
        where
            {ASKED}
            {OF_PERIOD}
            and asked_questions.question_key = any(array(
                select question_totals.question_key
                from question_totals
                where
                    question_totals.creator_id = :creator_id
                    and question_totals.generation = (select clock.generation from clock)
                    and question_totals.course = 0
                    and question_totals.run = 0
                    and question_totals.messages > 1
            ))
        union all
        select *
        from (
            select * from asked_once
            union
            select * from asked_once_unanswered
        ) as rare
        where asked_at >= (select clock.period_start from clock)
    )
""".strip()

MESSAGES_THAT_FIT = f"""
    messages_found as materialized (
        select
            {COLUMNS}
        from asked_questions
        where
            {ASKED}
            {OF_PERIOD}
            {FITS}
    )
""".strip()

QUESTION_GROUPS = """
    -- One row per question of this period that is among the most asked, the worst answered or the unanswered.
    with {clock},

    {messages_found},

    -- By hash, student by student: counting distinct students would sort.
    askers_counted as (
        select
            question_key,
            student_id,
            count(*) as messages,
            count(*) filter (where not is_answered) as unanswered,
            sum(rating_hundredths) as rating_sum,
            count(rating_hundredths) as ratings,
            max(asked_at) as last_asked_at
        from messages_found
        group by
            question_key,
            student_id
    ),

    questions_counted as materialized (
        select
            question_key,
            sum(messages)::bigint as messages,
            count(*) as people,
            sum(unanswered)::bigint as unanswered,
            sum(rating_sum) / (100.0 * nullif(sum(ratings), 0)) as mean_rating,
            sum(ratings)::bigint as ratings,
            max(last_asked_at) as last_asked_at
        from askers_counted
        group by question_key
    ),

    keys_chosen as (
        (
            select question_key
            from questions_counted
            order by
                people desc,
                messages desc,
                last_asked_at desc,
                question_key asc
            limit :most
        )
        union
        (
            select question_key
            from questions_counted
            where
                ratings >= :ratings_to_judge
                and mean_rating < :good_rating
            order by
                mean_rating asc,
                people desc,
                question_key asc
            limit :most
        )
        union
        (
            select question_key
            from questions_counted
            where unanswered > 0
            order by
                unanswered desc,
                people desc,
                last_asked_at desc,
                question_key asc
            limit :most
        )
    ),

    questions_chosen as materialized (
        select questions_counted.*
        from questions_counted
        join keys_chosen on keys_chosen.question_key = questions_counted.question_key
    ),

    -- Question by question: the planner, who does not know how often a question is asked, would read all of the period.
    people_counted as (
        select
            questions_chosen.question_key,
            askers.people_before
        from questions_chosen
        cross join lateral (
            select count(distinct asked_questions.student_id) as people_before
            from asked_questions
            where
                {asked}
                {of_both}
                and asked_questions.asked_at < (select clock.period_start from clock)
                and asked_questions.question_key = questions_chosen.question_key
                {fits}
        ) as askers
    ),

    -- How often each was worded so, about which video: the questions of the period are looked through once for both.
    messages_counted as materialized (
        select
            messages_found.question_key,
            messages_found.wording,
            messages_found.video_id,
            count(*) as messages
        from messages_found
        join questions_chosen on questions_chosen.question_key = messages_found.question_key
        group by
            messages_found.question_key,
            messages_found.wording,
            messages_found.video_id
    ),

    wordings_counted as (
        select
            question_key,
            wording,
            sum(messages) as messages
        from messages_counted
        group by
            question_key,
            wording
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
            question_key,
            video_id,
            sum(messages) as messages
        from messages_counted
        group by
            question_key,
            video_id
    ),

    videos_listed as (
        select
            videos_counted.question_key,
            array_agg(
                videos.title
                order by videos_counted.messages desc, videos.title collate "C" asc, videos.id asc
            ) as video_titles
        from videos_counted
        join videos
            on videos.creator_id = :creator_id
            and videos.id = videos_counted.video_id
        where videos.deleted_at is null
        group by videos_counted.question_key
    )

    select
        wordings_listed.wordings[1] as question,
        questions_chosen.question_key,
        questions_chosen.messages,
        questions_chosen.people,
        coalesce(people_counted.people_before, 0) as people_before,
        questions_chosen.unanswered,
        questions_chosen.mean_rating,
        questions_chosen.ratings,
        questions_chosen.last_asked_at,
        wordings_listed.wordings[1:{most_wordings}] as wordings,
        cardinality(wordings_listed.wordings) as wording_count,
        coalesce(videos_listed.video_titles, array[]::text[]) as video_titles
    from questions_chosen
    join wordings_listed on wordings_listed.question_key = questions_chosen.question_key
    left join people_counted on people_counted.question_key = questions_chosen.question_key
    left join videos_listed on videos_listed.question_key = questions_chosen.question_key
    order by
        questions_chosen.people desc,
        questions_chosen.messages desc,
        questions_chosen.last_asked_at desc,
        questions_chosen.question_key asc
"""
GROUP_PARTS = {"clock": CLOCK.strip(), "asked": ASKED, "of_both": OF_BOTH, "most_wordings": MOST_WORDINGS}
GROUPS_OF_ALL = QUESTION_GROUPS.format(messages_found=ALL_MESSAGES, fits="", **GROUP_PARTS)
GROUPS_THAT_FIT = QUESTION_GROUPS.format(messages_found=MESSAGES_THAT_FIT, fits=FITS, **GROUP_PARTS)


@dataclass(frozen=True)
class QuestionFilters:
    """Which questions: a period (and the one before it), words in them, a video."""

    period: Period
    search: str = ""
    video_id: UUID | None = None

    @property
    def are_empty(self) -> bool:
        """Whether every question of the period fits."""
        return self.video_id is None and not like_pattern(self.search)


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
        GROUPS_OF_ALL if filters.are_empty else GROUPS_THAT_FIT,
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
