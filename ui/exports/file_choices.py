"""How a file is written: its columns, and what spreadsheets expect of a CSV file."""

from collections.abc import Mapping

import streamlit as st

from reports.exports.sources import every_column_of
from rules.export_rules import MOST_PRINTED_COLUMNS, CsvStyle
from rules.preferences import Preferences
from ui.shared.filters import keep_in_address, take_from_address

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
        return {key: _style(label, key, labels, getattr(preferred, key)) for label, key, labels in STYLES}


def csv_fields(now: Preferences, is_locked: bool) -> CsvStyle:
    """The same as preferences, on the settings page."""
    preferred = now.csv_style
    with st.container(horizontal=True):
        chosen = {
            key: st.selectbox(
                f"CSV: {label.lower()}",
                list(labels),
                index=list(labels).index(getattr(preferred, key)),
                format_func=labels.__getitem__,
                disabled=is_locked,
            )
            for label, key, labels in STYLES
        }
    st.caption(SPREADSHEETS)
    return CsvStyle(**chosen)


def column_choice(export_type: str, file_format: str) -> tuple[str, ...]:
    """The names of the chosen columns, in order; none: the usual ones."""
    titles = {column.key: column.title for column in every_column_of(export_type)}
    key = f"{COLUMNS} of {export_type}"
    asked = st.query_params.get(COLUMNS, "")
    if key not in st.session_state:
        st.session_state[key] = [name for name in dict.fromkeys(asked.split(",")) if name in titles]
    chosen: list[str] = st.multiselect(
        "Columns",
        list(titles),
        format_func=titles.__getitem__,
        key=key,
        placeholder="The usual ones" if file_format == "pdf" else "All",
        max_selections=MOST_PRINTED_COLUMNS if file_format == "pdf" else None,
        help="In the order in which they are chosen.",
    )
    if ",".join(chosen) != asked:
        _keep(chosen)
    return tuple(chosen)


def _style(label: str, key: str, labels: Mapping[str, str], usual: str) -> str:
    options = list(labels)
    take_from_address(key, options)
    chosen = st.selectbox(label, options, index=options.index(usual), format_func=labels.__getitem__, key=key)
    keep_in_address(key, chosen, usual=usual)
    return chosen


def _keep(chosen: list[str]) -> None:
    if chosen:
        st.query_params[COLUMNS] = ",".join(chosen)
    else:
        st.query_params.pop(COLUMNS, None)
