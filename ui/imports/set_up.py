"""One uploaded file: what it looks like, what its columns become, and the buttons to check and import it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

from actions.file_imports import check_file, drop_file, start_import
from actions.saved_mappings import keep_mapping
from database.clock import now
from queries.imports.files import ImportFile
from reports.links import refused_lines_link
from rules.errors import InputError
from rules.formatting import counted, size
from sources.files.given import file_in_storage
from sources.files.reading import ReadAs
from sources.mappings.model import Mapping
from sources.mappings.preview import Sample, Trial, sample, tried
from sources.mappings.saved import SavedMapping
from ui.account.viewer import Viewer
from ui.imports.known import chosen_mapping
from ui.imports.outcome import counts_table, refused_by_rule, what_was_noticed
from ui.imports.preview import first_rows, what_it_becomes
from ui.imports.questions import Zones, answers_of, kept_questions
from ui.shared.acting import acting
from ui.shared.flash import keep_message
from ui.shared.text import plain

DONE = "import_done"
MOST_SAMPLES = 5  # kept by a session


@dataclass(frozen=True)
class Looked:
    """The beginning of a file, or why it cannot be read."""

    sample: Sample | None
    error: str | None


def looked_into(file: ImportFile, read_as: ReadAs) -> Looked:
    """The first rows of a file; read once in a session. Reads the storage, so it belongs before the drawing."""
    kept: dict[tuple[UUID, ReadAs], Looked] = st.session_state.setdefault("import_samples", {})
    key = (file.upload_id, read_as)
    if key not in kept:
        if len(kept) >= MOST_SAMPLES:
            kept.clear()
        try:
            kept[key] = Looked(sample(file_in_storage(file.storage_key or "", file.file_name), read_as), None)
        except InputError as error:
            kept[key] = Looked(None, str(error))
    return kept[key]


def read_as_of(file: ImportFile) -> ReadAs:
    """How the file is read, as chosen in this session or for its last check."""
    sheet = st.session_state.get(f"import_sheet_{file.upload_id}", file.sheet)
    encoding = st.session_state.get(f"import_encoding_{file.upload_id}", file.encoding)
    return ReadAs(encoding or None, sheet or None)


def set_up(seen_by: Viewer, file: ImportFile, looked: Looked, saved: Sequence[SavedMapping], zones: Zones) -> None:
    """The whole of it, from the first rows to the buttons."""
    st.markdown(f"**{plain(file.file_name)}**, {size(file.file_bytes or 0)}")
    if looked.sample is None:
        st.error(looked.error or "")
        _encoding(file)
        _remove_button(seen_by, file)
        return
    first_rows(looked.sample)
    if len(looked.sample.table.sheets) > 1:
        st.selectbox("Sheet", looked.sample.table.sheets, key=f"import_sheet_{file.upload_id}", width=320)
    mapping, version = chosen_mapping(file.upload_id, looked.sample, saved)
    if mapping is None:
        _remove_button(seen_by, file)
        return
    for told in mapping.says_nothing_of:
        st.caption(plain(f"Not in such a file: {told}"))
    answers = {
        name: st.text_input(asks, key=f"import_answer_{file.upload_id}_{name}", max_chars=200, width=480)
        for name, asks in mapping.asks.items()
    }
    ready, trial = _asked(file.upload_id, looked.sample, mapping, answers, zones)
    if trial is not None and trial.seen.unclear:
        st.info("Answer the questions above; then the first rows show what they become.")
    elif trial is not None:
        what_it_becomes(trial, zones.own)
    _buttons(seen_by, file, ready if trial and not trial.seen.unclear else None, answers, version)


def _asked(
    upload_id: UUID, one: Sample, mapping: Mapping, answers: dict[str, str], zones: Zones
) -> tuple[Mapping, Trial | None]:
    """The mapping with answers to what it left open, and what it makes of the first rows."""
    try:
        open_questions = tried(one, mapping, answers, now()).seen.unclear
        asked = kept_questions(upload_id, mapping.name, open_questions)
        ready = answers_of(upload_id, mapping, asked, zones)
        trial = tried(one, ready, answers, now())
        if not trial.seen.unclear <= asked:  # an answer led to the next question
            kept_questions(upload_id, mapping.name, trial.seen.unclear)
            st.rerun()
    except InputError as error:
        st.info(str(error))
        return mapping, None
    return ready, trial


def _buttons(
    seen_by: Viewer, file: ImportFile, ready: Mapping | None, answers: dict[str, str], version: int | None
) -> None:
    """Check, save and remove."""
    with st.container(horizontal=True):
        is_asked = st.button(
            "Check the file",
            type="primary",
            icon=":material/fact_check:",
            disabled=ready is None,
            key=f"import_check_{file.upload_id}",
            help="Reads the whole file, and says what would change. Nothing is written.",
        )
        _save_button(seen_by, file, ready)
        _remove_button(seen_by, file)
    if is_asked and ready is not None:
        with acting():
            read_as = read_as_of(file)
            check_file(seen_by.account, seen_by.creator_id, file.upload_id, ready, answers, read_as, version)
            st.rerun()


def _save_button(seen_by: Viewer, file: ImportFile, ready: Mapping | None) -> None:
    with st.popover("Save this mapping", icon=":material/bookmark:", disabled=ready is None):
        name = st.text_input("Name", key=f"import_save_{file.upload_id}", max_chars=100)
        st.caption("The next file with these columns is recognised.")
        if st.button("Save", disabled=not name.strip(), key=f"import_save_now_{file.upload_id}") and ready:
            with acting():
                keep_mapping(seen_by.account, seen_by.creator_id, ready.model_copy(update={"name": name.strip()}))
                keep_message(DONE, f"The mapping “{plain(name.strip())}” is saved.")
                st.rerun()


def _remove_button(seen_by: Viewer, file: ImportFile) -> None:
    if st.button("Remove the file", icon=":material/delete:", key=f"import_drop_{file.upload_id}"):
        with acting():
            drop_file(seen_by.account, seen_by.creator_id, file.upload_id)
            st.rerun()


def _encoding(file: ImportFile) -> None:
    st.text_input(
        "Encoding of the file",
        key=f"import_encoding_{file.upload_id}",
        placeholder="cp1250, gb18030 …",
        help="Only for a text that is neither UTF-8 nor Windows text.",
        width=320,
    )


def checked(seen_by: Viewer, file: ImportFile, timezone: str) -> None:
    """What the check found, and the button to import."""
    outcome = file.outcome or {}
    st.markdown(f"**{plain(file.file_name)}** has been checked; nothing is written yet.")
    counts_table(outcome, is_done=False)
    what_was_noticed(outcome, timezone)
    refused = outcome["refused"]
    if refused:
        st.markdown(f"**{counted(refused, 'line')} would be refused**")
        refused_by_rule(outcome)
    with st.container(horizontal=True):
        words = f"Import without {counted(refused, 'line')}" if refused else "Import"
        if st.button(words, type="primary", icon=":material/database_upload:", key=f"import_start_{file.upload_id}"):
            with acting():
                start_import(seen_by.account, seen_by.creator_id, _id(file), takes_good_rows=refused > 0)
                st.rerun()
        if refused:
            errors_link(seen_by, file)
        _remove_button(seen_by, file)


def errors_link(seen_by: Viewer, file: ImportFile) -> None:
    """A download of the refused lines."""
    link = refused_lines_link(seen_by.creator_id, _id(file))
    st.link_button("Refused lines as CSV", link.path, icon=":material/download:", key=f"import_errors_{file.upload_id}")


def _id(file: ImportFile) -> UUID:
    if file.file_import_id is None:
        raise ValueError("The file has not been checked.")
    return file.file_import_id
