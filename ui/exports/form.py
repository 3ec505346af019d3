"""The export form: data, format and the filters of the pages, all in the URL."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any
from uuid import UUID

import streamlit as st

from database.frames import records
from database.levels import level
from queries.chat.figures import AskedVideoRow, videos_asked_about
from queries.courses.known import courses
from queries.courses.names import course_name, run_name
from queries.periods.chosen_period import local_day, runs_by_key
from queries.periods.period import BEFORE, MONTH, RANGE, RUN, THIS_MONTH, range_key, resolve
from queries.preferences import preferences
from queries.quizzes.results import QuizRow, quizzes
from queries.students.lists import student
from queries.videos.library import library
from queries.videos.lists import VideoFilters, VideoRow, videos
from reports.exports import TYPES, ExportRequest
from rules.errors import InputError
from ui.account.viewer import Viewer
from ui.chat.panels import WORDS
from ui.exports.file_choices import column_choice, csv_choices
from ui.exports.labels import CONTENTS, RATED_LABELS, STATE_LABELS, TYPE_LABELS
from ui.exports.link import COMPARE, PERIOD, STUDENT
from ui.periods.labels import COMPARED_LABELS, LAST_LABELS, MONTH_LABELS
from ui.settings_form import FORMAT_LABELS
from ui.shared.address import change_address, id_in_address
from ui.shared.choices import search_filter, select_filter
from ui.shared.text import plain
from ui.students.filters import ADDRESS as STUDENTS
from ui.students.filters import student_filters
from ui.students.table import COLUMNS as STUDENT_COLUMNS
from ui.table.address import ListAddress
from ui.table.table import Column
from ui.videos.filters import ADDRESS as VIDEOS
from ui.videos.filters import video_filters
from ui.videos.table import COLUMNS as VIDEO_COLUMNS

EVER, DATES = "ever", "dates"
ORDER_LABELS = {"asc": "Ascending", "desc": "Descending"}
MOST_CHOICES = 1_000
Chosen = dict[str, Any]


def export_form(seen_by: Viewer) -> ExportRequest | None:
    """The request as chosen, or as in the address; None if it cannot be exported."""
    preferred = preferences(seen_by.creator_id)
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        export_type = _required("Data", "type", TYPE_LABELS, TYPES[0])
        export_format = _required("Format", "format", FORMAT_LABELS, preferred.export_format)
    st.caption(CONTENTS[export_type])
    try:
        chosen = FIELDS[export_type](seen_by.creator_id) | _course(seen_by.creator_id)
        if export_format == "csv":
            chosen |= csv_choices(preferred.csv_style)
        request = ExportRequest.of(export_type, export_format, chosen)
        return request if request.is_report else replace(request, columns=column_choice(export_type, export_format))
    except InputError as error:
        st.error(str(error))
        return None


def _course(creator_id: UUID) -> Chosen:
    """The course and run chosen at the top of the page, shown if there are several to choose from."""
    known, of = courses(creator_id).courses, level()
    if len(known) < 2 and all(len(course.runs) < 2 for course in known):
        return {}
    course = next((one for one in known if one.course_id == of.course_id), None)
    if course is None:
        st.caption("All courses. To narrow this down, choose one at the top of the page.")
        return {}
    run = next((one for one in course.runs if one.number == of.run), None)
    names = [course_name(course), *([run_name(run)] if run else [])]
    st.caption(f"Only “{plain(', '.join(names))}”, as chosen at the top of the page.")
    return {"course_id": course.course_id, "run_id": run.run_id if run else None}


def _students(_creator_id: UUID) -> Chosen:
    return _ordered(student_filters(), STUDENTS, STUDENT_COLUMNS)


def _progress(creator_id: UUID) -> Chosen:
    if of_one := _one_student(creator_id):
        return of_one
    students = _given(student_filters())
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        every = videos(creator_id, VideoFilters(limit=MOST_CHOICES)).videos
        video_id = _optional("Video", "video", _titles((row.video_id, row.title) for row in records(every, VideoRow)))
        state = _optional("Watched", "state", STATE_LABELS)
    return students | {"video_id": video_id, "state": state}


def _one_student(creator_id: UUID) -> Chosen:
    """The student whom the address names, as the student's page does; their report has all that there is of them."""
    student_id = id_in_address(STUDENT)
    found = student(creator_id, student_id) if student_id else None
    if found is None or found.empty:
        return {}
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"Only **{plain(found['name'].iloc[0])}**. The PDF is the progress report, with everything about them."
        )
        st.button("All students", icon=":material/close:", on_click=_forget_student)
    return {"student_id": student_id}


def _forget_student() -> None:
    change_address(**{STUDENT: None})


