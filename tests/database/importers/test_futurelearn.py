from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from database.creators import add_creator, creators
from database.importers import futurelearn, futurelearn_tables
from database.importers.futurelearn import import_futurelearn
from database.importers.futurelearn_report import ImportReport
from database.refresh import refresh
from rules.errors import InputError
from tests.data_futurelearn import (
    ADA,
    ARTICLE,
    BEN,
    CEM,
    DIA,
    EVA,
    IDA,
    KIM,
    LONG_QUIZ,
    SHORT_QUIZ,
    STRANGER,
    append,
    at,
    edit,
    file_of,
    small_export,
)
from tests.database.importers.found import contents, counts, found, marks

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return small_export(tmp_path / "export")


@pytest.fixture
def without_refresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(futurelearn, "refresh", lambda creator_id, limit_seconds: True)


def test_a_learner_becomes_a_student(export):
    creator_id = imported(export)

    students = found(
        creator_id,
        "select external_id, name, created_at, deleted_at, last_active, email from students where external_id = :ada",
        ada=ADA,
    )
    assert students == [(ADA, "Learner ada-----", instant(at(90)), None, None, None)]


def test_a_learner_who_left_is_a_deleted_student(export):
    creator_id = imported(export)

    assert found(creator_id, "select external_id, deleted_at from students where deleted_at is not null") == [
        (IDA, instant(at(20)))
    ]


def test_other_roles_are_no_students_and_are_counted(export):
    report = import_futurelearn(export, "Mira Vale")

    assert not found(report.creator_id, "select from students where external_id = :kim", kim=KIM)
    assert file_report(report, "enrolments") == (11, 10, {"with the role organisation_admin, not learner": 1})


def test_videos_stand_in_the_order_of_week_and_step(export):
    creator_id = imported(export)

    videos = found(creator_id, "select title, position, duration_seconds, status from videos order by position")
    steps = [f"1.{number}" for number in range(1, 12)] + ["2.1"]
    assert [title for title, *_ in videos] == [f'Knot "{step}", slowly' for step in steps]
    assert [position for _, position, *_ in videos] == list(range(1, 13))
    assert videos[0][2:] == (170, "completed")


def test_the_retention_curve_has_seven_points(export):
    creator_id = imported(export)

    curve = found(
        creator_id,
        """
        select position_percent, viewers_percent
        from retention_points
        join videos on videos.id = video_id
        where title like '%"1.2"%'
        order by position_percent
        """,
    )
    assert curve == [(5, 60), (10, 50), (25, 40), (50, 30), (75, 20), (95, 10), (100, 5)]


def test_step_1_1_is_not_step_1_10(export):
    creator_id = imported(export)

    watched = found(
        creator_id,
        """
        select students.external_id, title
        from video_progress
        join students on students.id = student_id
        join videos on videos.id = video_id
        where students.external_id in (:dia, :eva)
        order by students.external_id
        """,
        dia=DIA,
        eva=EVA,
    )
    assert watched == [(DIA, 'Knot "1.10", slowly'), (EVA, 'Knot "1.1", slowly')]


def test_progress_on_a_video_says_only_what_the_platform_told(export):
    creator_id = imported(export)

    completed = progress_of(creator_id, EVA, '%"1.1"%')
    visited = progress_of(creator_id, CEM, '%"1.2"%')
    assert completed == [(instant(at(30)), instant(at(10)), True, None, None)]
    assert visited == [(instant(at(2)), instant(at(2)), False, None, None)]


def test_a_step_completed_before_its_first_visit_was_last_watched_at_the_visit(export):
    edit(export, "step-activity", f"{DIA},1.10,1,10,{at(1)},{at(1, 0.5)}", f"{DIA},1.10,1,10,{at(1)},{at(2)}")

    creator_id = imported(export)

    assert progress_of(creator_id, DIA, '%"1.10"%') == [(instant(at(1)), instant(at(1)), True, None, None)]


def test_every_visit_and_completion_is_an_event_on_steps_without_video_too(export):
    creator_id = imported(export)

    events = found(
        creator_id,
        """
        select kind, occurred_at
        from activity_events
        join students on students.id = student_id
        where students.external_id = :eva
        order by occurred_at
        """,
        eva=EVA,
    )
    assert events == [
        ("step_visited", instant(at(30))),
        ("step_visited", instant(at(30, 0.51))),
        ("step_completed", instant(at(10))),
    ]


