"""A draft by the configured language model or, without one or if it fails, by the offline method."""

from collections.abc import Sequence
from dataclasses import dataclass

from drafts.model import ModelTrouble, configured_model, model_draft
from drafts.quiz import DraftQuestion, draft_quiz


@dataclass(frozen=True)
class Draft:
    """Questions, and a note if something went differently than requested."""

    questions: tuple[DraftQuestion, ...]
    note: str = ""


def drafted_quiz(
    transcript: str, duration_seconds: int | None, count: int, other_transcripts: Sequence[str] = ()
) -> Draft:
    """The draft of `count` questions; raises TooLittleText if the transcript is not enough for a quiz."""
    model = configured_model()
    if model is None:
        return _offline(transcript, duration_seconds, count, other_transcripts)
    try:
        return Draft(tuple(model_draft(model, transcript, duration_seconds, count)))
    except ModelTrouble as trouble:
        offline = _offline(transcript, duration_seconds, count, other_transcripts)
        note = f"The language model gave no usable draft: {trouble}. These questions were drafted without it."
        return Draft(offline.questions, f"{note} {offline.note}".strip())


def _offline(transcript: str, duration_seconds: int | None, count: int, other_transcripts: Sequence[str]) -> Draft:
    questions = tuple(draft_quiz(transcript, duration_seconds, count, other_transcripts))
    if len(questions) < count:
        return Draft(questions, f"The transcript is enough for {len(questions)} questions, not {count}.")
    return Draft(questions)
