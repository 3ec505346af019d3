"""The uploaded files one below the other: each with what can be done about it now; updated live while one is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from queries.imports.files import ImportFile, import_files
from rules.formatting import counted, grouped
from sources.mappings.saved import SavedMapping
from ui.account.viewer import Viewer
from ui.imports.outcome import counts_table, what_was_noticed
from ui.imports.questions import Zones
from ui.imports.set_up import Looked, checked, errors_link, looked_into, read_as_of, set_up
from ui.shared.errors import database_trouble_explained
from ui.shared.gathering import gathering
from ui.shared.text import plain

SECONDS_BETWEEN_LOOKS = 2


@dataclass(frozen=True)
class Gathered:
    """Everything that the files need, read before the page draws."""

    files: Sequence[ImportFile]
    looked: Mapping[UUID, Looked]
    saved: Sequence[SavedMapping]
    zones: Zones


def is_to_be_set_up(file: ImportFile) -> bool:
    """Whether the file is there, and nobody has said yet what it is, or what was said did not work."""
    return not file.is_arriving and file.state in (None, "failed") and file.is_kept


def looks_of(files: Sequence[ImportFile]) -> dict[UUID, Looked]:
    """The beginnings of the files that are to be set up."""
    return {file.upload_id: looked_into(file, read_as_of(file)) for file in files if is_to_be_set_up(file)}


def file_cards(seen_by: Viewer, gathered: Gathered) -> None:
    """A card for each file that has arrived."""
    for file in gathered.files:
        if not file.is_arriving:
            with st.container(border=True, key=f"import_file_{file.upload_id}"):
                _card(seen_by, file, gathered)


def _card(seen_by: Viewer, file: ImportFile, gathered: Gathered) -> None:
    if file.is_at_work:
        _at_work(seen_by, file)
    elif file.state == "checked":
        checked(seen_by, file, gathered.zones.own)
    elif file.state == "done":
        _done(seen_by, file, gathered.zones.own)
    else:
        if file.import_error:
            st.error(plain(file.import_error))
        set_up(seen_by, file, gathered.looked[file.upload_id], gathered.saved, gathered.zones)


def _at_work(seen_by: Viewer, file: ImportFile) -> None:
    st.fragment(_progress, run_every=SECONDS_BETWEEN_LOOKS)(seen_by, file, [file])


def _progress(seen_by: Viewer, file: ImportFile, just_read: list[ImportFile]) -> None:
    """When the page runs, it shows what the page has just read; as a fragment it reads again."""
    with database_trouble_explained():
        with gathering():
            found = list(just_read) or [
                one for one in import_files(seen_by.creator_id) if one.upload_id == file.upload_id
            ]
        just_read.clear()
        if not found or not found[0].is_at_work:
            st.rerun()
        now = found[0]
        doing = "is being imported" if now.state == "importing" else "is being checked"
        st.markdown(f"**{plain(now.file_name)}** {doing}.")
        lines = now.lines_read or 0
        total = (now.outcome or {}).get("lines", 0)
        if total:
            st.progress(min(1.0, lines / total), f"{grouped(lines)} of {counted(total, 'line')}")
        else:
            st.progress(0.0, f"{counted(lines, 'line')} read")


def _done(seen_by: Viewer, file: ImportFile, timezone: str) -> None:
    outcome = file.outcome or {}
    st.success(f"{plain(file.file_name)} has been imported.", icon=":material/check:")
    counts_table(outcome, is_done=True)
    what_was_noticed(outcome, timezone)
    if outcome["refused"]:
        errors_link(seen_by, file)
