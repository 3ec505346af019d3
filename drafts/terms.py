"""Which words of a transcript are worth asking about."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from drafts.transcript import TRANSCRIPT_LIMIT

WORD = re.compile(r"[^\W\d_][\w’'-]*", re.UNICODE)
SHORTEST_TERM = 4  # letters
SHARED_BY_ALL = 0.05  # what is left of the weight of a term that occurs in every transcript
STOP_WORDS = frozenset((Path(__file__).parent / "stop_words.txt").read_text(encoding="utf-8").split())


def term_weights(transcript: str, other_transcripts: Sequence[str] = ()) -> dict[str, float]:
    """How distinctive each term of the transcript is: frequent here, rare in the creator's other transcripts (tf-idf).

    Terms are in lower case; words of fewer than four letters and everyday words are left out.
    """
    counts = Counter(words(transcript[:TRANSCRIPT_LIMIT]))
    elsewhere = Counter(term for other in other_transcripts for term in set(words(other)))
    documents = len(other_transcripts) + 1
    return {
        term: count * (SHARED_BY_ALL + math.log((1 + documents) / (1 + elsewhere[term])))
        for term, count in counts.items()
    }


def key_terms(weights: Mapping[str, float]) -> list[str]:
    """The terms, most distinctive first, ties in alphabetical order."""
    return sorted(weights, key=lambda term: (-weights[term], term))


def words(text: str) -> list[str]:
    """The words that can be terms, in order, in lower case."""
    return [
        word for word in map(str.lower, WORD.findall(text)) if len(word) >= SHORTEST_TERM and word not in STOP_WORDS
    ]
