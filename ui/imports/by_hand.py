"""Setting up a file by hand: what a row says, and which column each field is."""

from uuid import UUID

import streamlit as st

from rules.errors import InputError
from sources.mappings.by_hand import Choice, Choices, mapping_by_hand, suggested_column
from sources.mappings.fields import KINDS, PLURALS, Field, fields_of
from sources.mappings.model import Mapping
from sources.mappings.preview import Sample
from sources.mappings.templates import means
from ui.shared.text import plain

SAME = "The same in every row"
NOTHING = "Not in the file"


def mapping_from_choices(upload_id: UUID, sample: Sample) -> Mapping | None:
    """The form; None while something is missing, which it says."""
    kinds = st.multiselect(
        "What does a row of this file say?",
        list(KINDS),
        format_func=lambda kind: PLURALS[kind].capitalize(),
        key=f"import_kinds_{upload_id}",
        help="A row may say several things: a roster with progress says students, enrolments and progress.",
    )
    if not kinds:
        return None
    fields = {kind: _fields(upload_id, kind, sample) for kind in kinds}
    title = sample.file_name.rpartition(".")[0] or sample.file_name
    try:
        return mapping_by_hand(Choices(title[:100], fields))
    except InputError as error:
        st.info(str(error))
        return None


def _fields(upload_id: UUID, kind: str, sample: Sample) -> dict[str, Choice]:
    with st.container(border=True):
        st.markdown(f"**{PLURALS[kind].capitalize()}**")
        needed = [field for field in fields_of(kind) if field.is_required]
        others = [field for field in fields_of(kind) if not field.is_required]
        found = _row_of(upload_id, kind, needed, sample)
        with st.expander("More fields", expanded=any(_suggested(field, kind, sample) for field in others)):
            found |= _row_of(upload_id, kind, others, sample)
    return found


def _row_of(upload_id: UUID, kind: str, fields: list[Field], sample: Sample) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    with st.container(horizontal=True):
        for field in fields:
            with st.container(width=250):
                chosen = _field(upload_id, kind, field, sample)
            if chosen is not None:
                found[field.name] = chosen
    return found


def _field(upload_id: UUID, kind: str, field: Field, sample: Sample) -> Choice | None:
    options = [NOTHING, *sample.table.header, SAME]
    suggested = _suggested(field, kind, sample)
    key = f"import_field_{upload_id}_{kind}_{field.name}"
    column = st.selectbox(
        field.name.replace("_", " ").capitalize(),
        options,
        index=options.index(suggested) if suggested else 0,
        key=key,
        help=means(field).capitalize() + ".",
    )
    if column == NOTHING:
        return None
    if column != SAME:
        cells = ", ".join(sample.cells(column))
        st.caption(plain(cells[:80]) if cells else "This column is empty in the first rows.")
        return Choice(column=column)
    if field.choices:
        return Choice(text=st.selectbox("Which one?", field.choices, key=f"{key}_same"))
    text = st.text_input("Which one?", key=f"{key}_same", max_chars=200)
    return Choice(text=text) if text.strip() else None


def _suggested(field: Field, kind: str, sample: Sample) -> str | None:
    return suggested_column(field.name, kind, sample.table.header)
