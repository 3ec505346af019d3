"""How a file is written: its columns, and what spreadsheets expect of a CSV file."""

from collections.abc import Mapping

import streamlit as st

from reports.exports.sources import every_column_of
from rules.export_rules import CsvStyle
from rules.preferences import Preferences
from rules.sentences import always
from ui.shared.address import change_address
from ui.shared.choices import select_filter

COLUMNS = "columns"
SEPARATOR_LABELS = {"comma": "Comma", "semicolon": "Semicolon", "tab": "Tab"}
DECIMAL_LABELS = {"point": "Point: 1.5", "comma": "Comma: 1,5"}
ENCODING_LABELS = {"utf-8-bom": "UTF-8 for Excel", "utf-8": "UTF-8", "utf-16": "UTF-16"}
STYLES: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("Separator", "separator", SEPARATOR_LABELS),
    ("Decimal mark", "decimal_mark", DECIMAL_LABELS),
    ("Encoding", "encoding", ENCODING_LABELS),
)
SPREADSHEETS = "Where people write 1,5 instead of 1.5, spreadsheets expect semicolons between columns."


def csv_choices(preferred: CsvStyle) -> dict[str, str]:
    """Separator, decimal mark and encoding, as in the address or as the creator prefers."""
    with st.grid(3, min_column_width=140, vertical_alignment="bottom"):
        return {
            key: select_filter(label, key, labels, usual=getattr(preferred, key), starts_over=())
            for label, key, labels in STYLES
        }


def csv_fields(now: Preferences, is_locked: bool) -> dict[str, str]:
    """The same as preferences, on the settings page, by their names."""
    preferred = now.csv_style
    with st.container(horizontal=True):
        chosen = {
            f"csv_{key}": st.selectbox(
                f"CSV: {label.lower()}",
                list(labels),
                index=list(labels).index(getattr(preferred, key)),
                format_func=labels.__getitem__,
                disabled=is_locked,
            )
            for label, key, labels in STYLES
        }
    st.caption(always(SPREADSHEETS))
    return chosen


def column_choice(export_type: str, file_format: str) -> tuple[str, ...]:
    """The names of the chosen columns, in order; none: the usual ones."""
    titles = {column.key: column.title for column in every_column_of(export_type)}
    key = f"{COLUMNS} of {export_type}"
    asked = [name for name in dict.fromkeys(st.query_params.get(COLUMNS, "").split(",")) if name in titles]
    if st.session_state.get(key) != asked:
        st.session_state[key] = asked
    chosen = st.multiselect(
        "Columns",
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        placeholder="The usual ones" if file_format == "pdf" else "All",
        help="In the order in which they are chosen.",
        on_change=_keep,
        args=(key,),
    )
    return tuple(chosen)


def _keep(key: str) -> None:
    change_address(**{COLUMNS: ",".join(st.session_state[key]) or None})
