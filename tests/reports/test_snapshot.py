"""The snapshot of the demo's planted creator: the same figures on the pages, in the PDF and in the workbook."""

import subprocess
from datetime import UTC, date, datetime
from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from actions.videos import VideoUpdates, update_video
from database.demo import DemoSize, load_demo
from database.demo.courses import COURSES
from database.demo.planted import planted
from queries.overview.dashboard import dashboard_response
from queries.periods.period import MONTH, WEEK, resolve
from queries.students.lists import at_risk_students
from queries.videos.one_video import video_analytics
from reports.snapshot.figures import snapshot
from reports.snapshot.pdf import snapshot_pdf
from reports.snapshot.workbook import workbook_bytes
from reports.student_pdf import student_report
from rules.errors import InputError
from rules.formatting import timestamp
from tests.builders import NOW, a_creator, an_event
from tests.pages.test_periods import author_of
from tests.reports.exports.opened import by_libreoffice
from tests.rows import a_chat, a_question, a_student, a_video

SIZE = DemoSize(students=60, videos=20, days=60, seed=1)
HOSTILE = [
    "=1+1",
    "@SUM(A1)",
    "<b>bold",
    "<img src='/etc/passwd'>",
    "\u202eevil",
    "مرحبا بالعالم",
    "🎉👩‍👩‍👧",
    "x" * 5_000,
]


@pytest.fixture(scope="module")
def facts(shared_database):
    load_demo(SIZE)
    return planted(next(course for course in COURSES if course.plants), SIZE)


@pytest.fixture(scope="module")
def found(facts):
    return snapshot(facts.creator_id, MONTH)


@pytest.fixture(scope="module")
def pdf(found):
    return snapshot_pdf(found)


@pytest.fixture(scope="module")
def workbook(found):
    return load_workbook(BytesIO(workbook_bytes(found)))


def test_the_figures_are_those_of_the_dashboard(facts, found):
    told = dashboard_response(facts.creator_id, MONTH)
    figures = {figure.name: figure.number for figure in found.key_figures}

    assert figures["total_students"] == told["students"]["total"]
    assert round(figures["avg_completion"]) == told["progress"]["avgCompletion"]
    assert len(found.at_risk) == len(at_risk_students.fresh(facts.creator_id))


def test_the_pdf_tells_every_key_figure(found, pdf):
    told = words_of(pdf)

    for figure in found.key_figures:
        assert f"{figure.title} {figure.text}" in told
    assert f"{found.at_risk['name'].iloc[0]}" in told


def test_the_workbook_holds_the_same_figures_as_numbers(found, workbook):
    rows = list(workbook["Key figures"].iter_rows(min_row=2, values_only=True))

    assert [row[0] for row in rows] == [figure.title for figure in found.key_figures]
    assert [row[1] for row in rows] == [pytest.approx(figure.number) for figure in found.key_figures]
    assert workbook["At risk"].max_row == len(found.at_risk) + 1
    assert workbook["Videos"].max_row == len(found.videos) + 1


def test_libreoffice_opens_the_workbook_and_reads_the_same_figures(found, tmp_path):
    rows = by_libreoffice(workbook_bytes(found), tmp_path)

    assert [row[0] for row in rows[1:]] == [figure.title for figure in found.key_figures]
    assert [float(row[1]) for row in rows[1:]] == [pytest.approx(figure.number) for figure in found.key_figures]


def test_the_workbook_draws_its_own_charts(workbook):
    drawn = {sheet.title for sheet in workbook if sheet._charts}

    assert {"Days", "Hours", "Tiers", "Videos", "Quizzes"} <= drawn


def test_the_planted_cliff_is_told_with_its_second_and_line(facts, found):
    title = video_analytics.fresh(facts.creator_id, facts.cliff_video_id).title

    assert any(
        f"of “{title}” who get to {timestamp(facts.cliff_second)} stop there" in one.sentence and one.quote
        for one in found.findings.of("cliff")
    )


def test_planted_questions_sections_and_silent_students_are_found(found):
    ranked = found.findings.ranked

    assert {"cliff", "replay", "hard", "wrong_key", "inactive", "at_risk"} <= {one.kind for one in ranked}
    assert [one.people for one in ranked] == sorted((one.people for one in ranked), reverse=True)


