"""What a person typed, as the parameters of statements that search."""

import re
from typing import Any

from rules.searching import LAST, typed_words

UNSENDABLE = re.compile("[\x00\ud800-\udfff]")  # no text in PostgreSQL holds these


def search_parameters(typed: str) -> dict[str, Any]:
    """What stored words and texts are compared with: each typed word begins a word, in any order.

    `word` and `word_end` enclose the words that begin with the longest typed one: those of an index. `patterns` are for
    `search_text like all`. Nothing typed: None, and no patterns. Signs without a letter find nothing.
    """
    sent = UNSENDABLE.sub("", typed)
    if not sent.strip():
        return {"word": None, "word_end": None, "patterns": []}
    words = typed_words(sent) or (" ",)  # no word holds a space
    return {
        "word": words[0],
        "word_end": words[0] if words[0] == " " else words[0] + LAST,
        "patterns": [f"% {word}%" for word in words],
    }