def test_the_nth_response_to_a_question_belongs_to_attempt_n(export):
    creator_id = imported(export)

    # The file has Ben's later response first; by time it is his second, and it is right.
    assert attempts_of(creator_id, BEN, SHORT_QUIZ) == [
        (1, pytest.approx(100 / 3), False, instant(at(4, 1.1)), None),
        (2, pytest.approx(100 / 3), False, instant(at(4, 2)), None),
    ]


def test_responses_of_the_same_second_count_in_the_order_of_the_file(export):
    creator_id = imported(export)

    assert [score for _, score, *_ in attempts_of(creator_id, ADA, SHORT_QUIZ)] == [
        pytest.approx(200 / 3),
        pytest.approx(100 / 3),
    ]


def test_seventy_percent_passes_and_sixty_does_not(export):
    creator_id = imported(export)

    assert attempts_of(creator_id, ADA, LONG_QUIZ) == [(1, 70, True, instant(at(2, 10)), None)]
    assert attempts_of(creator_id, BEN, LONG_QUIZ) == [(1, 60, False, instant(at(2, 10)), None)]


def test_answers_hold_each_response_with_its_question(export):
    creator_id = imported(export)

    answers = found(
        creator_id,
        """
        select attempt_number, quiz_questions.position, answer, is_correct
        from quiz_answers
        join quiz_attempts on quiz_attempts.id = attempt_id
        join quizzes on quizzes.id = quiz_attempts.quiz_id
        join quiz_questions on quiz_questions.id = question_id
        join students on students.id = student_id
        where students.external_id = :ada and quizzes.title = :title
        order by 1, 2
        """,
        ada=ADA,
        title=f"Quiz {SHORT_QUIZ}",
    )
    assert answers == [
        (1, 1, "1,2,3", False),
        (1, 2, "1,2,3", True),
        (1, 3, "1,2,3", True),
        (2, 1, "1,2,3", True),
    ]


def test_a_question_to_fill_in_keeps_the_words_of_the_learner(export):
    append(export, "question-response", DIA, "3.1.1", "FillInTheBlank", "3", "1", "1", "", "bow\\line", at(1), "true")

    creator_id = imported(export)

    answered = found(
        creator_id,
        """
        select kind, answer
        from quiz_answers
        join quiz_questions on quiz_questions.id = question_id
        where prompt = 'Question 1 of quiz 3.1'
        """,
    )
    assert answered == [("fill_in_the_blank", "bow\\line")]


def test_responses_and_visits_of_nobody_who_is_a_student_are_skipped_with_the_reason(export):
    append(export, "step-activity", STRANGER, "1.1", "1", "1", at(1), "")
    append(export, "step-activity", "", "1.1", "1", "1", at(1), "")

    report = import_futurelearn(export, "Mira Vale")

    staff = "with the role organisation_admin, not learner"
    stranger = "of learners who are not among the enrolments"
    assert file_report(report, "question-response") == (32, 28, {"without learner": 2, staff: 1, stranger: 1})
    assert file_report(report, "step-activity") == (30, 27, {"without learner": 1, staff: 1, stranger: 1})


def test_the_leaving_survey_is_named_as_not_loaded_and_may_be_absent(export):
    with_survey = import_futurelearn(export, "Mira Vale")
    file_of(export, "leaving-survey-responses").unlink()
    without = import_futurelearn(export, "Mira Vale")

    assert [file.note for file in with_survey.files][-1].startswith("not loaded")
    assert len(without.files) == len(with_survey.files) - 1


def test_a_byte_order_mark_extra_columns_and_blank_lines_are_fine(export):
    path = file_of(export, "enrolments")
    header, *rows = path.read_text().splitlines()
    path.write_text("\r\n\r\n".join([f"\N{BOM}{header},mood", *(f"{row},merry" for row in rows)]), encoding="utf-8")

    report = import_futurelearn(export, "Mira Vale")

    assert counts(report.creator_id)["students"] == 10


def test_older_exports_without_a_question_type_hold_multiple_choice(export):
    edit(export, "question-response", "question_type", "something_else")
    edit(export, "question-response", "cloze_response", "another_thing")

    creator_id = imported(export)

    assert found(creator_id, "select distinct kind from quiz_questions") == [("multiple_choice",)]


