"""User text, made safe for Markdown."""

import re

from rules.visible import visible_line

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&])")

# Addresses become links, `:material/home:` an icon and `->` an arrow only after Markdown has removed
# the backslashes. An element without content in the middle prevents that: unlike a character, it is not copied.
REPLACED_LATER = re.compile(
    r"(?<=\w)(?=[:/@]\S)|(?<=:[\w+-])(?=[\w+-]*:)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-<>=])", re.IGNORECASE
)
APART = ":small[]"
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)


def plain(text: str) -> str:
    """The text escaped so that Markdown shows it unchanged: no links, no images, no directives, one line."""
    return APART.join(_escaped(part) for part in REPLACED_LATER.split(visible_line(text)))


def e_mail_link(address: str) -> str:
    """A link to write to the address, as Markdown; anything that is not an address is shown as it is."""
    if not E_MAIL.fullmatch(address):
        return plain(address)
    return f"[{_escaped(address)}](mailto:{address})"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
