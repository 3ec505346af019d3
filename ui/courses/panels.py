"""Each course with its figures, and its runs in one chart."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from charts.courses import ACTIVE, FINISHED, TITLES, runs_lines
from queries.courses.figures import CourseFigures, RunFigures, course_figures, runs_by_day
from queries.courses.funnel import Drop
from queries.courses.known import Course
from queries.courses.level_figures import LevelFigures
from queries.courses.names import course_name, run_name
from queries.definitions import help_for
from queries.periods.changes import change_in_words
from queries.periods.period import Period
from queries.periods.phrases import compared_in_short
from rules.formatting import counted, grouped, out_of, percent, percent_of_people, round_half_up
from rules.sentences import figure, sentence
from ui.courses.dialogs import course_buttons
from ui.shared.drawing import show_chart
from ui.shared.links import course_link, run_link, show_link
from ui.shared.paging import page_choice, requested_offset
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import bar, day, named, number, spark
from ui.table.table import Column, Row, whole_list

COURSES_A_PAGE = 20
PAGE = "courses_page"
RUN_COLUMNS = (
    Column("place", "Order of the runs", "unseen", "asc"),
    Column("run", "Run", "name", "asc"),
    Column("first", "First day", "time", "desc"),
    Column("students", "Students", "number", "desc"),
    Column("active", "Active", "number", "desc"),
    Column("by_day", "By day", "spark"),
    Column("finished", "Finished", "bar", "desc"),
    Column("time", "Time to finish", sorts="asc"),
)


@dataclass(frozen=True)
class Panel:
    """What is shown of a course; days: its runs by day, as returned by `queries.courses.figures.runs_by_day`."""

    told: CourseFigures
    days: pd.DataFrame | None


def gathered_panels(creator_id: UUID, period: Period, known: list[Course], first: UUID | None) -> list[Panel]:
    """The contents of the panels of this page, one per course, in order; the chosen one, if any, comes first of all."""
    in_order = sorted(known, key=lambda course: course.course_id != first)
    offset = requested_offset(PAGE, COURSES_A_PAGE)
    if offset >= len(in_order):  # of a page that there is no more
        offset = 0
    on_page = tuple(course.course_id for course in in_order[offset : offset + COURSES_A_PAGE])
    every = course_figures(creator_id, period, on_page)
    whole = [told for told in every if told.runs and all(run.figures is not None for run in told.runs)]
    if not whole:
        return [Panel(told, None) for told in every]
    days = runs_by_day(creator_id, tuple(told.course.course_id for told in whole))
    by_course: dict[Any, pd.DataFrame] = dict(list(days.groupby("course_id", sort=False)))
    return [Panel(told, by_course.get(told.course.course_id)) for told in every]


def course_panels(panels: list[Panel], courses: int, period: Period, timezone: str, can_change: bool) -> None:
    """The panels of this page, and the choice of another page if there are more courses."""
    for panel in panels:
        with st.container(border=True):
            _panel(panel, period, timezone, can_change, is_one_of_several=courses > 1)
    page_choice(PAGE, courses, COURSES_A_PAGE)


def _panel(panel: Panel, period: Period, timezone: str, can_change: bool, is_one_of_several: bool) -> None:
    told, course = panel.told, panel.told.course
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(plain(course_name(course)))
        if is_one_of_several:
            show_link(course_link(course.course_id), "Open dashboard", ":material/arrow_forward:")
    if told.figures is None:
        st.info("The figures of this course are being calculated. Check back in a minute.", icon=":material/hourglass:")
    else:
        _figures(told.figures, period)
        st.markdown(drop_in_words(told.figures.steepest_drop))
    if told.runs:
        _runs(course, told.runs, panel.days, period, timezone)
    if can_change:
        course_buttons(course)


def _figures(figures: LevelFigures, period: Period) -> None:
    active, change = figures.activity, figures.activity.change_percent
    card: dict[str, Any] = {"border": True, "height": "stretch"}
    with st.grid(4, min_column_width=178):
        st.metric("Students", grouped(figures.students), help=help_for("total_students"), **card)
        st.metric(
            f"Active in {period.label}",
            grouped(active.active_students),
            None if change is None else change_in_words(change, "percent") if change else grouped(0),
            delta_description=None if change is None else f"vs {compared_in_short(period)}",
            chart_data=list(figures.active_by_day.values()) or None,
            chart_type="area",
            help=help_for("active_in_period"),
            **card,
        )
        finished = figures.finished_percent
        st.metric(
            "Finished",
            grouped(figures.finished_students) + (f" ({percent(finished)})" if finished is not None else ""),
            help=help_for("course_finished"),
            **card,
        )
        st.metric(
            "Time to finish",
            days_in_words(figures.median_days_to_finish),
            help=help_for("median_days_to_finish"),
            **card,
        )


@figure
def days_in_words(days: float | None) -> str:
    """The median time to finish, such as "12 days"; a dash if nobody has finished."""
    if days is None:
        return "–"
    whole = round_half_up(days)
    return "under a day" if whole == 0 else counted(whole, "day")


@sentence
def drop_in_words(drop: Drop | None) -> str:
    """The steepest drop of a course as a sentence."""
    if drop is None:
        return "Too few students have got far enough to show where they stop."
    return (
        f"The steepest drop is after **{plain(drop.title)}**: {out_of(drop.lost, drop.reached, 'student')} "
        f"({percent_of_people(drop.lost_percent)}) went no further."
    )


def _runs(course: Course, runs: list[RunFigures], days: pd.DataFrame | None, period: Period, timezone: str) -> None:
    names = {told.run.run_id: run_name(told.run) for told in runs}
    _runs_table(course, runs, period, timezone)
    if days is None or days.empty:
        return
    measure = FINISHED if (days[FINISHED] > 0).any() else ACTIVE
    st.subheader(TITLES[measure], help=help_for("runs_by_day"))
    show_chart(
        runs_lines, days.assign(name=days["run_id"].map(names)), measure, alt=f"{TITLES[measure]} by day, run by run"
    )


def _runs_table(course: Course, runs: list[RunFigures], period: Period, timezone: str) -> None:
    active = f"Active in {period.label}"
    columns = [replace(one, title=active) if one.key == "active" else one for one in RUN_COLUMNS]
    sortable = pd.DataFrame([_to_sort_by(place, told) for place, told in enumerate(runs)])

    def described(part: pd.DataFrame) -> list[Row]:
        return [_row(course, runs[place], ZoneInfo(timezone)) for place in part["place"]]

    address = ListAddress.of(f"runs_{str(course.course_id)[:8]}", Order("place"))
    fields = {name: name for name in sortable.columns if name != "place"}
    whole_list(address, f"Runs of {course_name(course)}", columns, sortable, described, fields)


def _to_sort_by(place: int, told: RunFigures) -> dict[str, object]:
    figures = told.figures
    return {
        "place": place,
        "run": run_name(told.run),
        "first": told.run.starts_at,
        "students": figures and figures.students,
        "active": figures and figures.activity.active_students,
        "finished": figures and figures.finished_percent,
        "time": figures and figures.median_days_to_finish,
    }


def _row(course: Course, told: RunFigures, zone: ZoneInfo) -> Row:
    figures, run = told.figures, told.run
    by_day = list(figures.active_by_day.values()) if figures else []
    cells = (
        named(run_name(run)),
        day(run.starts_at and run.starts_at.astimezone(zone).date()),
        number(figures.students if figures else None),
        number(figures.activity.active_students if figures else None),
        spark(by_day, f"Active students by day, at most {grouped(max(by_day, default=0))}"),
        bar(figures.finished_percent if figures else None, of_people=True),
        days_in_words(figures.median_days_to_finish) if figures else "being calculated",
    )
    return Row(str(run.run_id), cells, run_link(course.course_id, run.run_id).href)
