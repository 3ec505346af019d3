"""What the rows of each type are: those of the screens, with their filters, their order and their times."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from queries.chat.figures import satisfaction_breakdown
from queries.chat.questions import QuestionFilters
from queries.periods.period import PERIODS
from queries.quizzes.results import period_results, quizzes
from queries.students.lists import StudentFilters, students
from queries.videos.lists import VideoFilters, videos
from reports.exports import TYPES, export_student_data
from rules.errors import InputError
from tests.builders import (
    NOW,
    ACreator,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    an_answer,
    an_attempt,
)
from tests.reports.exports.opened import csv_records, csv_rows, exported

ZONE = "Asia/Kolkata"  # 5:30 ahead of UTC

ADA, BEN, CLEO, GONE = (
    a_student("Ada Moss", xp_points=0),
    a_student("Ben Okoro", xp_points=30, email=None),
    a_student("Cleo Hart", xp_points=20, created_at=NOW - timedelta(days=100)),
    a_student("Gone Away", deleted_days_ago=1),
)
LOOPS, LISTS, DRAFT = (
    a_video("Loops", position=1, category="Basics", tags=["loop", "for"]),
    a_video("Lists", position=2, duration_seconds=None),
    a_video("Draft", position=3, status="processing"),
)
QUIZ, OLD_QUIZ = a_quiz("Loops quiz", video=LOOPS), a_quiz("Old quiz", deleted_at=NOW)
PROMPT = a_quiz_question(QUIZ)


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    return a_creator(
        [ADA, BEN, CLEO, GONE],
        [LOOPS, LISTS, DRAFT],
        [QUIZ, OLD_QUIZ, PROMPT],
        [
            a_progress(ADA, LOOPS, days_ago=2, watch_percentage=100, watch_duration=600, completed=True),
            a_progress(ADA, LISTS, days_ago=1, watch_percentage=0, watch_duration=0),
            a_progress(BEN, LOOPS, days_ago=10, watch_percentage=33.335, watch_duration=100),
            a_progress(GONE, LOOPS, days_ago=3),
        ],
        [
            an_attempt(ADA, QUIZ, passed=False, score_percent=0, days_ago=8, answers={PROMPT: False}),
            an_attempt(ADA, QUIZ, score_percent=66.666, days_ago=2, time_taken_seconds=None, answers={PROMPT: True}),
            an_attempt(BEN, OLD_QUIZ, days_ago=2),
            an_attempt(GONE, QUIZ, days_ago=2),
        ],
        [
            a_chat(a_question("Why?", video=LOOPS), an_answer("Because.", rating=0), student=ADA, days_ago=1),
            a_chat(a_question("And how?"), student=BEN, days_ago=40),
            a_chat(
                a_question("When?", rating=0.75), an_answer("Now."), an_answer("Or later."), student=ADA, days_ago=3
            ),
        ],
        timezone=ZONE,
    )


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": "active"},
        {"progress": "26-50"},
        {"last_active": "inactive"},
        {"tier": "inactive"},
        {"search": "mo"},
        {"sort_by": "name", "sort_order": "asc"},
        {"sort_by": "xp", "sort_order": "desc"},
        {"sort_by": "tier", "sort_order": "asc"},
        {"sort_by": "quizzes", "sort_order": "desc"},
    ],
    ids=str,
)
def test_students_are_those_of_the_page_in_its_order(creator: ACreator, filters: dict[str, Any]) -> None:
    page = students.fresh(creator.id, StudentFilters(**filters)).students

    rows = csv_records(exported(creator, "students", "csv", **filters))

    assert [row["Student id"] for row in rows] == [str(each) for each in page["student_id"]]
    assert [row["XP"] for row in rows] == [str(each) for each in page["xp_points"]]
    assert [row["Progress (%)"] for row in rows] == [str(each) for each in page["progress_percent"]]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"status": "processing"},
        {"category": "Basics"},
        {"band": "too-few"},
        {"search": "for"},
        {"sort_by": "title"},
    ],
    ids=str,
)
def test_videos_are_those_of_the_page_in_its_order(creator: ACreator, filters: dict[str, Any]) -> None:
    page = videos.fresh(creator.id, VideoFilters(**filters)).videos

    rows = csv_records(exported(creator, "videos", "csv", **filters))

    assert rows
    assert [row["Video"] for row in rows] == page["title"].tolist()
    assert [row["Viewers"] for row in rows] == [str(each) for each in page["unique_viewers"]]


def test_zeros_and_false_are_written_and_what_is_missing_is_empty(creator: ACreator) -> None:
    ada, ben, cleo = csv_records(exported(creator, "students", "csv", sort_by="name", sort_order="asc"))

    assert (ada["XP"], ada["Finished"], ada["Watched on average (%)"]) == ("0", "FALSE", "50")
    assert (ben["Email"], ben["Watched on average (%)"]) == ("", "33.34")
    assert (cleo["Last active (Asia/Kolkata)"], cleo["Watched on average (%)"], cleo["Videos"]) == ("", "", "0")


def test_times_are_those_of_the_creators_clock(creator: ACreator) -> None:
    rows = csv_records(exported(creator, "chat", "csv", search="Why"))
    document = json.loads(exported(creator, "chat", "json", search="Why"))

    assert rows[0]["Asked (Asia/Kolkata)"] == "2026-03-03 17:30:00"
    assert document["rows"][0]["asked_at"] == "2026-03-03T17:30:00+05:30"
    assert datetime.fromisoformat(document["rows"][0]["asked_at"]) == NOW - timedelta(days=1)
    assert (document["timezone"], document["generated_at"]) == (ZONE, "2026-03-04T17:30:00+05:30")


def test_the_same_hour_twice_is_told_apart_in_json(database: URL) -> None:
    first = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)  # 2:30 in Berlin, an hour before the clocks go back
    berlin = a_creator([a_chat(at=first), a_chat(at=first + timedelta(hours=1))], timezone="Europe/Berlin")

    assert [row[0] for row in csv_rows(exported(berlin, "chat", "csv"))[1:]] == ["2025-10-26 02:30:00"] * 2
    assert [row["asked_at"][-6:] for row in json.loads(exported(berlin, "chat", "json"))["rows"]] == [
        "+01:00",
        "+02:00",
    ]


def test_progress_has_a_row_for_each_student_and_published_video(creator: ACreator) -> None:
    rows = csv_records(exported(creator, "progress", "csv", sort_by="name", sort_order="asc"))

    assert [(row["Student"], row["Place"], row["Video"], row["State"], row["Watched (%)"]) for row in rows] == [
        ("Ada Moss", "1", "Loops", "Completed", "100"),
        ("Ada Moss", "2", "Lists", "Started", "0"),
        ("Ben Okoro", "1", "Loops", "Started", "33.34"),
        ("Ben Okoro", "2", "Lists", "Not started", ""),
        ("Cleo Hart", "1", "Loops", "Not started", ""),
        ("Cleo Hart", "2", "Lists", "Not started", ""),
    ]


def test_progress_adds_up_to_the_students(creator: ACreator) -> None:
    pairs = csv_records(exported(creator, "progress", "csv"))
    everybody = csv_records(exported(creator, "students", "csv"))

    for student in everybody:
        own = [pair for pair in pairs if pair["Student id"] == student["Student id"]]
        assert len(own) == int(student["Published videos"])
        assert sum(pair["State"] == "Completed" for pair in own) == int(student["Videos completed"])
        assert sum(int(pair["Watched (seconds)"] or 0) for pair in own) == int(student["Watched (seconds)"])


@pytest.mark.parametrize(
    ("filters", "pairs"),
    [
        ({"state": "completed"}, ["Ada Moss, Loops"]),
        ({"state": "not_started", "video_id": LISTS.id}, ["Ben Okoro, Lists", "Cleo Hart, Lists"]),
        ({"video_id": LOOPS.id, "search": "ben"}, ["Ben Okoro, Loops"]),
        ({"video_id": DRAFT.id}, []),
    ],
    ids=["completed", "not started", "found by name", "draft"],  # the same in every process, unlike the ids of videos
)
def test_progress_is_narrowed_by_student_video_and_state(
    creator: ACreator, filters: dict[str, Any], pairs: list[str]
) -> None:
    rows = csv_records(exported(creator, "progress", "csv", sort_by="name", sort_order="asc", **filters))

    assert [f"{row['Student']}, {row['Video']}" for row in rows] == pairs


def test_progress_of_one_student_is_as_a_pdf_the_report_on_that_student(creator: ACreator) -> None:
    ben = next(row for row in csv_records(exported(creator, "students", "csv")) if row["Student"] == "Ben Okoro")
    rows = csv_records(exported(creator, "progress", "csv", student_id=ben["Student id"]))
    report = exported(creator, "progress", "pdf", student_id=ben["Student id"])

    assert {row["Student"] for row in rows} == {"Ben Okoro"}
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(report)).pages)
    assert "Ben Okoro" in text
    assert "Progress report" in text
    assert "Ada Moss" not in text


def test_there_is_no_report_on_a_student_of_somebody_else(creator: ACreator, shared_database: URL) -> None:
    ben = next(row for row in csv_records(exported(creator, "students", "csv")) if row["Student"] == "Ben Okoro")

    with pytest.raises(InputError, match="no student"):
        exported(a_creator(a_student("Zoe Hart")), "progress", "pdf", student_id=ben["Student id"])


def test_chat_has_each_question_with_its_first_answer_newest_first(creator: ACreator) -> None:
    rows = csv_records(exported(creator, "chat", "csv"))

    assert [
        (row["Question"], row["Answered"], row["Answer"], row["Satisfaction (%)"], row["Video"]) for row in rows
    ] == [
        ("Why?", "TRUE", "Because.", "0", "Loops"),
        ("When?", "TRUE", "Now.", "75", ""),
        ("And how?", "FALSE", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("filters", "questions"),
    [
        ({"period": "7d"}, ["Why?", "When?"]),
        ({"period": "90d"}, ["Why?", "When?", "And how?"]),
        ({"rated": "good"}, ["When?"]),
        ({"rated": "bad"}, ["Why?"]),
        ({"rated": "unrated"}, ["And how?"]),
        ({"video_id": LOOPS.id}, ["Why?"]),
        ({"search": "WHEN"}, ["When?"]),
    ],
    ids=["week", "quarter", "good", "bad", "unrated", "video", "search"],  # the same in every process
)
def test_chat_is_narrowed_as_on_the_questions_page(
    creator: ACreator, filters: dict[str, Any], questions: list[str]
) -> None:
    assert [row["Question"] for row in csv_records(exported(creator, "chat", "csv", **filters))] == questions


@pytest.mark.parametrize("key", PERIODS)
def test_chat_of_a_period_is_as_long_as_the_page_counts(creator: ACreator, key: str) -> None:
    counted = satisfaction_breakdown.fresh(creator.id, QuestionFilters(PERIODS[key]))

    rows = csv_records(exported(creator, "chat", "csv", period=key))

    assert len(rows) == counted.questions
    assert sum(row["Answered"] == "TRUE" for row in rows) == counted.answered


def test_quiz_results_have_every_attempt_that_counts(creator: ACreator) -> None:
    rows = csv_records(exported(creator, "quiz_results", "csv"))

    shown = (
        "Student",
        "Quiz",
        "Video",
        "Attempt",
        "Score (%)",
        "Passed",
        "Time (seconds)",
        "Answered right",
        "Answered",
    )
    assert [tuple(row[title] for title in shown) for row in rows] == [
        ("Ada Moss", "Loops quiz", "Loops", "2", "66.67", "TRUE", "", "1", "1"),
        ("Ada Moss", "Loops quiz", "Loops", "1", "0", "FALSE", "120", "0", "1"),
    ]


def test_quiz_results_are_as_many_as_the_pages_count(creator: ACreator) -> None:
    every = quizzes.fresh(creator.id)

    assert len(csv_records(exported(creator, "quiz_results", "csv"))) == every["attempts"].sum() == 2
    for key, period in PERIODS.items():
        rows = csv_records(exported(creator, "quiz_results", "csv", period=key))
        assert len(rows) == period_results.fresh(creator.id, period).attempts
    assert csv_records(exported(creator, "quiz_results", "csv", quiz_id=OLD_QUIZ.id)) == []


@pytest.mark.parametrize(("hours_ago", "is_in"), [(0, True), (6 * 24 + 17.5, True), (6 * 24 + 17.51, False)])
def test_a_period_begins_with_a_local_day(database: URL, hours_ago: float, is_in: bool) -> None:
    # It is 17:30 in Kolkata: the first of 7 days began 6 days and 17.5 hours ago.
    at = NOW - timedelta(hours=hours_ago)
    creator = a_creator(an_attempt(at=at), a_chat(at=at), timezone=ZONE)

    for export_type in ("quiz_results", "chat"):
        assert len(csv_records(exported(creator, export_type, "csv", period="7d"))) == is_in


@pytest.mark.parametrize("export_type", TYPES)
def test_an_outsider_has_nothing_of_it(creator: ACreator, export_type: str) -> None:
    outsider = a_creator(name="Olga Outside")
    own = exported(outsider, export_type, "json").decode()

    for row in (ADA, BEN, LOOPS, LISTS, QUIZ):
        assert str(row.id) not in own
        assert row.values.get("name", row.values.get("title")) not in own
    if export_type != "analytics":
        assert json.loads(own)["rows"] == []
    else:
        assert all(row["value"] in (0, None) for row in json.loads(own)["rows"])


def test_what_another_creator_names_is_not_found(creator: ACreator) -> None:
    outsider = a_creator([a_video("Own")], [a_chat()], name="Olga Outside")

    assert csv_records(exported(outsider, "chat", "csv", video_id=LOOPS.id)) == []
    assert csv_records(exported(outsider, "progress", "csv", video_id=LOOPS.id)) == []
    assert csv_records(exported(outsider, "quiz_results", "csv", quiz_id=QUIZ.id)) == []


def test_student_data_are_all_pages_as_text(creator: ACreator) -> None:
    filters = StudentFilters(status="active", limit=1, offset=5)

    text = export_student_data(creator.id, filters, "json")

    assert [row["name"] for row in json.loads(text)["rows"]] == ["Ada Moss", "Ben Okoro"]
