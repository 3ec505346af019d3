"""What a person typed, as the parameters of statements that search."""

import re
from typing import Any
from uuid import UUID

from database.frames import frame
from rules.searching import LAST, typed_words

UNSENDABLE = re.compile("[\x00\ud800-\udfff]")  # no text in PostgreSQL holds these
NO_WORD = " "  # no word holds a space
PART_LIMIT = 100  # characters
# Thai, Lao, Burmese, Khmer, Japanese, Chinese: without spaces a sentence is one word, found by its beginning alone.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
MOST_IDS = 1_000  # students; of more the planner makes a better plan from their texts

WITH_WORD = """
    -- One row per student and word that begins with the typed one.
    select student_id
    from student_words
    where
        creator_id = :creator_id
        and word >= :word
        and word < :word_end
    order by
        word,
        student_id
    limit :most
"""


def patterns(typed: str) -> list[str]:
    """For `search_text like all`: each typed word begins a word, in any order.

    Nothing typed: no patterns, which every text fits. Signs without a letter: one that no text fits.
    """
    return [f"% {word}%" for word in _words(typed)]


def text_parameters(typed: str) -> dict[str, Any]:
    """The parameters of statements that search sentences: each typed word begins a word, in any order.

    What is typed in a script without spaces also finds it in the middle of a text.
    """
    found_by = patterns(typed)
    part = like_pattern(typed) if UNSPACED.search(typed) else ""
    return {"search": "".join(found_by), "patterns": found_by, "part": part}


def like_pattern(typed: str) -> str:
    """What a person typed as a LIKE pattern in which %, _ and \\ mean themselves; empty for nothing."""
    sent = UNSENDABLE.sub("", typed).strip()[:PART_LIMIT]
    escaped = sent.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%" if escaped else ""


def search_parameters(creator_id: UUID, typed: str) -> dict[str, Any]:
    """The patterns, and the ids of the students whom one of the words leaves, found in the index of words.

    The ids are None if nothing is typed, and if each word alone fits too many students: then their texts are looked
    through. They are more than those whom all words fit.
    """
    return {"patterns": patterns(typed), "found_ids": _found_ids(creator_id, _words(typed))}


def _words(typed: str) -> tuple[str, ...]:
    sent = UNSENDABLE.sub("", typed)
    return (typed_words(sent) or (NO_WORD,)) if sent.strip() else ()


def _found_ids(creator_id: UUID, words: tuple[str, ...]) -> list[UUID] | None:
    if words == (NO_WORD,):
        return []
    for word in words:
        rows = frame(creator_id, WITH_WORD, word=word, word_end=word + LAST, most=MOST_IDS + 1)
        if len(rows) <= MOST_IDS:
            return sorted(set(rows["student_id"]))
    return None