def _finished(creator_id: UUID) -> Chosen:
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        search = search_filter("search", "Name or email", starts_over=())
        period = _period(creator_id, EVER)
    return {"search": search, "period": period}


def _chat(creator_id: UUID) -> Chosen:
    search = search_filter(WORDS, "Words in the question", starts_over=())
    with st.grid(3, min_column_width=160, vertical_alignment="bottom"):
        period = _period(creator_id, EVER)
        video_id = _optional(
            "Video",
            "video",
            _titles((row.video_id, row.title) for row in records(videos_asked_about(creator_id), AskedVideoRow)),
        )
        rated = _optional("Answers", "rated", RATED_LABELS)
    return {"search": search, "period": period, "video_id": video_id, "rated": rated}


def _analytics(creator_id: UUID) -> Chosen:
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        period = _period(creator_id, MONTH.key)
        compare = _required("Compare with", COMPARE, _compare_labels(creator_id), BEFORE)
    return {"period": period, "compare": None if compare == BEFORE else compare}


def _quiz_results(creator_id: UUID) -> Chosen:
    with st.grid(2, min_column_width=220, vertical_alignment="bottom"):
        period = _period(creator_id, EVER)
        quiz_id = _optional(
            "Quiz", "quiz", _titles((row.quiz_id, row.title) for row in records(quizzes(creator_id), QuizRow))
        )
    return {"period": period, "quiz_id": quiz_id}


def _videos(creator_id: UUID) -> Chosen:
    return _ordered(video_filters(library(creator_id).categories), VIDEOS, VIDEO_COLUMNS)


FIELDS: dict[str, Callable[[UUID], Chosen]] = {
    "students": _students,
    "progress": _progress,
    "chat": _chat,
    "analytics": _analytics,
    "quiz_results": _quiz_results,
    "videos": _videos,
    "finished": _finished,
}


def _given(filters: Any) -> dict[str, Any]:
    """The filters of a page by name, without paging, which files do not have."""
    every = {field.name: getattr(filters, field.name) for field in fields(filters)}
    return {name: value for name, value in every.items() if name not in ("limit", "offset")}


def _titles(titled: Iterable[tuple[UUID, str]]) -> dict[str, str]:
    return {str(one): title for one, title in titled}


def _period(creator_id: UUID, usual: str) -> str | None:
    """A period or, if that is the default, all time; for custom dates, those in the address or chosen here."""
    today = local_day(creator_id).today
    labels = LAST_LABELS | MONTH_LABELS | _run_labels(creator_id)
    asked = st.query_params.get(PERIOD, "")
    if RANGE.fullmatch(asked):
        with suppress(ValueError):
            labels[asked] = f"From {resolve(asked, today).label}"
    labels |= {DATES: "Custom dates"}
    chosen = _required("Period", PERIOD, {EVER: "All time"} | labels if usual == EVER else labels, usual)
    if chosen != DATES:
        return None if chosen == EVER else chosen
    days = st.date_input(
        "Dates",
        (today.replace(day=1), today),
        max_value=today,
        format="YYYY-MM-DD",
        key=DATES,
        on_change=_choose_dates,
    )
    return range_key(*days) if len(days) == 2 else THIS_MONTH


def _compare_labels(creator_id: UUID) -> dict[str, str]:
    runs = runs_by_key(creator_id, local_day(creator_id).timezone)
    return COMPARED_LABELS | {key: f"The same days of {run.title}" for key, run in runs.items() if key != RUN}


def _run_labels(creator_id: UUID) -> dict[str, str]:
    day = local_day(creator_id)
    runs = runs_by_key(creator_id, day.timezone)
    return {key: f"Since the start of {run.title}" for key, run in runs.items() if run.first_day <= day.today}


def _choose_dates() -> None:
    chosen = st.session_state[DATES]
    if len(chosen) == 2:
        change_address(**{PERIOD: range_key(*chosen)})


def _required(label: str, key: str, labels: Mapping[str, str], usual: str) -> str:
    chosen: str = select_filter(label, key, labels, usual=usual, starts_over=())
    return chosen


def _optional(label: str, key: str, labels: Mapping[str, str]) -> str | None:
    chosen: str | None = select_filter(label, key, labels, starts_over=())
    return chosen


def _ordered(filters: Any, address: ListAddress, columns: Iterable[Column]) -> dict[str, Any]:
    """The filters of a list, and the choice of its order, which its page leaves to the headings of the table."""
    labels = {column.key: column.title for column in columns if column.sorts}
    with st.grid(2, min_column_width=140, width=420):
        _required("Sort by", address.sort, labels, address.usual.key)
        _required("Order", address.order, ORDER_LABELS, address.usual.direction)
    return _given(filters)
