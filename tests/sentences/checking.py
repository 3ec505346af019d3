"""What a page, an email or a file says beyond the sentences and figures that were recorded while it was made."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from ui.shared.text import APART

STRONG = [
    "good",
    "bad",
    "high",
    "low",
    "struggling",
    "every",
    "everybody",
    "nobody",
    "never",
    "always",
    "too",
    "best",
    "worst",
    "perfect",
    "poor",
    "weak",
]
UNFOUNDED = re.compile(rf"\d|\b(?:{'|'.join(STRONG)})\b", re.IGNORECASE)

ADDRESS = re.compile(r"(?:https?|mailto):[^\s)\]>\"]+")
ICON = re.compile(r":material/\w+:")
MARKED = re.compile(r":[a-z]+(?:-[a-z]+)*\[")  # :orange-badge[…], :red[…]
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$:^=&])")
GONE = "\N{BULLET}"  # stands where something was taken away, so that its neighbours do not become one word


@dataclass(frozen=True)
class Unfounded:
    """A text with a number or a strong word in it that nobody recorded, and what was left of it."""

    text: str
    left: str


def unfounded(texts: Iterable[str], said: Iterable[str], written_by_people: Iterable[str] = ()) -> list[Unfounded]:
    """The texts that claim more than was recorded, or written by people, each once."""
    known = _longest_first([*said, *written_by_people])
    found = (Unfounded(text, _without(known, bare(text).casefold())) for text in dict.fromkeys(texts))
    return [one for one in found if UNFOUNDED.search(one.left)]


def bare(text: str) -> str:
    """The words as somebody reads them: without Markdown, addresses and line breaks."""
    text = text.replace(APART, "")
    text = ESCAPED.sub(r"\1", ADDRESS.sub(" ", ICON.sub(" ", MARKED.sub(" ", text))))
    text = unescape(text).replace("**", "").replace("[", " ").replace("]", " ")
    return " ".join(text.split())


def _longest_first(known: list[str]) -> list[str]:
    every = {bare(one).casefold() for one in known}
    return sorted((words for words in every if any(map(str.isalnum, words))), key=len, reverse=True)


def _without(known: list[str], text: str) -> str:
    """The text without what is known, wherever it stands as words and numbers of its own."""
    for words in known:
        if words in text:
            text = re.sub(
                rf"(?<![\w.,]){re.escape(words)}(?![\w])" if words[0].isalnum() else re.escape(words), GONE, text
            )
    return text
