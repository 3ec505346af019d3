"""The hit rate of the caches, for staff."""

import streamlit as st

from database.redis_server import redis_is_configured
from queries.cache.caching import held_bytes
from queries.cache.counts import LEVELS, answers_by_level
from rules.formatting import decimal, grouped, percent

TITLES = {"process": "From this server's memory", "redis": "From Redis", "database": "From the database"}
HELP = "Query results since this server started. Each server counts its own; Prometheus collects them all."


def cache_levels() -> None:
    """A card per cache level: its share of the query results, and their number."""
    counted = answers_by_level()
    asked = sum(counted.values())
    with st.grid(3, min_column_width=178):
        for level in LEVELS:
            answers = counted[level]
            share = percent(100 * answers / asked) if asked else "-"
            st.metric(TITLES[level], share, border=True, help=HELP)
    st.caption(f"{grouped(asked)} query results since this server started. {_about_memory()} {_about_redis()}")


def _about_memory() -> str:
    remembered = held_bytes()
    limit = "without a limit" if remembered.most is None else f"at most {_megabytes(remembered.most)}"
    return f"Its memory holds {_megabytes(remembered.held)} of cached results, {limit}."


def _megabytes(size: int) -> str:
    return f"{decimal(size / 1_000_000)} MB"


def _about_redis() -> str:
    if redis_is_configured():
        return "Servers share cached results through Redis."
    return "No Redis: each server has its own cache. Set `REDIS_URL` to share one."
