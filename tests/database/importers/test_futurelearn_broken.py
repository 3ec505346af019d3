"""Unusable exports: one clear error, and nothing is loaded."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from database.creators import creators
from database.importers.futurelearn import import_futurelearn
from rules.errors import InputError
from tests.data_futurelearn import ADA, CEM, COURSE_RUN, DIA, EVA, IDA, append, at, edit, file_of, small_export
from tests.database.importers.found import contents, marks

pytestmark = pytest.mark.usefixtures("database")

Break = Callable[[Path], object]


def replaced(kind: str, old: str, new: str) -> Break:
    return lambda folder: edit(folder, kind, old, new)


def appended(kind: str, *fields: str) -> Break:
    return lambda folder: append(folder, kind, *fields)


def written(kind: str, content: bytes) -> Break:
    return lambda folder: file_of(folder, kind).write_bytes(content)


def inserted(kind: str, content: bytes) -> Break:
    """The bytes at the end of the file's second line."""

    def insert(folder: Path) -> None:
        path = file_of(folder, kind)
        lines = path.read_bytes().split(b"\r\n")
        lines[1] += content
        path.write_bytes(b"\r\n".join(lines))

    return insert


def copied(kind: str, name: str) -> Break:
    return lambda folder: shutil.copy(file_of(folder, kind), folder / name)


def renamed(kind: str, name: str) -> Break:
    return lambda folder: file_of(folder, kind).rename(folder / name)


def removed(kind: str) -> Break:
    return lambda folder: file_of(folder, kind).unlink()


ENROLMENTS, VIDEOS, VISITS, RESPONSES = "enrolments", "video-stats", "step-activity", "question-response"

