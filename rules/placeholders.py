"""Words in braces that an email replaces by what is known of its recipient, such as {first name}."""

import re
from collections.abc import Mapping
from html import escape

# The words, and what stands there where nothing is known.
PLACEHOLDERS = {"first name": "there", "name": "there", "progress": "-"}
FOUND = re.compile(r"\{ *(" + "|".join(PLACEHOLDERS) + r") *\}", re.IGNORECASE)
IN_BRACES = re.compile(r"\{[^{}\n]{1,40}\}")


def has_placeholders(text: str) -> bool:
    """Whether each recipient's text is a different one."""
    return FOUND.search(text) is not None


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known; it is looked through once, so a name in braces stays a name."""
    return FOUND.sub(lambda found: _value(found, values), text)


def filled_html(html: str, values: Mapping[str, str]) -> str:
    """The same in HTML: what is known is text there, whatever it says."""
    return FOUND.sub(lambda found: escape(_value(found, values)), html)


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is sent as it is, each once."""
    return list(dict.fromkeys(one for one in IN_BRACES.findall(text) if not FOUND.fullmatch(one)))


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    word = found[1].lower()
    return values.get(word) or PLACEHOLDERS[word]
