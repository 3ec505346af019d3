"""Whether anybody works in the background, for staff."""

import streamlit as st

from database.workers import NO_WORKER, START_ONE, workers_heard


def missing_worker_shown() -> None:
    """An error with what to do where no worker was heard of lately; nothing otherwise."""
    if workers_heard():
        return
    st.error(
        f"**{NO_WORKER}** {START_ONE} If the server has just started, reload this page in ten seconds.",
        icon=":material/error:",
    )