def test_a_second_run_changes_nothing(export, without_refresh):
    first = import_futurelearn(export, "Mira Vale")
    before = contents(first.creator_id)
    clear_marks(first.creator_id)

    second = import_futurelearn(export, "Mira Vale")

    assert first.rows_changed == sum(counts(first.creator_id).values())
    assert second.rows_changed == 0
    assert contents(first.creator_id) == before
    assert marks(first.creator_id) == 0


def test_a_newer_export_updates_what_it_says_differently(export, without_refresh):
    creator_id = imported(export)
    before = counts(creator_id)
    clear_marks(creator_id)
    edit(export, "enrolments", f"{BEN},{at(80)},", f"{BEN},{at(80)},{at(0)}")
    edit(export, "video-stats", 'Knot ""1.1"", slowly', "The bowline")
    append(export, "enrolments", STRANGER, at(0), "", "learner", "", "", "", "")

    report = import_futurelearn(export, "Mira Vale")

    changed = {table.name: table.rows_changed for table in report.tables if table.rows_changed}
    assert changed == {"students": 2, "videos": 1, "quiz_attempts": 1, "quiz_answers": 1}
    assert counts(creator_id)["students"] == before["students"] + 1
    assert found(creator_id, "select deleted_at from students where external_id = :ben", ben=BEN) == [(instant(at(0)),)]
    assert found(creator_id, "select from videos where title = 'The bowline' and position = 1")
    assert marks(creator_id) > 0


@pytest.mark.parametrize("step", ["1.1", ARTICLE])
def test_completing_a_step_anew_keeps_the_earlier_day(export, step):
    visit = f"{CEM},{step},{step.replace('.', ',')},{at(40)}"
    append(export, "step-activity", *visit.split(","), at(20))
    creator_id = imported(export)
    edit(export, "step-activity", f"{visit},{at(20)}", f"{visit},{at(15)}")

    import_futurelearn(export, "Mira Vale")

    days = found(
        creator_id,
        """
        select date '2018-10-02' - day
        from student_days
        join shown_generations using (creator_id, generation)
        join students on students.id = student_id
        where students.external_id = :cem
        order by 1
        """,
        cem=CEM,
    )
    assert days == [(2,), (15,), (20,), (40,)]


def test_two_runs_of_a_course_share_their_learners_but_nothing_else(export, tmp_path):
    creator_id = imported(export)
    before = counts(creator_id)
    other = tmp_path / "other"
    other.mkdir()
    for path in export.iterdir():
        path.rename(other / path.name.replace("hitches-2", "hitches-3"))

    import_futurelearn(other, "Mira Vale")

    after = counts(creator_id)
    assert after.pop("students") == before.pop("students")
    assert after == {table: 2 * count for table, count in before.items()}


def test_an_unknown_creator_is_added_as_enterprise_in_utc(export):
    report = import_futurelearn(export, "Mira Vale")

    assert report.is_new_creator
    assert terms_of(report.creator_id) == ("Mira Vale", "enterprise", "UTC")


def test_a_known_creator_keeps_tier_and_zone_unless_they_are_given(export):
    creator_id = add_creator("Mira Vale", "pro", "Asia/Kolkata")

    kept = import_futurelearn(export, "Mira Vale")
    terms_kept = terms_of(creator_id)
    import_futurelearn(export, str(creator_id), subscription_tier="enterprise", timezone="Europe/London")

    assert (kept.creator_id, kept.is_new_creator) == (creator_id, False)
    assert terms_kept == ("Mira Vale", "pro", "Asia/Kolkata")
    assert terms_of(creator_id) == ("Mira Vale", "enterprise", "Europe/London")


def test_a_new_zone_moves_the_days_at_once(export):
    creator_id = imported(export)

    import_futurelearn(export, "Mira Vale", timezone="Pacific/Auckland")

    hours = found(
        creator_id,
        "select distinct hour from day_hours join shown_generations using (creator_id, generation)"
        " where day = '2018-09-25'",
    )
    assert hours == [(12,)]


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"creator_name": " "}, "name"),
        ({"creator_name": "x" * 201}, "200"),
        ({"creator_name": "Mira\nVale"}, "printable"),
        ({"creator_name": "Mira Vale", "subscription_tier": "gold"}, '"gold"'),
        ({"creator_name": "Mira Vale", "timezone": "Mars/Olympus"}, '"Mars/Olympus"'),
        ({"creator_name": "Mira Vale", "timezone": "../UTC"}, '"../UTC"'),
    ],
)
def test_terms_that_cannot_be_are_refused(export, terms, named):
    with pytest.raises(InputError, match=named):
        import_futurelearn(export, **terms)

    assert creators() == []


