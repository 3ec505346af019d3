"""How often the figures were at hand, for staff."""

import streamlit as st

from database.redis_server import redis_is_configured
from queries.cache_counts import LEVELS, answers_by_level
from queries.caching import held_bytes

TITLES = {"process": "From this server's memory", "redis": "From Redis", "database": "From the database"}
HELP = "Answers of queries since this server started. Other servers count their own; Prometheus reads them all."


def cache_levels() -> None:
    """A card per level of the cache: its share of the answers, and how many they were."""
    counted = answers_by_level()
    asked = sum(counted.values())
    with st.container(horizontal=True):
        for level in LEVELS:
            answers = counted[level]
            share = f"{100 * answers / asked:.1f} %" if asked else "-"
            st.metric(TITLES[level], share, border=True, help=HELP)
    st.caption(f"{asked:,} answers since this server started. {_about_memory()} {_about_redis()}")


def _about_memory() -> str:
    remembered = held_bytes()
    limit = "without a limit" if remembered.most is None else f"of at most {_megabytes(remembered.most)}"
    return f"Its memory holds {_megabytes(remembered.held)} of remembered answers {limit}."


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _about_redis() -> str:
    if redis_is_configured():
        return "Servers share what they computed through Redis."
    return "There is no Redis: each server remembers for itself. `REDIS_URL` names one."