def test_qpdf_accepts_the_file_and_it_has_bookmarks_title_and_language(pdf, tmp_path):
    path = tmp_path / "snapshot.pdf"
    path.write_bytes(pdf)

    subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    document = PdfReader(path)
    headings = [entry.title for entry in document.outline if not isinstance(entry, list)]
    assert {"Engagement", "Students", "Videos", "Quizzes", "Questions asked", "What the figures mean"} <= set(headings)
    assert document.metadata.title.startswith("Analytics snapshot of")
    assert document.trailer["/Root"]["/Lang"] == "en-GB"


def test_charts_are_vectors(pdf):
    assert not [image for page in PdfReader(BytesIO(pdf)).pages for image in page.images]


def test_an_empty_creator_gets_a_report_that_says_why_it_is_empty(shared_database):
    creator = a_creator()

    told = words_of(snapshot_pdf(snapshot(creator.id, WEEK)))

    for sentence in (
        "Nothing stands out",
        "No students have enrolled yet",
        "No video is published yet",
        "No quizzes yet",
    ):
        assert sentence in told
    assert workbook_bytes(snapshot(creator.id, WEEK))


def test_days_are_those_of_the_creators_zone(shared_database, monkeypatch):
    # The clock goes forward in Los Angeles on 8 March 2026; at 06:30 UTC it is still the evening before.
    monkeypatch.setenv("DASHBOARD_NOW", datetime(2026, 3, 9, 6, 30, tzinfo=UTC).isoformat())
    creator = a_creator(timezone="America/Los_Angeles")

    found = snapshot(creator.id, WEEK)

    assert (found.first_day, found.last_day) == (date(2026, 3, 2), date(2026, 3, 8))


def test_hostile_text_is_shown_and_never_obeyed(shared_database):
    rows = [a_student(name=text) for text in HOSTILE] + [a_video(title=text) for text in HOSTILE]
    asked = [a_chat(a_question(text)) for text in HOSTILE]
    creator = a_creator(*rows, *asked)

    found = snapshot(creator.id, WEEK)
    book = load_workbook(BytesIO(workbook_bytes(found)))

    assert "=1+1" in words_of(snapshot_pdf(found))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_creator_without_the_tier_gets_no_report(shared_database):
    creator = a_creator(subscription_tier="pro")

    with pytest.raises(InputError, match="ENTERPRISE"):
        snapshot(creator.id, WEEK)


def test_an_outsider_sees_nothing_of_it(facts, found):
    outsider = a_creator()

    told = words_of(snapshot_pdf(snapshot(outsider.id, MONTH)))

    assert not any(str(name) in told for name in found.at_risk["name"])


def test_a_students_report_tells_name_tier_and_timeline(facts):
    known = at_risk_students.fresh(facts.creator_id).iloc[0]

    told = words_of(student_report(facts.creator_id, known["student_id"]))

    assert str(known["name"]) in told
    assert "Timeline" in told
    assert "Course progress" in told


def test_a_student_of_another_creator_has_no_report(facts):
    known = at_risk_students.fresh(facts.creator_id).iloc[0]
    outsider = a_creator()

    with pytest.raises(InputError, match="no student"):
        student_report(outsider.id, known["student_id"])
    with pytest.raises(InputError, match="no student"):
        student_report(facts.creator_id, uuid4())


def words_of(pdf):
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(text.split())


def test_the_report_on_a_month_marks_what_happened_and_draws_the_running_day_apart(shared_database):
    video = a_video("Loops")
    creator = a_creator(a_student("Ada Moss"), video, an_event(days_ago=1))
    update_video(author_of(creator), creator.id, video.id, VideoUpdates(title="Loops", transcript="Loops run."))

    found = snapshot(creator.id, resolve("this-month", NOW.date(), "last-year"))

    assert (found.first_day.isoformat(), found.last_day.isoformat()) == ("2026-03-01", "2026-03-04")
    assert (found.timeline.running, found.timeline.compared) == (NOW.date(), "Last year")
    assert found.timeline.markers is not None
    assert found.timeline.markers[["kind", "title"]].values.tolist() == [["video_changed", "Loops"]]
    told = words_of(snapshot_pdf(found))
    assert "1 March 2026 to 4 March 2026 (March 2026)" in told
    assert "Changes compare with 1 to 4 Mar 2025: percent for counts, points for rates" in told
