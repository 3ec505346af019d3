"""Which files in a folder are the export of a FutureLearn course run."""

from dataclasses import dataclass
from pathlib import Path

from rules.errors import InputError

ENROLMENTS = "enrolments"
VIDEO_STATS = "video-stats"
STEP_ACTIVITY = "step-activity"
QUESTION_RESPONSE = "question-response"
LEAVING_SURVEY = "leaving-survey-responses"
REQUIRED = (ENROLMENTS, VIDEO_STATS, STEP_ACTIVITY, QUESTION_RESPONSE)


@dataclass(frozen=True)
class ExportFiles:
    """The files of one run; `course_run` is the start of their names, such as cyber-security-6."""

    course_run: str
    enrolments: Path
    video_stats: Path
    step_activity: Path
    question_response: Path
    leaving_survey: Path | None


def export_files(folder: Path) -> ExportFiles:
    """The files of the one course run in the folder.

    Raises InputError for a missing folder, and for a file that is missing, duplicated, unreadable, or from another run
    than the rest.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; give the folder that holds the exported CSV files.")
    found = {kind: _only_file(folder, kind) for kind in REQUIRED}
    course_run = _only_run(folder, found)
    survey = folder / f"{course_run}_{LEAVING_SURVEY}.csv"
    return ExportFiles(
        course_run=course_run,
        enrolments=found[ENROLMENTS],
        video_stats=found[VIDEO_STATS],
        step_activity=found[STEP_ACTIVITY],
        question_response=found[QUESTION_RESPONSE],
        leaving_survey=survey if survey.is_file() else None,
    )


def _only_file(folder: Path, kind: str) -> Path:
    candidates = sorted(path for path in folder.glob(f"*_{kind}.csv") if path.is_file())
    if not candidates:
        raise InputError(f"{folder} has no file named <course>-<run>_{kind}.csv; export it and put it there.")
    if len(candidates) > 1:
        names = ", ".join(path.name for path in candidates)
        raise InputError(f"{folder} holds several {kind} files: {names}. Give each course run a folder of its own.")
    return _readable(candidates[0])


def _readable(path: Path) -> Path:
    try:
        path.open("rb").close()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); correct its permissions.") from error
    return path


def _only_run(folder: Path, found: dict[str, Path]) -> str:
    runs = {path.name.removesuffix(f"_{kind}.csv") for kind, path in found.items()}
    if len(runs) > 1:
        raise InputError(
            f"{folder} mixes files of several course runs: {', '.join(sorted(runs))}. "
            "Give each course run a folder of its own."
        )
    return runs.pop()
