"""What a query reads does not grow with the students of a course, unless it counts or searches them."""

from typing import Any

import pytest

from database.engine import engine
from queries.cache.caching import CachedQuery
from tests.builders import (
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
)
from tests.queries.costs import OF_STUDENTS, rows_read
from tests.queries.every_answer import Told, all_queries, arguments, full_name

pytestmark = pytest.mark.usefixtures("shared_database")

# Both fill a page of the list of students: if a page is not full, the rest is read by a second statement.
FEW, MANY = 60, 240

# They count, search or list students, or what students did; all others are about one key, or add up sums of days.
COUNTING_STUDENTS = {
    "mails.announcement_audience.students_fitting",
    "chat.figures.questions_by_video",
    "chat.figures.people_asking",
    "chat.questions.most_asked_questions",
    "chat.questions.question_groups",
    "courses.figures.runs_by_day",
    "overview.engagement.active_in_period",
    "findings.gathered.findings",
    "courses.funnel.funnel",
    "courses.funnel.stuck_students",
    "overview.good_news.finished_students",
    "courses.level_figures.figures_of_levels",
    "overview.headline.overview_stats",
    "quizzes.results.period_results",
    "quizzes.results.students_without_a_pass",
    "students.lists.students",
    "students.lists.tier_counts",
    "students.lists.top_performers",
    "videos.one_video.related_questions",
    "videos.one_video.video_analytics",
}
# They count or list students in a state that nobody in this course is in, or look for a word that nobody has: whether
# they read all of these few to find none is up to the planner, and differs between server versions.
COUNTING_SOME = {
    "overview.search.found",
    "overview.good_news.returned_students",
    "overview.notices.notices",
    "students.lists.at_risk_students",
    "students.lists.most_at_risk",
    "overview.told_notices.new_notices",
}


@pytest.fixture(scope="module")
def courses(shared_database: Any) -> tuple[Told, Told]:
    few, many = a_course_of(FEW), a_course_of(MANY)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")
    return few, many


@pytest.mark.parametrize("query", all_queries(), ids=full_name)
def test_only_what_counts_students_reads_more_where_there_are_more(
    query: CachedQuery[..., Any], courses: tuple[Told, Told]
) -> None:
    of_few, of_many = (rows_of_students(query, told) for told in courses)

    is_growing = of_many > 1.5 * of_few + 5

    name = full_name(query).removeprefix("queries.")
    assert is_growing == (name in COUNTING_STUDENTS) or name in COUNTING_SOME, (of_few, of_many)


def rows_of_students(query: CachedQuery[..., Any], told: Told) -> int:
    read = rows_read(query, told.creator_id, arguments(query, told))
    return sum(rows for relation, rows in read.items() if relation in OF_STUDENTS)


def a_course_of(students: int) -> Told:
    """All of them do the same, on the days before: one is written."""
    people = [a_student(f"Student {number:03}", enrolled_days_ago=90) for number in range(students)]
    videos = [a_video(f"Video {number:02}", position=number, transcript="Loops run.") for number in range(8)]
    quiz = a_quiz(video=videos[0])
    question = a_quiz_question(quiz)
    creator = a_creator(
        people,
        videos,
        quiz,
        question,
        [a_watch(person, video, days_ago=day) for person in people for day, video in enumerate(videos[:3], start=20)],
        [a_progress(person, videos[0], days_ago=20, watch_percentage=80, completed=True) for person in people],
        # On several days: if all attempts are on one day, an index of days saves nothing.
        [
            an_attempt(person, quiz, days_ago=day, passed=False, answers={question: False})
            for person in people
            for day in (8, 7, 6, 5)
        ],
        [a_chat(a_question(rating=0.2, video=videos[0]), an_answer(), student=person, days_ago=3) for person in people],
    )
    return Told(creator.id, people[0].id, videos[0].id, quiz.id)