def test_two_creators_of_the_same_name_are_told_apart_by_id(export):
    add_creator("Mira Vale", "pro", "UTC")
    chosen = add_creator("Mira Vale", "pro", "UTC")

    with pytest.raises(InputError, match="2 creators"):
        import_futurelearn(export, "Mira Vale")

    assert import_futurelearn(export, str(chosen)).creator_id == chosen


def test_a_load_that_fails_in_its_last_table_leaves_no_row_and_no_creator(export, monkeypatch):
    fail_in("quiz_answers", monkeypatch)

    with pytest.raises(RuntimeError, match="no space left"):
        import_futurelearn(export, "Mira Vale")

    assert creators() == []


def test_a_load_that_fails_leaves_a_known_creator_as_they_were(export, monkeypatch):
    creator_id = imported(export)
    before, terms = contents(creator_id), terms_of(creator_id)
    append(export, "enrolments", STRANGER, at(0), "", "learner", "", "", "", "")
    fail_in("quiz_answers", monkeypatch)

    with pytest.raises(RuntimeError, match="no space left"):
        import_futurelearn(export, "Mira Vale", subscription_tier="basic")

    assert contents(creator_id) == before
    assert terms_of(creator_id) == terms
    assert marks(creator_id) == 0


def test_the_figures_are_fresh_after_an_import(export):
    report = import_futurelearn(export, "Mira Vale")

    assert report.is_refreshed
    assert marks(report.creator_id) == 0
    assert found(report.creator_id, "select total_students, total_videos from creator_analytics_cache") == [(9, 12)]


def test_an_outsider_sees_nothing(export):
    outsider = add_creator("Nosy Parker", "enterprise", "UTC")

    imported(export)

    assert set(counts(outsider).values()) == {0}
    assert marks(outsider) == 1  # their own arrival


def test_the_same_export_under_two_creators_stays_apart(export):
    mira, noah = imported(export), imported(export, "Noah Reed")

    assert counts(mira) == counts(noah)
    assert not {*found(mira, "select id from students")} & {*found(noah, "select id from students")}


def imported(folder: Path, name: str = "Mira Vale") -> UUID:
    return import_futurelearn(folder, name).creator_id


def file_report(report: ImportReport, kind: str) -> tuple[int, int, dict[str, int]]:
    (file,) = (file for file in report.files if file.name.endswith(f"_{kind}.csv"))
    return file.rows_read, file.rows_loaded, dict(file.skipped)


def progress_of(creator_id: UUID, learner_id: str, title: str) -> list[tuple]:
    return found(
        creator_id,
        """
        select first_watched, last_watched, completed, watch_percentage, watch_duration
        from video_progress
        join students on students.id = student_id
        join videos on videos.id = video_id
        where students.external_id = :learner_id and title like :title
        """,
        learner_id=learner_id,
        title=title,
    )


def attempts_of(creator_id: UUID, learner_id: str, quiz: str) -> list[tuple]:
    return found(
        creator_id,
        """
        select attempt_number, score_percent, passed, completed_at, time_taken_seconds
        from quiz_attempts
        join quizzes on quizzes.id = quiz_id
        join students on students.id = student_id
        where students.external_id = :learner_id and title = :title
        order by attempt_number
        """,
        learner_id=learner_id,
        title=f"Quiz {quiz}",
    )


def terms_of(creator_id: UUID) -> tuple[str, str, str]:
    (creator,) = (creator for creator in creators() if creator.id == creator_id)
    return creator.name, creator.subscription_tier, creator.timezone


def clear_marks(creator_id: UUID) -> None:
    assert refresh(creator_id)
    assert marks(creator_id) == 0


def fail_in(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    load_table = futurelearn_tables.upsert_rows  # type: ignore[attr-defined]

    def failing(connection, name, *arguments):
        changed = load_table(connection, name, *arguments)
        if name == table:
            raise RuntimeError("no space left")
        return changed

    monkeypatch.setattr(futurelearn_tables, "upsert_rows", failing)


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
