import io
from uuid import uuid4

from rich.console import Console

from database.importers.futurelearn import REFRESH_WORK, import_futurelearn
from database.importers.futurelearn_report import FileReport, ImportReport, TableReport, progress_bar, report_table
from tests.data_futurelearn import COURSE_RUN, small_export


def test_the_table_says_per_file_what_was_read_loaded_skipped_and_why():
    shown = printed(a_report(FileReport("run_step-activity.csv", 12_345, {"without learner": 40, "too late": 5})))

    assert "run_step-activity.csv" in shown
    assert [number in shown for number in ("12,345", "12,300", "45")] == [True] * 3
    assert "40 without learner; 5 too late" in shown


def test_a_note_stands_where_the_reasons_are():
    assert "not loaded: no use" in printed(a_report(FileReport("survey.csv", 0, {}, "not loaded: no use")))


def test_names_are_shown_as_they_are_never_as_markup():
    assert "[red]run[/red].csv" in printed(a_report(FileReport("[red]run[/red].csv", 1, {})))


def test_the_caption_says_for_whom_and_how_much_changed():
    shown = printed(a_report(FileReport("a.csv", 1, {})))

    assert "Mira Vale (added): 1,007 rows changed, figures refreshed." in shown


def test_a_refresh_that_is_still_to_come_is_not_called_done():
    assert "another refresh is running" in printed(a_report(FileReport("a.csv", 1, {}), is_refreshed=False))


def test_progress_reaches_the_end_of_every_file_and_table(tmp_path, database):
    noted = []

    report = import_futurelearn(
        small_export(tmp_path), "Mira Vale", progress=lambda work, done, total: noted.append((work, done, total))
    )

    last = {work: (done, total) for work, done, total in noted}
    loaded_files = [file.name for file in report.files if not file.note]
    assert list(last) == [*loaded_files, *(table.name for table in report.tables), REFRESH_WORK]
    assert all(done == total > 0 for done, total in last.values())


def test_the_bar_shows_each_work_by_name():
    screen = io.StringIO()

    with progress_bar(Console(file=screen, width=100, force_terminal=True)) as note_progress:
        note_progress(f"[{COURSE_RUN}]_enrolments.csv", 5, 10)
        note_progress(f"[{COURSE_RUN}]_enrolments.csv", 10, 10)

    assert f"[{COURSE_RUN}]_enrolments.csv" in screen.getvalue()
    assert "100%" in screen.getvalue()


def a_report(*files: FileReport, is_refreshed: bool = True) -> ImportReport:
    return ImportReport(
        creator_id=uuid4(),
        creator_name="Mira Vale",
        is_new_creator=True,
        course_run=COURSE_RUN,
        files=files,
        tables=(TableReport("students", 2_000, 1_000), TableReport("videos", 10, 7)),
        is_refreshed=is_refreshed,
    )


def printed(report: ImportReport) -> str:
    screen = io.StringIO()
    Console(file=screen, width=140).print(report_table(report))
    return " ".join(screen.getvalue().split())  # a long caption is wrapped
