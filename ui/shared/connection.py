"""What a page says while the server cannot be reached."""

from pathlib import Path

import streamlit as st

LOST = (
    "The dashboard cannot be reached: it is being restarted, or your connection is down. "
    "This page reconnects by itself; nothing that was saved is lost."
)
STYLE = """
[role="status"] {
    position: fixed;
    z-index: 1000000;
    inset: auto 1rem 1rem 1rem;
    max-width: 36rem;
    margin: 0 auto;
    padding: 0.75rem 1rem;
    border: 1px solid var(--st-border-color);
    border-left: 4px solid var(--st-primary-color);
    border-radius: 0.5rem;
    background: var(--st-background-color);
    color: var(--st-text-color);
    box-shadow: 0 4px 16px rgb(0 0 0 / 20%);
}
"""

_connection = st.components.v2.component(
    "connection",
    html=f'<div role="status" hidden>{LOST}</div>',
    css=STYLE,
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
)


def connection_watched() -> None:
    """Mount it once a run, out of the way of the page."""
    with st.container(key="connection"):
        _connection(key="connection_watch")
