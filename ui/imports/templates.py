"""Files to fill in, one for each kind of fact."""

import streamlit as st

from rules.sentences import always
from sources.mappings.fields import KINDS, PLURALS, fields_of
from sources.mappings.templates import means, template_csv, template_name


def templates() -> None:
    """Choose a kind, see what its columns mean, and download the file."""
    kind = st.selectbox(
        "A file for", list(KINDS), format_func=lambda one: PLURALS[one].capitalize(), key="import_template", width=320
    )
    columns = (f"- `{field.name}`{_needed(field.is_required)}: {means(field)}" for field in fields_of(kind))
    st.markdown(always("\n".join(columns)))
    st.caption("Columns that are not required may be left out. The example line in the file is not imported.")
    st.download_button(
        "Download the template",
        template_csv(kind).encode("utf-8-sig"),
        f"{template_name(kind)}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def _needed(is_required: bool) -> str:
    return " (required)" if is_required else ""
