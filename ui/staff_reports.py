"""Reports for many creators on the staff page: asked for here, made by workers, downloaded as one zip."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from actions.report_runs import start_run
from database.errors import InputError
from queries.periods import MONTH, PERIODS
from queries.report_runs import ReportRun, RunReport, report_runs, run_reports
from queries.staff import CreatorState
from reports.links import run_link
from ui.empty import nothing_yet
from ui.errors import database_trouble_explained
from ui.export_words import moment, size
from ui.settings_form import FORMAT_LABELS
from ui.text import plain
from ui.viewer import ENTITLED_TIER

FORMATS = ("pdf", "xlsx")
SECONDS_BETWEEN_LOOKS = 2
FAILURES_SHOWN = 50
STARTED = "report_run_started"
ZONE = "UTC"  # staff have no zone of their own


def staff_reports(staff_id: UUID, creators: Sequence[CreatorState]) -> None:
    """A form to start a run, and the latest runs: how far they are, what failed, the zip."""
    _form(staff_id, [creator for creator in creators if creator.subscription_tier == ENTITLED_TIER])
    st.header("Reports so far")
    st.caption(
        "A download link works for 24 hours, and only as long as you are staff. Files are removed after 30 days."
    )
    is_live = any(run.is_unfinished for run in report_runs(staff_id))
    st.fragment(_runs, run_every=SECONDS_BETWEEN_LOOKS if is_live else None)(staff_id, is_live)


def _form(staff_id: UUID, entitled: Sequence[CreatorState]) -> None:
    names = {creator.id: creator.name for creator in entitled}
    if STARTED in st.session_state:
        st.toast(st.session_state.pop(STARTED), icon=":material/hourglass_top:")
    with st.container(border=True):
        st.header("New reports")
        st.write("The analytics snapshot, one file for each creator. Creators see it among their exports.")
        chosen = st.multiselect(
            "Creators",
            list(names),
            format_func=lambda creator_id: names[creator_id],
            placeholder=f"All {len(names):,} with the ENTERPRISE tier",
            key="report_creators",
        )
        with st.grid(2, min_column_width=160):
            labels = {key: f"Last {period.label}" for key, period in PERIODS.items()}
            period = st.selectbox(
                "Period",
                list(labels),
                list(labels).index(MONTH.key),
                format_func=labels.__getitem__,
                key="report_period",
            )
            report_format = st.selectbox("Format", FORMATS, format_func=FORMAT_LABELS.__getitem__, key="report_format")
        if st.button("Make the reports", type="primary", icon=":material/description:", disabled=not names):
            _start(staff_id, chosen or list(names), period, report_format)


def _start(staff_id: UUID, creator_ids: Sequence[UUID], period: str, report_format: str) -> None:
    try:
        start_run(staff_id, creator_ids, period, report_format)
    except InputError as error:
        st.error(str(error))
    else:
        st.session_state[STARTED] = f"{_reports(len(creator_ids))} on the way."
        st.rerun()  # the list below begins to look


def _runs(staff_id: UUID, is_live: bool) -> None:
    with database_trouble_explained():
        runs = report_runs(staff_id)
        if is_live and not any(run.is_unfinished for run in runs):
            st.rerun()  # draws the page once more, and stops looking
        if not runs:
            nothing_yet("No reports have been made in 30 days.", "Choose creators, a period and a format above.")
        for run in runs:
            _card(staff_id, run)


def _card(staff_id: UUID, run: ReportRun) -> None:
    with st.container(border=True, key=f"report_run_{run.id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            with st.container(width="stretch"):
                st.markdown(f"**{_reports(run.creators)} · {FORMAT_LABELS[run.format]} · {PERIODS[run.period].label}**")
                st.caption(_details(run))
            if run.completed:
                st.link_button(
                    f"Download {_reports(run.completed)}",
                    run_link(staff_id, run.id).path,
                    icon=":material/folder_zip:",
                    key=f"download_run_{run.id}",
                )
        if run.is_unfinished:
            st.progress(run.ended / run.creators, f"{run.ended:,} of {_reports(run.creators)}")
        if run.failed:
            _failures([report for report in run_reports(staff_id, run.id) if report.has_failed])


def _failures(failed: Sequence[RunReport]) -> None:
    with st.expander(f"{_reports(len(failed))} failed", icon=":material/error:"):
        for report in failed[:FAILURES_SHOWN]:
            st.markdown(f"**{plain(report.creator_name)}**: {plain(report.reason or 'No reason is known.')}")
        if len(failed) > FAILURES_SHOWN:
            st.caption(f"{FAILURES_SHOWN} of {len(failed):,}; the zip's summary names all.")


def _details(run: ReportRun) -> str:
    parts = [plain(run.asked_by_name), f"{moment(run.created_at, ZONE)} {ZONE}"]
    return " · ".join([*parts, size(run.size_bytes)] if run.completed else parts)


def _reports(count: int) -> str:
    return "1 report" if count == 1 else f"{count:,} reports"
