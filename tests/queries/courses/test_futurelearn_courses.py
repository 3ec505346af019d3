"""Every figure of each run of an imported course against plain Python straight from the CSV files of that run."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import URL

from database.importers.futurelearn import import_futurelearn
from database.levels import Level, at_level
from queries.courses.funnel import funnel
from queries.courses.known import courses, level_of
from queries.overview.dashboard import dashboard_response
from queries.periods.period import PERIODS
from queries.students.lists import tier_counts
from tests import futurelearn_oracle as oracle
from tests.data_futurelearn import COURSE_RUN, EARLIER_RUN, NOW, two_runs, videos_only
from tests.queries.expected import whole
from tests.queries.test_futurelearn_stats import Run, engagement_of, students_of

TITLES = {EARLIER_RUN: "Run 1", COURSE_RUN: "Run 2"}


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, shared_database: URL) -> dict[str, Run]:
    """The two runs of one course, by the names of their exports."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", NOW.isoformat())
        folders = [videos_only(folder) for folder in two_runs(tmp_path_factory.mktemp("runs"))]
        return dict(loaded(folder) for folder in folders)


@pytest.fixture(params=TITLES)
def run(request: pytest.FixtureRequest, imported: dict[str, Run], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DASHBOARD_NOW", NOW.isoformat())
    return imported[request.param]


def loaded(folder: Path) -> tuple[str, Run]:
    report = import_futurelearn(folder, "Knots", timezone="Asia/Kolkata", course="Knots and hitches")
    return report.course_run, Run(folder, "Asia/Kolkata", report.creator_id, NOW)


def level_of_run(run: Run) -> Level:
    name = next(run.folder.glob("*_enrolments.csv")).name.removesuffix("_enrolments.csv")
    (course,) = courses.fresh(run.creator_id).courses
    run_id = next(one.run_id for one in course.runs if one.title == TITLES[name])
    return level_of(run.creator_id, course.course_id, run_id)


@pytest.mark.parametrize("period", PERIODS.values(), ids=PERIODS)
def test_the_dashboard_of_each_run_is_that_of_its_files(run, period):
    with at_level(level_of_run(run)):
        answer = dashboard_response(run.creator_id, period)

    assert answer == {
        "students": students_of(run),
        "progress": {
            "avgCompletion": whole(Fraction(oracle.avg_completion(run.folder))),
            "videosWatched": oracle.videos_watched(run.folder),
            "quizzesPassed": oracle.quiz_passes(run.folder),
        },
        "engagement": engagement_of(run, period),
        "support": {"questionsAsked": 0, "aiAnswered": 0, "satisfactionRate": None},
    }


def test_the_tiers_of_each_run_are_those_of_its_files(run):
    with at_level(level_of_run(run)):
        tiers = tier_counts.fresh(run.creator_id)

    assert dict(zip(tiers.engagement_tier, tiers.students, strict=True)) == oracle.tier_counts(run.folder, NOW)


def test_the_funnel_of_each_run_is_that_of_its_files(run):
    with at_level(level_of_run(run)):
        steps = funnel.fresh(run.creator_id)

    found = list(zip(steps.title, steps.reached, steps.started, steps.completed, steps.stuck, strict=True))
    assert found == oracle.funnel(run.folder, NOW)


def test_over_both_runs_each_student_and_video_counts_once(imported, monkeypatch):
    monkeypatch.setenv("DASHBOARD_NOW", NOW.isoformat())
    folders = [run.folder for run in imported.values()]

    answer = dashboard_response(imported[COURSE_RUN].creator_id, PERIODS["90d"])

    assert answer["students"]["total"] == len({*oracle.students(folders[0]), *oracle.students(folders[1])})
    starts = Counter[str]()
    for folder in folders:
        starts.update(oracle.video_starts(folder))
    assert answer["progress"]["videosWatched"] == starts.total()
