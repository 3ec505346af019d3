"""A small course run in the files that FutureLearn exports, with every peculiarity that the real ones have.

    folder = small_export(tmp_path)
    edit(folder, "enrolments", "learner,", "dean,")

    later, earlier = two_runs(tmp_path)

Eleven learners, each made for one case; twelve videos (steps 1.1 to 1.11, so that 1.1 and 1.10 are
both there, and 2.1, which nobody opens); a quiz of three questions and one of ten. The earlier run had the
same steps 200 days before, with other learners except Ben, who watched other videos then.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2018, 10, 2, tzinfo=UTC)
COURSE_RUN, EARLIER_RUN = "knots-and-hitches-2", "knots-and-hitches-1"
DAYS_BETWEEN = 200


def learner(name: str) -> str:
    """The learner_id for a name: readable and in the platform's format."""
    return f"{name:-<8.8}-0000-4000-8000-{len(name):012d}"


ADA, BEN, CEM, DIA, EVA = map(learner, ("ada", "ben", "cem", "dia", "eva"))
FIN, GUS, HAL, IDA, JOE = map(learner, ("fin", "gus", "hal", "ida", "joe"))
KIM, STRANGER = map(learner, ("kim", "stranger"))

FILLER = ("gender", "country", "age_range")
ENROLMENT_HEADER = ("learner_id", "enrolled_at", "unenrolled_at", "role", "fully_participated_at", *FILLER)
VISIT_HEADER = ("learner_id", "step", "week_number", "step_number", "first_visited_at", "last_completed_at")
RESPONSE_HEADER = (
    "learner_id",
    "quiz_question",
    "question_type",
    "week_number",
    "step_number",
    "question_number",
    "response",
    "cloze_response",
    "submitted_at",
    "correct",
)
VIDEO_HEADER = (
    "step_position",
    "title",
    "video_duration",
    "total_views",
    "viewed_five_percent",
    "viewed_ten_percent",
    "viewed_twentyfive_percent",
    "viewed_fifty_percent",
    "viewed_seventyfive_percent",
    "viewed_ninetyfive_percent",
    "viewed_onehundred_percent",
    "desktop_device_percentage",
)

INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")
VIDEOS = [f"1.{number}" for number in range(1, 12)] + ["2.1"]
ARTICLE, SHORT_QUIZ, LONG_QUIZ = "1.12", "1.13", "2.2"


