"""Reports for many creators on the staff page: requested here, created by workers, downloaded as one zip."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from actions.report_runs import start_run
from database.clock import now
from queries.exports.report_runs import ReportRun, RunReport, report_runs, run_reports
from queries.periods.period import BEFORE, MONTH, range_key
from queries.staff import CreatorState
from reports.links import run_link
from rules.errors import InputError
from rules.formatting import counted, grouped, size
from rules.sentences import always
from rules.tiers import opens_the_dashboard
from ui.exports.labels import filters_in_words, moment
from ui.periods.choice import EARLIEST
from ui.periods.labels import COMPARED_LABELS, LAST_LABELS, MONTH_LABELS
from ui.settings_form import FORMAT_LABELS
from ui.shared.empty import nothing_yet
from ui.shared.errors import database_trouble_explained
from ui.shared.flash import RUNNING_ICON, keep_message, show_message
from ui.shared.gathering import gathering
from ui.shared.people import distinct
from ui.shared.text import plain

Runs = list[tuple[ReportRun, list[RunReport]]]

FORMATS = ("pdf", "xlsx")
SECONDS_BETWEEN_LOOKS = 2
FAILURES_SHOWN = 50
STARTED = "report_run_started"
ZONE = "UTC"  # staff have no zone of their own
DATES = "dates"
PERIOD_LABELS = LAST_LABELS | MONTH_LABELS | {DATES: "Custom dates"}


def latest_runs(staff_id: UUID) -> Runs:
    """The latest runs, each with the reports that failed."""
    return [
        (run, [report for report in run_reports(staff_id, run.id) if report.has_failed] if run.failed else [])
        for run in report_runs(staff_id)
    ]


def staff_reports(staff_id: UUID, creators: Sequence[CreatorState], runs: Runs) -> None:
    """A form to start a run, and the latest runs: progress, failures, the zip."""
    _form(staff_id, [creator for creator in creators if opens_the_dashboard(creator.subscription_tier)])
    st.header("Recent reports")
    st.caption(
        always("A download link works for 24 hours, and only while you are staff. Files are deleted after 30 days.")
    )
    is_live = any(run.is_unfinished for run, _ in runs)
    st.fragment(_runs, run_every=SECONDS_BETWEEN_LOOKS if is_live else None)(staff_id, is_live, [runs])


def _form(staff_id: UUID, entitled: Sequence[CreatorState]) -> None:
    names = distinct({creator.id: creator.shown_name for creator in entitled})
    show_message(STARTED, "toast", icon=RUNNING_ICON)
    with st.container(border=True):
        st.header("New reports")
        st.write("An analytics snapshot for each creator, in one file each. Creators find it among their exports.")
        chosen = st.multiselect(
            "Creators",
            list(names),
            format_func=lambda creator_id: names[creator_id],
            placeholder=f"All {grouped(len(names))} with the ENTERPRISE tier",
            key="report_creators",
        )
        with st.grid(3, min_column_width=180, vertical_alignment="bottom"):
            period = _period()
            compare = _labelled("Compare with", COMPARED_LABELS, BEFORE, "report_compare")
            report_format = st.selectbox("Format", FORMATS, format_func=FORMAT_LABELS.__getitem__, key="report_format")
        is_ready = bool(names) and period is not None
        is_asked = st.button("Create reports", type="primary", icon=":material/description:", disabled=not is_ready)
        if is_asked and period is not None:
            _start(staff_id, chosen or list(names), period, compare, report_format)


def _period() -> str | None:
    """Its key; None while only one of two dates is chosen. No run starts: those belong to one creator."""
    chosen = _labelled("Period", PERIOD_LABELS, MONTH.key, "report_period")
    if chosen != DATES:
        return chosen
    today = now().date()
    days = st.date_input(
        "Dates",
        (today.replace(day=1), today),
        min_value=EARLIEST,
        max_value=today,
        format="YYYY-MM-DD",
        help="Days in each creator's own time zone.",
        key="report_dates",
    )
    return range_key(*days) if len(days) == 2 else None


def _labelled(label: str, labels: Mapping[str, str], usual: str, key: str) -> str:
    options = list(labels)
    chosen: str = st.selectbox(label, options, options.index(usual), format_func=labels.__getitem__, key=key)
    return chosen


def _start(staff_id: UUID, creator_ids: Sequence[UUID], period: str, compare: str, report_format: str) -> None:
    try:
        start_run(staff_id, creator_ids, period, report_format, compare)
    except InputError as error:
        st.error(str(error))
    else:
        keep_message(STARTED, f"{_reports(len(creator_ids))} on the way.")
        st.rerun()  # so that the list below starts polling


def _runs(staff_id: UUID, is_live: bool, just_read: list[Runs]) -> None:
    """When the page runs, it shows what the page has just read; as a fragment it reads again."""
    with database_trouble_explained():
        with gathering():
            runs = just_read.pop() if just_read else latest_runs(staff_id)
        if is_live and not any(run.is_unfinished for run, _ in runs):
            st.rerun()  # reruns the page, and stops polling
        if not runs:
            nothing_yet("No reports have been made in 30 days.", "Choose creators, a period and a format above.")
        for run, failed in runs:
            _card(staff_id, run, failed)


def _card(staff_id: UUID, run: ReportRun, failed: Sequence[RunReport]) -> None:
    with st.container(border=True, key=f"report_run_{run.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch"):
                st.markdown(f"**{_reports(run.creators)} · {FORMAT_LABELS[run.format]} · {_period_of(run)}**")
                st.caption(_details(run))
            if run.completed:
                st.link_button(
                    f"Download {_reports(run.completed)}",
                    run_link(staff_id, run.id).path,
                    icon=":material/folder_zip:",
                    key=f"download_run_{run.id}",
                )
        if run.is_unfinished:
            st.progress(run.ended / run.creators, f"{grouped(run.ended)} of {_reports(run.creators)}")
        if failed:
            _failures(failed)


def _failures(failed: Sequence[RunReport]) -> None:
    with st.expander(f"{_reports(len(failed))} failed", icon=":material/error:"):
        for report in failed[:FAILURES_SHOWN]:
            st.markdown(f"**{plain(report.creator_name)}**: {plain(report.reason or 'No reason is known.')}")
        if len(failed) > FAILURES_SHOWN:
            st.caption(f"{FAILURES_SHOWN} of {grouped(len(failed))}; the summary in the zip file lists them all.")


def _details(run: ReportRun) -> str:
    parts = [plain(run.asked_by_name), f"{moment(run.created_at, ZONE)} {ZONE}"]
    return " · ".join([*parts, size(run.size_bytes)] if run.completed else parts)


def _period_of(run: ReportRun) -> str:
    beside = {} if run.compare == BEFORE else {"compare": run.compare}
    return filters_in_words("analytics", {"period": run.period} | beside)


def _reports(count: int) -> str:
    return counted(count, "report")
