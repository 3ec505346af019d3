"""Whether a background worker is running, for staff."""

import streamlit as st

from database.workers import NO_WORKER, START_ONE


def missing_worker_shown(workers: int) -> None:
    """An error with instructions if no worker was seen recently; nothing otherwise."""
    if workers:
        return
    st.error(
        f"**{NO_WORKER}** {START_ONE} If the server has just started, reload this page in ten seconds.",
        icon=":material/error:",
    )