def at(days_ago: float, hours: float = 0) -> str:
    """An instant as the platform writes it."""
    return (NOW - timedelta(days=days_ago) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S UTC")


def small_export(folder: Path) -> Path:
    """Write the five files; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder, "enrolments", ENROLMENT_HEADER, _enrolments())
    _write(folder, "video-stats", VIDEO_HEADER, _videos())
    _write(folder, "step-activity", VISIT_HEADER, _visits())
    _write(folder, "question-response", RESPONSE_HEADER, _responses())
    _write(folder, "leaving-survey-responses", ("id", "learner_id", "left_at"), [("7", IDA, at(20))])
    return folder


def two_runs(folder: Path) -> tuple[Path, Path]:
    """The folders of the run of `small_export` and of the one before it."""
    later, earlier = small_export(folder / "later"), small_export(folder / "earlier")
    for path in sorted(earlier.iterdir()):
        text = INSTANT.sub(_days_before, path.read_text(encoding="utf-8"))
        for who in (ADA, CEM, DIA, EVA, FIN, GUS, HAL, IDA, JOE):
            text = text.replace(who, f"{who[0]}1{who[2:]}")
        for number in range(1, 6):
            text = text.replace(f"{BEN},1.{number},1,{number},", f"{BEN},1.{number + 6},1,{number + 6},")
        path.write_text(text, encoding="utf-8")
        path.rename(earlier / path.name.replace(COURSE_RUN, EARLIER_RUN))
    return later, earlier


def videos_only(folder: Path) -> Path:
    """The export without the visits to articles and quizzes."""
    path = file_of(folder, "step-activity")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if f",{ARTICLE}," not in line and f",{SHORT_QUIZ}," not in line))
    return folder


def file_of(folder: Path, kind: str) -> Path:
    return next(folder.glob(f"*_{kind}.csv"), folder / f"{COURSE_RUN}_{kind}.csv")


def edit(folder: Path, kind: str, old: str, new: str) -> None:
    """Replace a text that occurs in the file exactly once, or its first occurrence."""
    path = file_of(folder, kind)
    content = path.read_bytes()
    assert old.encode() in content, f"{old} is not in {path.name}"
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))


def append(folder: Path, kind: str, *fields: str) -> None:
    """Add a row to a file."""
    with file_of(folder, kind).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(fields)


def _days_before(instant: re.Match[str]) -> str:
    shifted = datetime.fromisoformat(instant[0].replace(" UTC", "+00:00")) - timedelta(days=DAYS_BETWEEN)
    return shifted.strftime("%Y-%m-%d %H:%M:%S UTC")


def _enrolments() -> list[tuple[str, ...]]:
    enrolled = {ADA: 90, BEN: 80, CEM: 70, DIA: 60, EVA: 60, FIN: 100, GUS: 3, HAL: 100, JOE: 50}
    staff = (KIM, at(120), "", "organisation_admin", "", "Unknown", "Unknown", "Unknown")
    left = (IDA, at(60), at(20), "learner", "", "Unknown", "Unknown", "Unknown")
    here = [(who, at(days), "", "learner", "", "Unknown", "Unknown", "Unknown") for who, days in enrolled.items()]
    return [staff, *here, left]


def _videos() -> list[tuple[str, ...]]:
    curve = ("99.00", "98.50", "97.25", "97.30", "95.00", "92.00", "88.00")  # may rise a little, as in real data
    steep = ("60.00", "50.00", "40.00", "30.00", "20.00", "10.00", "5.00")
    unseen = ("0.00",) * 7
    curves = {"1.2": steep, "2.1": unseen}
    return [
        (step, f'Knot "{step}", slowly', str(60 + 10 * place), "40", *curves.get(step, curve), "50.00")
        for place, step in enumerate(reversed(VIDEOS))
    ]


def _visits() -> list[tuple[str, ...]]:
    videos = VIDEOS[:11]
    return [
        *(_visit(ADA, step, at(40 - place, 23.75), at(39 - place, 0.25)) for place, step in enumerate(videos)),
        *(_visit(BEN, step, at(5, place / 4), at(5, place / 4 + 0.2)) for place, step in enumerate(videos[:5])),
        *(_visit(CEM, step, at(2, place), "") for place, step in enumerate(videos[1:4])),
        _visit(DIA, "1.10", at(1), at(1, 0.5)),
        _visit(EVA, "1.1", at(30), at(10)),
        _visit(EVA, ARTICLE, at(30, 0.51), ""),
        _visit(FIN, "1.1", at(95), at(60)),
        _visit(IDA, "1.1", at(40), at(30)),
        _visit(JOE, "1.1", at(7), at(7)),
        _visit(KIM, "1.1", at(1), at(1)),
        _visit(ADA, ARTICLE, at(3, 1), ""),
        _visit(ADA, SHORT_QUIZ, at(3, 1.25), at(3, 1.75)),
    ]


def _visit(who: str, step: str, first_visited_at: str, last_completed_at: str) -> tuple[str, ...]:
    return who, step, *step.split("."), first_visited_at, last_completed_at


def _responses() -> list[tuple[str, ...]]:
    return [
        _response(ADA, SHORT_QUIZ, 1, at(3, 1.5), correct=False),
        _response(ADA, SHORT_QUIZ, 1, at(3, 1.5), correct=True),  # the same second: the order in the file decides
        _response(ADA, SHORT_QUIZ, 2, at(3, 1.6), correct=True),
        _response(ADA, SHORT_QUIZ, 3, at(3, 1.7), correct=True),
        _response(BEN, SHORT_QUIZ, 2, at(4, 2), correct=True),  # the later one comes first in the file
        _response(BEN, SHORT_QUIZ, 2, at(4, 1), correct=False),
        _response(BEN, SHORT_QUIZ, 1, at(4, 1.1), correct=True),
        *(_response(ADA, LONG_QUIZ, number, at(2, number), correct=number <= 7) for number in range(1, 11)),
        *(_response(BEN, LONG_QUIZ, number, at(2, number), correct=number <= 6) for number in range(1, 11)),
        _response("", SHORT_QUIZ, 1, at(6), correct=True),
        _response("", SHORT_QUIZ, 2, at(6), correct=False),
        _response(KIM, SHORT_QUIZ, 1, at(6), correct=True),
        _response(IDA, SHORT_QUIZ, 1, at(35), correct=True),
        _response(STRANGER, SHORT_QUIZ, 1, at(6), correct=True),
    ]


def _response(who: str, quiz: str, number: int, submitted_at: str, *, correct: bool) -> tuple[str, ...]:
    asked = (f"{quiz}.{number}", "MultipleChoice", *quiz.split("."), str(number))
    return who, *asked, "1,2,3", "", submitted_at, str(correct).lower()


def _write(folder: Path, kind: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with file_of(folder, kind).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