# What is broken -> how to break it, and what the message must name.
BROKEN: dict[str, tuple[Break, list[str]]] = {
    "no enrolments": (removed(ENROLMENTS), ["_enrolments.csv"]),
    "no video statistics": (removed(VIDEOS), ["_video-stats.csv"]),
    "no step activity": (removed(VISITS), ["_step-activity.csv"]),
    "no responses": (removed(RESPONSES), ["_question-response.csv"]),
    "several candidates": (
        copied(ENROLMENTS, "knots-and-hitches-3_enrolments.csv"),
        ["several", f"{COURSE_RUN}_enrolments.csv", "knots-and-hitches-3_enrolments.csv"],
    ),
    "files of two runs": (
        renamed(VISITS, "knots-and-hitches-3_step-activity.csv"),
        ["several course runs", COURSE_RUN],
    ),
    "an empty file": (written(VISITS, b""), ["step-activity.csv", "line 1", "first_visited_at"]),
    "a missing column": (replaced(ENROLMENTS, "enrolled_at,", "joined_at,"), ["line 1", "lacks enrolled_at"]),
    "a missing retention column": (
        replaced(VIDEOS, "viewed_fifty_percent", "viewed_half"),
        ["line 1", "lacks viewed_fifty_percent"],
    ),
    "a column twice": (replaced(VISITS, "week_number", "step"), ["line 1", "step", "twice"]),
    "another separator": (
        written(ENROLMENTS, b"learner_id;enrolled_at;unenrolled_at;role\n"),
        ["line 1", "learner_id", "learner_id;enrolled_at"],
    ),
    "a row with too few fields": (appended(VISITS, DIA, "1.2", "1"), ["line 30", "3 fields", DIA, "6"]),
    "a row with too many fields": (
        appended(VISITS, DIA, "1.2", "1", "2", at(1), "", ""),
        ["line 30", "7 fields", "6"],
    ),
    "a broken quote": (inserted(VISITS, b',"open'), ["step-activity.csv", "not CSV"]),
    "bytes that are not UTF-8": (inserted(ENROLMENTS, b"caf\xe9 "), ["enrolments.csv", "line 2", "0xe9", "UTF-8"]),
    "UTF-16": (written(ENROLMENTS, "learner_id,role\n".encode("utf-16")), ["line 1", "0xff", "UTF-8"]),
    "a NUL character": (inserted(RESPONSES, b"\0"), ["question-response.csv", "line 2", "NUL"]),
    "an enrolment without learner": (
        appended(ENROLMENTS, "", at(1), "", "learner", "", "", "", ""),
        ["line 13", "learner_id", '""'],
    ),
    "an enrolment twice": (
        appended(ENROLMENTS, ADA, at(1), "", "learner", "", "", "", ""),
        ["line 13", ADA, "second row"],
    ),
    "an unknown role": (
        appended(ENROLMENTS, "x", at(1), "", "dean", "", "", "", ""),
        ["line 13", "role", '"dean"', "learner, ", "organisation_admin"],
    ),
    "an enrolment without time": (
        appended(ENROLMENTS, "x", "", "", "learner", "", "", "", ""),
        ["line 13", "enrolled_at", '""', "2018-06-11 09:30:00 UTC"],
    ),
    "a time in another format": (
        replaced(VISITS, f"{EVA},1.1,1,1,{at(30)}", f"{EVA},1.1,1,1,02/09/2018 00:00"),
        ["line 22", "first_visited_at", "02/09/2018 00:00", "2018-06-11 09:30:00 UTC"],
    ),
    "a time before the years that are taken": (
        appended(VISITS, DIA, "1.2", "1", "2", at(1), "1970-01-01 00:00:00 UTC"),
        ["last_completed_at", "1970-01-01 00:00:00 UTC", "between 1990 and 2100"],
    ),
    "a time after them": (
        appended(ENROLMENTS, "x", "2100-01-01 00:00:00 UTC", "", "learner", "", "", "", ""),
        ["line 13", "enrolled_at", "2100-01-01 00:00:00 UTC", "between 1990 and 2100"],
    ),
    "a time without zone": (
        replaced(VISITS, f"{EVA},1.1,1,1,{at(30)}", f"{EVA},1.1,1,1,{at(30)[:-4]}"),
        ["line 22", "first_visited_at", at(30)[:-4]],
    ),
    "a day that is not in the calendar": (
        appended(VISITS, DIA, "1.2", "1", "2", at(1), "2018-02-30 00:00:00 UTC"),
        ["line 30", "last_completed_at", "2018-02-30"],
    ),
    "a step visited twice": (appended(VISITS, DIA, "1.10", "1", "10", at(1), ""), ["line 30", DIA, "1.10"]),
    "a step without number": (appended(VISITS, DIA, "1", "1", "", at(1), ""), ["line 30", 'step is "1"', "week.step"]),
    "a step with three numbers": (appended(VISITS, DIA, "1.2.3", "1", "2", at(1), ""), ["line 30", '"1.2.3"']),
    "a step that a spreadsheet turned into a date": (
        appended(VISITS, DIA, "01-Feb", "1", "2", at(1), ""),
        ["line 30", '"01-Feb"'],
    ),
    "a video's step that is a word": (replaced(VIDEOS, "\n1.11,", "\nintro,"), ["step_position", '"intro"']),
    "a video twice": (
        replaced(VIDEOS, "\n1.11,", "\n1.1,"),
        ["video-stats.csv", "line 13", '"1.1"', "second row", "shortened 1.10 to 1.1"],
    ),
    "a video without title": (replaced(VIDEOS, '"Knot ""1.11"", slowly"', ""), ["line 3", "title"]),
    "a duration that is no number": (
        replaced(VIDEOS, 'slowly",60,', 'slowly",1m,'),
        ["line 2", "video_duration", '"1m"'],
    ),
    "a duration below zero": (replaced(VIDEOS, 'slowly",60,', 'slowly",-60,'), ["line 2", '"-60"']),
    "a duration beyond all bounds": (replaced(VIDEOS, 'slowly",60,', 'slowly",6000000000,'), ["line 2", "6000000000"]),
    "a percentage over 100": (replaced(VIDEOS, "99.00", "100.01"), ["viewed_five_percent", '"100.01"', "0 to 100"]),
    "a percentage below 0": (replaced(VIDEOS, "99.00", "-0.01"), ["viewed_five_percent", '"-0.01"']),
    "a percentage that is not a number": (replaced(VIDEOS, "99.00", "NaN"), ["viewed_five_percent", '"NaN"']),
    "no percentage": (replaced(VIDEOS, "99.00", ""), ["viewed_five_percent", '""']),
    "an outcome that is neither true nor false": (
        appended(RESPONSES, ADA, "1.13.1", "MultipleChoice", "1", "13", "1", "1", "", at(1), "maybe"),
        ["line 34", "correct", '"maybe"', "true"],
    ),
    "a question without number": (
        appended(RESPONSES, ADA, "1.13", "MultipleChoice", "1", "13", "", "1", "", at(1), "true"),
        ["line 34", "question_number", '""'],
    ),
    "a question numbered 0": (
        appended(RESPONSES, ADA, "1.13.0", "MultipleChoice", "1", "13", "0", "1", "", at(1), "true"),
        ["line 34", "question_number", '"0"', "from 1"],
    ),
    "a week that is no number": (
        appended(RESPONSES, ADA, "1.13.1", "MultipleChoice", "one", "13", "1", "1", "", at(1), "true"),
        ["line 34", "week_number", '"one"'],
    ),
    "a response without time": (
        appended(RESPONSES, ADA, "1.13.1", "MultipleChoice", "1", "13", "1", "1", "", "", "true"),
        ["line 34", "submitted_at", '""'],
    ),
    "a broken row of somebody who would be skipped": (
        appended(RESPONSES, "", "1.13.1", "MultipleChoice", "1", "13", "1", "1", "", "soon", "true"),
        ["line 34", "submitted_at", '"soon"'],
    ),
    "a control character in a value": (
        appended(VISITS, CEM, "1.1\x1b[2J", "1", "1", at(1), ""),
        ["line 30", '"1.1\N{REPLACEMENT CHARACTER}[2J"'],
    ),
    "a value without end": (appended(VISITS, CEM, "9" * 5000, "1", "1", at(1), ""), ["line 30", f'"{"9" * 60}…"']),
    "a departure at no time": (replaced(ENROLMENTS, f"{IDA},{at(60)},{at(20)}", f"{IDA},{at(60)},yes"), ['"yes"']),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_export_names_the_place_and_leaves_nothing(tmp_path, case):
    folder = small_export(tmp_path)
    break_it, named = BROKEN[case]
    break_it(folder)

    with pytest.raises(InputError) as refused:
        import_futurelearn(folder, "Mira Vale")

    message = str(refused.value)
    assert all(part in message for part in named), message
    assert re.fullmatch(r"[^\n]{1,600}\.", message), message
    assert creators() == []


def test_a_broken_newer_export_leaves_a_known_creator_as_they_were(tmp_path):
    folder = small_export(tmp_path)
    creator_id = import_futurelearn(folder, "Mira Vale").creator_id
    before = contents(creator_id)
    append(folder, ENROLMENTS, "newcomer", at(1), "", "learner", "", "", "", "")
    append(folder, RESPONSES, "newcomer", "1.13.1", "MultipleChoice", "1", "13", "1", "1", "", at(1), "maybe")

    with pytest.raises(InputError, match="maybe"):
        import_futurelearn(folder, "Mira Vale", subscription_tier="basic", timezone="Asia/Kolkata")

    assert contents(creator_id) == before
    assert marks(creator_id) == 0
    assert [(creator.subscription_tier, creator.timezone) for creator in creators()] == [("enterprise", "UTC")]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="nowhere is not a folder"):
        import_futurelearn(tmp_path / "nowhere", "Mira Vale")

    assert creators() == []


def test_the_unbroken_export_loads(tmp_path):
    assert import_futurelearn(small_export(tmp_path), "Mira Vale").rows_changed > 0
