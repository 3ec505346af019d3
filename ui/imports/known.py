"""Which mapping a file is read by: one that is recognised, saved or known, or choices made by hand."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from sources.mappings.known import recognised, shipped_mappings
from sources.mappings.model import Mapping as FileMapping
from sources.mappings.preview import Sample
from sources.mappings.saved import SavedMapping
from ui.imports.by_hand import mapping_from_choices

BY_HAND = "by hand"


def chosen_mapping(
    upload_id: UUID, sample: Sample, saved: Sequence[SavedMapping]
) -> tuple[FileMapping | None, int | None]:
    """The mapping, and its version if it is a saved one; None while it is being set up."""
    known = {f"saved/{one.name}": one.mapping for one in saved} | shipped_mappings()
    fitting = recognised(sample.table.header, known.values())
    names = {id(mapping): name for name, mapping in known.items()}
    options = [*(names[id(mapping)] for mapping in fitting), BY_HAND]
    options += [name for name in known if name not in options]
    chosen = st.selectbox(
        "What kind of file is it?",
        options,
        format_func=lambda name: _label(name, known, len(fitting), options),
        key=f"import_mapping_{upload_id}",
        help="Files of known platforms and filled templates are recognised by their columns.",
    )
    if chosen == BY_HAND:
        return mapping_from_choices(upload_id, sample), None
    version = next((one.version for one in saved if f"saved/{one.name}" == chosen), None)
    return known[chosen], version


def _label(name: str, known: Mapping[str, FileMapping], fitting: int, options: Sequence[str]) -> str:
    if name == BY_HAND:
        return "Another one: say what each column is"
    called = known[name].name + (" (saved)" if name.startswith("saved/") else "")
    return f"{called}: recognised by its columns" if options.index(name) < fitting else called
