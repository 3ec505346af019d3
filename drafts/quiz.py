"""A quiz drafted from a transcript, offline and always the same for the same transcript."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

from drafts.terms import key_terms, term_weights, words
from drafts.transcript import Sentence, sentences

Kind = Literal["multiple_choice", "fill_in_the_blank"]

FEWEST, MOST = 3, 20  # questions of a draft
OPTIONS = 4
POOL = 300  # distinctive terms that distractors are taken from
SHORTEST_SENTENCE, LONGEST_SENTENCE = 5, 60  # words
BLANK = "_____"
PROMPT_LIMIT, ANSWER_LIMIT = 1_000, 300  # characters


class TooLittleText(ValueError):
    """The transcript is not enough for a quiz; the message says why and what to do."""


@dataclass(frozen=True)
class DraftQuestion:
    """A question with its correct answer; multiple choice has options, a blank has none."""

    kind: Kind
    prompt: str
    options: tuple[str, ...]
    correct_answer: str
    source: str  # the sentence it comes from
    second: int  # at which that sentence begins


def draft_quiz(
    transcript: str, duration_seconds: int | None, count: int, other_transcripts: Sequence[str] = ()
) -> list[DraftQuestion]:
    """`count` questions (3 to 20; fewer if the transcript is not enough), in the order of the video.

    Every second one is multiple choice, with distractors from terms of this and the creator's
    other transcripts. Raises TooLittleText if not even three sentences can be asked about,
    ValueError for another count.
    """
    if not FEWEST <= count <= MOST:
        raise ValueError(f"A quiz has {FEWEST} to {MOST} questions, not {count}.")
    weights = term_weights(transcript, other_transcripts)
    askable = _askable(sentences(transcript, duration_seconds))
    chosen = _spread(askable, weights, min(count, len(askable)))
    if len(chosen) < FEWEST:
        raise TooLittleText(
            f"The transcript has {len(chosen)} sentences that can be asked about; {FEWEST} are needed. "
            "Extend the video's transcript, or write the questions yourself."
        )
    pool = list(dict.fromkeys([*key_terms(weights), *(term for other in other_transcripts for term in words(other))]))
    return [_question(place, sentence, term, pool[:POOL]) for place, (sentence, term) in enumerate(chosen)]


def _askable(spoken: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of a sensible length, each once."""
    fitting = {
        sentence.text.casefold(): sentence
        for sentence in reversed(spoken)
        if SHORTEST_SENTENCE <= len(sentence.text.split()) <= LONGEST_SENTENCE
        and len(sentence.text) <= PROMPT_LIMIT // 2
        and words(sentence.text)
    }
    return sorted(fitting.values(), key=lambda sentence: (sentence.second, sentence.text))


def _spread(askable: Sequence[Sentence], weights: Mapping[str, float], count: int) -> list[tuple[Sentence, str]]:
    """From each of `count` equal stretches, the sentence with the most distinctive term that has not been used yet."""
    chosen: list[tuple[Sentence, str]] = []
    used: set[str] = set()
    for place in range(count):
        stretch = askable[place * len(askable) // count : (place + 1) * len(askable) // count]
        pairs = [(sentence, term) for sentence in stretch for term in words(sentence.text) if term not in used]
        if pairs:
            best = max(pairs, key=lambda pair: (weights[pair[1]], pair[1]))
            chosen.append(best)
            used.add(best[1])
    return chosen


def _question(place: int, sentence: Sentence, term: str, pool: Sequence[str]) -> DraftQuestion:
    answer, prompt = _blanked(sentence.text, term)
    options = _options(answer, term, sentence.text, pool) if place % 2 else ()
    if len(options) < OPTIONS:
        return DraftQuestion(
            "fill_in_the_blank", f"Fill in the blank: {prompt}", (), answer, sentence.text, sentence.second
        )
    return DraftQuestion(
        "multiple_choice", f"Which word is missing? {prompt}", options, answer, sentence.text, sentence.second
    )


def _blanked(text: str, term: str) -> tuple[str, str]:
    """The answer as spelt in the sentence, and the sentence with all its occurrences blanked."""
    mention = re.compile(rf"(?<![\w’'-]){re.escape(term)}(?![\w’'-])", re.IGNORECASE)
    found = mention.search(text)
    return (found.group(0) if found else term), mention.sub(BLANK, text)


def _options(answer: str, term: str, text: str, pool: Sequence[str]) -> tuple[str, ...]:
    """The answer among words of similar length that are not in the sentence, in a fixed but mixed order."""
    taken = set(words(text)) | {term}
    alike = sorted((word for word in pool if word not in taken), key=lambda word: abs(len(word) - len(term)))
    distractors = alike[: OPTIONS - 1]
    if answer[:1].isupper():
        distractors = [word.capitalize() for word in distractors]
    return tuple(sorted([answer, *distractors], key=lambda option: (crc32(f"{text}{option}".encode()), option)))
