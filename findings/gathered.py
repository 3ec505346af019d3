"""All findings of a creator, gathered once for pages, files and emails."""

from uuid import UUID

import pandas as pd

from database.frames import records
from database.tenancy import reading_together
from findings.finding import Findings
from findings.people import about_silence, about_the_course
from findings.questions import about_questions
from findings.quizzes import about_quiz_questions, about_quizzes
from findings.ranking import ranked
from findings.videos import VideoFacts, about_a_video
from queries.cache.caching import cached_query
from queries.chat.questions import QuestionFilters, question_groups
from queries.courses.contents import courses_of_contents
from queries.courses.funnel import funnel
from queries.courses.titles import titles_with_course
from queries.periods.period import Period
from queries.quizzes.question_analysis import flagged_questions
from queries.quizzes.results import quizzes
from queries.students.lists import at_risk_students
from queries.videos.drop_offs import drop_offs_of_videos
from queries.videos.losses import LosingVideoRow, videos_losing_most
from queries.videos.playback import replayed_sections


@cached_query
def findings(creator_id: UUID, period: Period) -> Findings:
    """All findings, those that affect most people first; questions are those of the period, the rest is as of now.

    If there are several courses, the titles of videos and quizzes include the course.
    """
    with reading_together(creator_id):
        return judged(creator_id, period, searched_videos(creator_id))


def judged(creator_id: UUID, period: Period, videos: list[VideoFacts]) -> Findings:
    """The same if the videos have already been read, inside an open transaction."""
    courses = courses_of_contents(creator_id)
    flagged = titles_with_course(flagged_questions.fresh(creator_id), courses, "quiz_id", "quiz_title")
    return Findings(
        ranked(
            [
                *about_silence(at_risk_students.fresh(creator_id)),
                *about_the_course(funnel.fresh(creator_id)),
                *(found for video in videos for found in about_a_video(video)),
                *about_quiz_questions(flagged),
                *about_quizzes(titles_with_course(quizzes.fresh(creator_id), courses, "quiz_id")),
                *about_questions(question_groups.fresh(creator_id, QuestionFilters(period))),
            ]
        )
    )


def searched_videos(creator_id: UUID) -> list[VideoFacts]:
    """Drop-off points and replayed sections of the videos that lose most viewers."""
    losing = titles_with_course(videos_losing_most.fresh(creator_id), courses_of_contents(creator_id))
    drop_offs = drop_offs_of_videos.fresh(creator_id, tuple(losing["video_id"]))
    return [_facts(creator_id, row, drop_offs) for row in records(losing, LosingVideoRow)]


def _facts(creator_id: UUID, row: LosingVideoRow, drop_offs: pd.DataFrame) -> VideoFacts:
    own = drop_offs[drop_offs["video_id"] == row.video_id].drop(columns="video_id").reset_index(drop=True)
    return VideoFacts(
        video_id=row.video_id,
        title=row.title,
        duration_seconds=row.duration_seconds or None,
        transcript=row.transcript,
        viewers=row.unique_viewers,
        completions=row.completions,
        drop_offs=own,
        replayed=replayed_sections.fresh(creator_id, row.video_id),
        transcript_times=row.transcript_times,
    )
