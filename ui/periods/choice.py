"""The choice of a period and what it is compared with. Both are in the address."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

import streamlit as st

from queries.periods.chosen_period import chosen_period, local_day, runs_by_key
from queries.periods.period import (
    BEFORE,
    MONTH,
    PERIODS,
    RUN,
    Period,
    Run,
    dates_in_words,
    range_key,
    resolve,
)
from queries.periods.phrases import compared
from ui.account.viewer import viewer
from ui.periods.labels import COMPARED_LABELS, MONTH_LABELS
from ui.shared.filters import KEPT, PAGE
from ui.shared.text import plain

PERIOD, COMPARE = "period", "compare"  # in the address
MORE, DATES, BESIDE = "more_periods", "period_dates", "compared_with"  # the widgets' keys
Words = tuple[str, str]  # a period and what it is compared with, as in an address
PAGES = ("", "chat", "quizzes", "courses")  # pages with this choice; the overview's address is empty
OF_VISIT = "period of the visit"
SILENT = f"period without a word{KEPT}"  # what this page shows if its address has no period
EARLIEST = date(1990, 1, 1)


def period_filter(usual: str = MONTH.key) -> Period:
    """The period of the figures: 7, 30 or 90 days, a month, since a run's start, or two dates; `?period=7d` in the URL.

    Without one in the address, it is the last one chosen in this visit, on any page, otherwise the default
    one; the same for an invalid one. `?compare=last-year` sets what it is compared with.
    """
    creator_id = viewer().creator_id
    period = _chosen(creator_id, usual)
    with st.container(width="content", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
            _usual_periods(period)
            _more(creator_id, period)
        if period.windows:
            st.caption(f"{_days(period)}, compared with {plain(compared(period))}", text_alignment="right")
    return period


def carried_period() -> dict[str, str]:
    """The period to write into this page's address, if it has none and one was chosen in this visit."""
    if st.session_state.get(PAGE) not in PAGES or PERIOD in st.query_params or COMPARE in st.query_params:
        return {}
    key, compare = st.session_state.get(OF_VISIT, ("", BEFORE))
    return ({PERIOD: key} if key else {}) | ({COMPARE: compare} if compare != BEFORE else {})


def _chosen(creator_id: UUID, usual: str) -> Period:
    """The valid choices in the address; otherwise those made earlier in this visit."""
    is_opening = SILENT not in st.session_state
    silent: Words = st.session_state.setdefault(SILENT, st.session_state.get(OF_VISIT, (usual, BEFORE)))
    asked = _words_of_address() or silent
    meant = _first_meant(creator_id, [asked, (asked[0], BEFORE), (usual, asked[1])])
    period = meant or chosen_period(creator_id, usual)
    if (period.key, period.compare) == asked:
        if _words_of_address():
            st.session_state[OF_VISIT] = asked
        elif is_opening and asked != (usual, BEFORE):
            _write(asked)
    return period


def _words_of_address() -> Words | None:
    if PERIOD not in st.query_params and COMPARE not in st.query_params:
        return None
    return st.query_params.get(PERIOD, st.session_state[SILENT][0]), st.query_params.get(COMPARE, BEFORE)


def _first_meant(creator_id: UUID, choices: list[Words]) -> Period | None:
    for key, compare in choices:
        with suppress(ValueError):
            return chosen_period(creator_id, key, compare)
    return None


def _usual_periods(period: Period) -> None:
    # Set on every run: the browser must not show another page's choice above this page's figures.
    st.session_state[PERIOD] = period.key if period.key in PERIODS else None
    st.segmented_control(
        "Period",
        list(PERIODS),
        required=True,
        format_func=lambda key: PERIODS[key].label,
        key=PERIOD,
        label_visibility="collapsed",
        on_change=_choose,
        args=(PERIOD, PERIOD, period),
    )


def _more(creator_id: UUID, period: Period) -> None:
    day = local_day(creator_id)
    runs = runs_by_key(creator_id, day.timezone)
    label = "More" if period.key in PERIODS else plain(period.label)
    with st.popover(label, icon=":material/date_range:"):
        _months_and_runs(period, runs, day.today)
        _dates(period, day.today)
        _beside(period, runs, day.today)


def _months_and_runs(period: Period, runs: dict[str, Run], today: date) -> None:
    begun = {key: run for key, run in runs.items() if run.first_day <= today and run not in _chosen_run(runs, key)}
    labels = MONTH_LABELS | {key: f"Since the start of {run.title}" for key, run in begun.items()}
    st.session_state[MORE] = period.key if period.key in labels else None
    st.selectbox(
        "Months and runs" if begun else "Months",
        list(labels),
        format_func=labels.__getitem__,
        placeholder="Choose",
        key=MORE,
        on_change=_choose,
        args=(MORE, PERIOD, period),
    )


def _chosen_run(runs: dict[str, Run], key: str) -> list[Run]:
    """The current run only once: as `run`, and not by its id as well."""
    return [runs[RUN]] if RUN in runs and key != RUN else []


def _dates(period: Period, today: date) -> None:
    days = period.windows or resolve(range_key(today - (period.days - 1) * timedelta(days=1), today), today).windows
    key = f"{DATES} {period.key}"  # another period starts with other dates; a half-chosen range stays
    st.date_input(
        "Dates",
        (days.first_day, days.last_day) if days else (today, today),
        min_value=EARLIEST,
        max_value=today,
        format="YYYY-MM-DD",
        key=key,
        on_change=_choose_dates,
        args=(key, period),
    )


def _beside(period: Period, runs: dict[str, Run], today: date) -> None:
    own = period.run or runs.get(RUN)
    labels = COMPARED_LABELS | {
        key: f"The same days of {run.title}"
        for key, run in runs.items()
        if key != RUN and run != own and _is_comparable(period, key, runs, today)
    }
    st.session_state[BESIDE] = period.compare if period.compare in labels else BEFORE
    st.selectbox(
        "Compare with",
        list(labels),
        format_func=labels.__getitem__,
        key=BESIDE,
        on_change=_choose,
        args=(BESIDE, COMPARE, period),
    )


def _is_comparable(period: Period, compare: str, runs: dict[str, Run], today: date) -> bool:
    with suppress(ValueError):
        return resolve(period.key, today, compare, runs).compare == compare
    return False


def _choose(widget: str, parameter: str, period: Period) -> None:
    chosen = st.session_state[widget]
    if chosen is not None:
        _take((chosen, period.compare) if parameter == PERIOD else (period.key, chosen))


def _choose_dates(widget: str, period: Period) -> None:
    chosen = st.session_state[widget]
    if len(chosen) == 2:
        _take((range_key(*chosen), period.compare))


def _take(chosen: Words) -> None:
    """Keep the choice for this page and the next; the address omits it if it is the default."""
    st.session_state[OF_VISIT] = chosen
    if chosen == st.session_state[SILENT]:
        for parameter in (PERIOD, COMPARE):
            st.query_params.pop(parameter, None)
    else:
        _write(chosen)


def _write(chosen: Words) -> None:
    key, compare = chosen
    st.query_params[PERIOD] = key
    if compare != BEFORE:
        st.query_params[COMPARE] = compare
    else:
        st.query_params.pop(COMPARE, None)


def _days(period: Period) -> str:
    return dates_in_words(period.windows.first_day, period.windows.last_day) if period.windows else period.label
