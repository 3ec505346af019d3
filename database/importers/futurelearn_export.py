"""A FutureLearn export as plain data: read and checked as a whole before anything is loaded."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from database.importers.futurelearn_files import export_files
from database.importers.futurelearn_report import FileReport, NoteProgress
from database.importers.futurelearn_rows import EXPORT_AGAIN, Row, Step, rows

LEARNER = "learner"
STAFF_ROLES = ("admin", "educator", "facilitator", "host", "lead_educator", "mentor", "organisation_admin", "reviewer")
MULTIPLE_CHOICE = "MultipleChoice"  # every other type asks the learner to fill in
NO_LEARNER = "without learner"
NOT_ENROLLED = "of learners who are not among the enrolments"
SURVEY_NOTE = "not loaded: the dashboard has no use for it"

ENROLMENT_COLUMNS = ("learner_id", "enrolled_at", "unenrolled_at", "role")
VISIT_COLUMNS = ("learner_id", "step", "first_visited_at", "last_completed_at")
RESPONSE_COLUMNS = (
    "learner_id",
    "week_number",
    "step_number",
    "question_number",
    "response",
    "submitted_at",
    "correct",
)  # question_type and cloze_response came later; older exports lack them
RETENTION_COLUMNS = {
    5: "viewed_five_percent",
    10: "viewed_ten_percent",
    25: "viewed_twentyfive_percent",
    50: "viewed_fifty_percent",
    75: "viewed_seventyfive_percent",
    95: "viewed_ninetyfive_percent",
    100: "viewed_onehundred_percent",
}
VIDEO_COLUMNS = ("step_position", "title", "video_duration", *RETENTION_COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Enrolment:
    learner_id: str
    role: str
    enrolled_at: datetime
    unenrolled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Video:
    step: Step
    title: str
    duration_seconds: int
    viewers_percent: Mapping[int, Decimal]  # by position in percent


@dataclass(frozen=True, slots=True)
class Visit:
    learner_id: str
    step: Step
    first_visited_at: datetime
    last_completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    quiz: Step
    number: int
    is_multiple_choice: bool


@dataclass(frozen=True, slots=True)
class Response:
    learner_id: str
    quiz: Step
    question_number: int
    answer: str
    is_correct: bool
    submitted_at: datetime


@dataclass(frozen=True)
class Export:
    """The contents of the files. Visits and responses are those of students; questions are all that anyone answered."""

    course_run: str
    students: list[Enrolment]
    videos: list[Video]
    visits: list[Visit]
    questions: list[Question]
    responses: list[Response]
    files: tuple[FileReport, ...]


class _Tally:
    """Rows read and skipped while a file is being read."""

    def __init__(self, path: Path, roles: Mapping[str, str]) -> None:
        self._name, self._roles, self._read = path.name, roles, 0
        self._skipped: Counter[str] = Counter()

    def is_students(self, learner_id: str) -> bool:
        """Whether the row belongs to a student; notes the reason if not."""
        self._read += 1
        reason = _why_no_student(learner_id, self._roles)
        if reason:
            self._skipped[reason] += 1
        return not reason

    def report(self) -> FileReport:
        return FileReport(self._name, self._read, dict(self._skipped))


def read_export(folder: Path, note_progress: NoteProgress) -> Export:
    """Read the files of one course run.

    Raises InputError, with file, line and value, for the first thing that is invalid.
    """
    files = export_files(folder)
    enrolments = _enrolments(files.enrolments, note_progress)
    roles = {enrolment.learner_id: enrolment.role for enrolment in enrolments}
    enrolled = _Tally(files.enrolments, roles)
    students = [enrolment for enrolment in enrolments if enrolled.is_students(enrolment.learner_id)]
    videos = _videos(files.video_stats, note_progress)
    visits, visited = _visits(files.step_activity, roles, note_progress)
    questions, responses, answered = _responses(files.question_response, roles, note_progress)
    shown = (enrolled.report(), FileReport(files.video_stats.name, len(videos), {}), visited, answered)
    survey = (FileReport(files.leaving_survey.name, 0, {}, SURVEY_NOTE),) if files.leaving_survey else ()
    return Export(files.course_run, students, videos, visits, questions, responses, shown + survey)


def _enrolments(path: Path, note_progress: NoteProgress) -> list[Enrolment]:
    found: dict[str, Enrolment] = {}
    for row in rows(path, ENROLMENT_COLUMNS, note_progress):
        learner_id = row.text("learner_id")
        if learner_id in found:
            raise row.duplicate("learner_id", "in the enrolments")
        role = row.one_of("role", (LEARNER, *STAFF_ROLES))
        found[learner_id] = Enrolment(
            learner_id, role, row.instant("enrolled_at"), row.optional_instant("unenrolled_at")
        )
    return list(found.values())


def _videos(path: Path, note_progress: NoteProgress) -> list[Video]:
    found: dict[Step, Video] = {}
    for row in rows(path, VIDEO_COLUMNS, note_progress):
        step = row.step("step_position")
        if step in found:
            raise row.duplicate("step_position", "in the video statistics", EXPORT_AGAIN)
        viewers = {position: row.percent(column) for position, column in RETENTION_COLUMNS.items()}
        found[step] = Video(step, row.text("title"), row.whole_number("video_duration"), viewers)
    return [found[step] for step in sorted(found)]


def _visits(path: Path, roles: Mapping[str, str], note_progress: NoteProgress) -> tuple[list[Visit], FileReport]:
    tally, visits, seen = _Tally(path, roles), list[Visit](), set[tuple[str, Step]]()
    steps: dict[Step, Step] = {}
    for row in rows(path, VISIT_COLUMNS, note_progress):
        visit = _visit(row, steps)
        if visit.learner_id and (visit.learner_id, visit.step) in seen:
            raise row.duplicate("learner_id", f"for step {visit.step}", EXPORT_AGAIN)
        seen.add((visit.learner_id, visit.step))
        if tally.is_students(visit.learner_id):
            visits.append(visit)
    return visits, tally.report()


def _visit(row: Row, steps: dict[Step, Step]) -> Visit:
    step = row.step("step")
    return Visit(
        learner_id=row.cells["learner_id"],
        step=steps.setdefault(step, step),  # one object per step, not one per row
        first_visited_at=row.instant("first_visited_at"),
        last_completed_at=row.optional_instant("last_completed_at"),
    )


def _responses(
    path: Path, roles: Mapping[str, str], note_progress: NoteProgress
) -> tuple[list[Question], list[Response], FileReport]:
    tally, responses, questions = _Tally(path, roles), list[Response](), dict[tuple[Step, int], Question]()
    for row in rows(path, RESPONSE_COLUMNS, note_progress):
        response = _response(row)
        question = (response.quiz, response.question_number)
        is_multiple_choice = row.cells.get("question_type", MULTIPLE_CHOICE) == MULTIPLE_CHOICE
        questions.setdefault(question, Question(*question, is_multiple_choice))
        if tally.is_students(response.learner_id):
            responses.append(response)
    return [questions[question] for question in sorted(questions)], responses, tally.report()


def _response(row: Row) -> Response:
    return Response(
        learner_id=row.cells["learner_id"],
        quiz=Step(row.whole_number("week_number", least=1), row.whole_number("step_number", least=1)),
        question_number=row.whole_number("question_number", least=1),
        answer=row.cells["response"] or row.cells.get("cloze_response", ""),
        is_correct=row.one_of("correct", ("true", "false")) == "true",
        submitted_at=row.instant("submitted_at"),
    )


def _why_no_student(learner_id: str, roles: Mapping[str, str]) -> str | None:
    if not learner_id:
        return NO_LEARNER
    role = roles.get(learner_id)
    if role is None:
        return NOT_ENROLLED
    return None if role == LEARNER else f"with the role {role}, not {LEARNER}"
