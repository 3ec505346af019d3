"""The choice of a course, and of a run of it, in the top bar.

It applies to every page of the visit; a creator's next visit starts with it.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar
from uuid import UUID

import streamlit as st
from sqlalchemy.exc import IntegrityError, OperationalError, TimeoutError

from actions.chosen_course import keep_chosen_course
from database.levels import EVERYTHING, Level, at_level, level
from queries.courses.chosen_course import ChosenCourse, chosen_course
from queries.courses.known import Course, courses, level_of
from queries.courses.names import course_name, run_name
from ui.account.viewer import Viewer, viewer
from ui.periods.choice import carried_period
from ui.shared.filters import KEPT, keep_in_address, take_from_address

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

COURSE, RUN = "course", "run"
ALL = "all"
WHOSE = "account and creator of the chosen course"
OPENED = f"course choice{KEPT}"


def course_choice(seen_by: Viewer) -> tuple[UUID | None, UUID | None]:
    """The chosen course and run, `?course=…&run=…`; no choice if there is only one of each.

    The address decides. Without it, the choice of the visit stays, which starts with the account's last
    one: what is chosen here is kept for the next visit, except for staff.
    """
    known = courses(seen_by.creator_id).courses
    if len(known) < 2 and not any(len(course.runs) > 1 for course in known):
        return None, None
    _begin_visit(seen_by)
    if OPENED not in st.session_state and COURSE in st.query_params and RUN not in st.query_params:
        _begin_with(RUN, ALL)  # a link to a course means all of its runs
    if OPENED not in st.session_state:
        _write_at_once()
    st.session_state[OPENED] = True
    course = _chosen_course(known)
    return (course.course_id if course else None), _chosen_run(course or (known[0] if len(known) == 1 else None))


def tell_of_unknown_course(creator_id: UUID) -> None:
    """Show a notice if the address names a course or run that the creator does not have."""
    known = courses(creator_id).courses
    runs = {str(run.run_id) for course in known for run in course.runs}
    if st.query_params.get(COURSE, ALL) not in {ALL} | {str(course.course_id) for course in known}:
        st.info("That course no longer exists, so all courses are shown.", icon=":material/school:")
    elif st.query_params.get(RUN, ALL) not in {ALL} | runs:
        st.info("That run no longer exists, so all runs are shown.", icon=":material/school:")


def forget_course_choice() -> None:
    """Clear the course when another creator's dashboard is opened: it is not theirs."""
    for key in (COURSE, RUN):
        st.query_params.pop(key, None)


def chosen_level(creator_id: UUID, chosen: tuple[UUID | None, UUID | None]) -> Level:
    """The level of a choice. Raises FiguresBeingBuilt if it has no figures yet."""
    course_id, run_id = chosen
    if course_id is None and run_id is not None:
        course_id = courses(creator_id).courses[0].course_id
    return level_of(creator_id, course_id, run_id)


def of_every_course(function: Callable[P, T]) -> Callable[P, T]:
    """The function, applied to all courses whatever is chosen."""

    @wraps(function)
    def of_all(*arguments: P.args, **options: P.kwargs) -> T:
        with at_level(EVERYTHING):
            return function(*arguments, **options)

    return of_all


def maybe_in_another_course() -> None:
    """If something is not found in the chosen course: say so, and offer to show all courses."""
    if level() == EVERYTHING:
        return
    st.info("Only one course is shown; what you are looking for may be in another.", icon=":material/school:")
    st.button("Show all courses", key="show_all_courses", on_click=_choose_all)


def _choose_all() -> None:
    for key in (COURSE, RUN):
        st.query_params.pop(key, None)
        _begin_with(key, ALL)
    _keep_for_next_visit(None, None)


def _begin_visit(seen_by: Viewer) -> None:
    """Once for each account and creator: start with the account's last choice; staff start with all courses."""
    whose = (seen_by.account.id, seen_by.creator_id)
    if st.session_state.get(WHOSE) == whose:
        return
    last = ChosenCourse() if seen_by.is_staff else chosen_course(seen_by.creator_id, seen_by.account.id)
    _begin_with(COURSE, str(last.course_id or ALL))
    _begin_with(RUN, str(last.run_id or ALL))
    st.session_state[WHOSE] = whose


def _write_at_once() -> None:
    """Write the choices of the visit into the address of a newly opened page, as one step in the history."""
    words = carried_period()
    if COURSE not in st.query_params and RUN not in st.query_params:
        chosen = {key: st.session_state.get(_of_visit(key), ALL) for key in (COURSE, RUN)}
        words |= {key: value for key, value in chosen.items() if value != ALL}
    if words:
        st.query_params.update(words)


def _begin_with(key: str, chosen: str) -> None:
    for name in (key, _of_visit(key), _without_a_word(key)):
        st.session_state[name] = chosen


def _chosen_course(known: list[Course]) -> Course | None:
    if len(known) < 2:
        return None
    by_id = {str(course.course_id): course for course in known}
    names = {ALL: "All courses"} | {key: course_name(one) for key, one in by_id.items()}
    return by_id.get(_select("Course", COURSE, names, known))


def _chosen_run(course: Course | None) -> UUID | None:
    if course is None or len(course.runs) < 2:
        return None
    names = {ALL: "All runs"} | {str(run.run_id): run_name(run) for run in course.runs}
    chosen = _select("Run", RUN, names, [course])
    return None if chosen == ALL else UUID(chosen)


def _select(label: str, key: str, names: dict[str, str], known: list[Course]) -> str:
    # Streamlit forgets a widget that a run did not draw.
    chosen_so_far = st.session_state.setdefault(key, st.session_state.get(_of_visit(key), ALL))
    silent = st.session_state.setdefault(_without_a_word(key), chosen_so_far)
    take_from_address(key, names, silent)
    if st.session_state.get(key) not in names:
        st.session_state[key] = ALL
    chosen: str = st.selectbox(
        label,
        list(names),
        format_func=lambda option: names.get(option, option),
        key=key,
        label_visibility="collapsed",
        width=180,
        on_change=_choose,
        args=(key, known),
    )
    keep_in_address(key, chosen, usual=ALL)
    st.session_state[_of_visit(key)] = chosen
    return chosen


def _choose(key: str, known: list[Course]) -> None:
    """Keep the new choice for the next visit; another course starts with all of its runs."""
    if key == COURSE:
        st.query_params.pop(RUN, None)
        _begin_with(RUN, ALL)
    course_ids = {str(course.course_id): course.course_id for course in known}
    run_ids = {str(run.run_id): run.run_id for course in known for run in course.runs}
    _keep_for_next_visit(course_ids.get(st.session_state.get(COURSE, ALL)), run_ids.get(st.session_state[RUN]))


def _keep_for_next_visit(course_id: UUID | None, run_id: UUID | None) -> None:
    """Save the choice for the creator. It applies to this visit even if it cannot be saved."""
    seen_by = viewer()
    if seen_by.is_staff:
        return
    try:
        keep_chosen_course(seen_by.account, seen_by.creator_id, course_id, run_id)
    except (IntegrityError, OperationalError, TimeoutError) as error:
        logger.warning("the chosen course is not kept: %s", type(error).__name__)


def _of_visit(key: str) -> str:
    return f"{key} of the visit"


def _without_a_word(key: str) -> str:
    """What this page shows if its address has none: the choice it was opened with."""
    return f"{key} without a word{KEPT}"
