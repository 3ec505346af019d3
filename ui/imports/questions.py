"""Questions about a file that its mapping leaves open, asked only where the answer matters."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import streamlit as st

from sources.mappings.answered import OF_THE_FILE, OPTIONS, answered
from sources.mappings.model import Mapping as FileMapping
from sources.mappings.wrong import Question

Open = Collection[tuple[str, str, Question]]  # kind of fact, field, question


@dataclass(frozen=True)
class Zones:
    """The time zones that there are, and the creator's own."""

    known: list[str]
    own: str


LABELS: Mapping[Question, str] = {
    "dates": "In dates such as 03/04/2026",
    "zone": "Time zone of the times in the file",
    "numbers": "In numbers",
}


def kept_questions(upload_id: UUID, mapping_name: str, found: Open) -> set[tuple[str, str, Question]]:
    """The questions of this file and mapping so far: one that has been answered stays on the page."""
    kept: set[tuple[str, str, Question]] = st.session_state.setdefault(
        f"import_asked_{upload_id}_{mapping_name}", set()
    )
    kept |= set(found)
    return kept


def answers_of(upload_id: UUID, mapping: FileMapping, questions: Open, zones: Zones) -> FileMapping:
    """Ask them, and return the mapping with the answers; what has no answer yet stays open."""
    if not questions:
        return mapping
    st.markdown("**What the file does not say itself**")
    of_file: dict[Question, str] = {}
    with st.container(horizontal=True):
        for question in OF_THE_FILE:
            if any(asked == question for _, _, asked in questions):
                of_file[question] = _of_file(upload_id, question, zones) or ""
        of_fields = {
            (kind, field): _of_field(upload_id, kind, field, question)
            for kind, field, question in sorted(questions)
            if question not in OF_THE_FILE
        }
    return answered(mapping, of_file, of_fields)


def _of_file(upload_id: UUID, question: Question, zones: Zones) -> str | None:
    if question == "zone":
        return st.selectbox(
            LABELS[question],
            zones.known,
            index=zones.known.index(zones.own) if zones.own in zones.known else None,
            key=f"import_zone_{upload_id}",
            width=320,
        )
    return _choice(LABELS[question], OPTIONS[question], f"import_{question}_{upload_id}")


def _of_field(upload_id: UUID, kind: str, field: str, question: Question) -> dict[str, Any]:
    label = f"{field.replace('_', ' ').capitalize()} of the {kind}"
    key = f"import_{question}_{upload_id}_{kind}_{field}"
    if question == "yes":
        yes = st.text_input(f"{label}: words that mean yes", key=f"{key}_yes", placeholder="passed, done", width=320)
        no = st.text_input(f"{label}: words that mean no", key=f"{key}_no", placeholder="failed, open", width=320)
        return {"yes": _words(yes), "no": _words(no)} if yes and no else {}
    unit = _choice(label, OPTIONS[question], key)
    return {"unit": unit} if unit else {}


def _choice(label: str, options: Mapping[str, str], key: str) -> str | None:
    return st.selectbox(label, list(options), index=None, format_func=lambda one: options[one], key=key, width=320)


def _words(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]
