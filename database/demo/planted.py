"""What is hidden in the demo data, for tests and guided tours: never shown as such anywhere.

In small demos a video or quiz may not exist (its id is None), and what shows only in many
students' behaviour needs about `ENOUGH_STUDENTS` of them.
"""

from dataclasses import dataclass
from uuid import UUID

from database.clock import now
from database.demo.courses import Course, DemoSize
from database.demo.ids import stable_id
from database.demo.lessons import Lessons, lessons_of
from database.demo.personas import Persona, deleted_students, numbers_of
from rules.errors import InputError

ENOUGH_STUDENTS = 120


@dataclass(frozen=True)
class Planted:
    """The facts of one creator's demo data.

    cliff: most viewers stop at exactly `cliff_second`. replayed: many play
    `replayed_seconds` (start, end) two to four times. stuck: `stuck_student_ids` got to this
    video, did not finish it and started no later one. hard_question: few know the answer, and
    those who do are the better students. miskeyed_question: the quiz calls `miskeyed_answer`,
    which the better students choose, wrong. failing: at least three failed quizzes in a row,
    to this day. repeating: one student asks `repeated_question` in six conversations, and
    nobody else does. `common_wordings`: those of the question about the stuck
    video. badly_answered: ratings are poor for what is asked in this video.
    """

    creator_id: UUID
    cliff_video_id: UUID | None
    cliff_second: int
    replayed_video_id: UUID | None
    replayed_seconds: tuple[int, int]
    stuck_video_id: UUID | None
    stuck_student_ids: frozenset[UUID]
    badly_answered_video_id: UUID | None
    badly_answered_wordings: tuple[str, ...]
    common_wordings: tuple[str, ...]
    repeated_question: str
    repeating_student_ids: frozenset[UUID]
    hard_question_id: UUID | None
    miskeyed_question_id: UUID | None
    miskeyed_answer: str
    failing_student_ids: frozenset[UUID]
    never_started_student_ids: frozenset[UUID]
    finished_student_ids: frozenset[UUID]
    finished_silent_student_ids: frozenset[UUID]
    returning_student_ids: frozenset[UUID]
    deleted_student_ids: frozenset[UUID]
    processing_video_id: UUID | None
    failed_video_id: UUID | None
    deleted_video_id: UUID | None


def planted(course: Course, size: DemoSize | None = None) -> Planted:
    """What a load of this size hides in the course; raises InputError for a course without any.

    It depends on the size alone: neither on the seed nor on the time.
    """
    plants, size = course.plants, size or DemoSize()
    if plants is None:
        raise InputError(f"Nothing is planted in the course of {course.creator}.")
    lessons = lessons_of(course, size, now())
    students = _Students(course, course.students(size))
    finished = students.ids(Persona.FINISHED) | students.ids(Persona.FINISHED_SILENT)
    return Planted(
        creator_id=course.creator_id,
        cliff_video_id=_video(lessons, plants.cliff_video),
        cliff_second=plants.cliff_second,
        replayed_video_id=_video(lessons, plants.replayed_video),
        replayed_seconds=plants.replayed_seconds,
        stuck_video_id=_video(lessons, plants.stuck_video),
        stuck_student_ids=students.ids(Persona.STUCK),
        badly_answered_video_id=_video(lessons, plants.badly_answered_video),
        badly_answered_wordings=course.topics[plants.badly_answered_video].wordings(),
        common_wordings=course.topics[plants.stuck_video].wordings(),
        repeated_question=plants.repeated_question,
        repeating_student_ids=students.ids(Persona.REPEATING),
        hard_question_id=_question(lessons, plants.hard_question),
        miskeyed_question_id=_question(lessons, plants.miskeyed_question),
        miskeyed_answer=_truth(lessons, plants.miskeyed_question),
        failing_student_ids=students.ids(Persona.FAILING),
        never_started_student_ids=students.ids(Persona.NEVER_STARTED),
        finished_student_ids=finished,
        finished_silent_student_ids=students.ids(Persona.FINISHED_SILENT),
        returning_student_ids=students.ids(Persona.RETURNING),
        deleted_student_ids=students.gone(),
        processing_video_id=_with_status(lessons, "processing"),
        failed_video_id=_with_status(lessons, "failed"),
        deleted_video_id=lessons.withdrawn[0].id if lessons.withdrawn else None,
    )


@dataclass(frozen=True)
class _Students:
    course: Course
    count: int

    def ids(self, persona: Persona) -> frozenset[UUID]:
        return frozenset(map(self._id, numbers_of(persona, self.count)))

    def gone(self) -> frozenset[UUID]:
        return frozenset(map(self._id, deleted_students(self.count)))

    def _id(self, number: int) -> UUID:
        return stable_id(self.course.subject, "student", number)


def _video(lessons: Lessons, place: int) -> UUID | None:
    return lessons.published[place].id if place < len(lessons.published) else None


def _question(lessons: Lessons, place: tuple[int, int]) -> UUID | None:
    quiz, question = place
    return lessons.quizzes[quiz].questions[question].id if quiz < len(lessons.quizzes) else None


def _truth(lessons: Lessons, place: tuple[int, int]) -> str:
    quiz, question = place
    return lessons.quizzes[quiz].questions[question].truth if quiz < len(lessons.quizzes) else ""


def _with_status(lessons: Lessons, status: str) -> UUID | None:
    return next((video.id for video in lessons.unfinished if video.status == status), None)
