"""Which letters are the same in a search and in an order of names: `python -m commands.letters` writes them down.

From the Unicode tables of this Python into `rules/letters.json`, and as the SQL of a revision on standard output.
Another edition of the table needs such a revision: the database keeps what it has written with the old one.
"""

import json
import unicodedata
from pathlib import Path

LETTERS = Path(__file__).resolve().parent.parent / "rules" / "letters.json"

HANGUL = range(0xAC00, 0xD7A4)  # 11,172 syllables that are taken apart by arithmetic: they need no table
NO_LETTERS = ("Cn", "Co", "Cs")  # not assigned, private, halves of a pair

APOSTROPHES = "'`´‘’‛ʹʻʼʽʾʿˈ′＇"
# Letters with a stroke and ligatures, which Unicode does not take apart.
PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
UNSEEN = ("Cf", "Me")  # soft hyphens, joiners, marks of direction; circles around letters
BETWEEN_WORDS = ("Zs", "Zl", "Zp", "Cc", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk")
KADASHI = "\u0640"  # stretches an Arabic word
# Of all marks only those that make another letter stay: vowels and viramas of India, the voiced sounds of Japan. They
# never stand beside each other, so that the order in which marks were typed does not matter.
MARKS_OF_LETTERS = (0, 8, 9)


def known_letters() -> dict[int, str]:
    """What each code point becomes that does not stay as it is; Hangul syllables are left out."""
    letters = (chr(point) for point in range(0x110000) if point not in HANGUL)
    known = (letter for letter in letters if unicodedata.category(letter) not in NO_LETTERS)
    return {ord(letter): plain for letter in known if (plain := plain_letter(letter)) != letter}


def plain_letter(letter: str) -> str:
    """Without accents, case and form; a space for what stands between words, an apostrophe for what looks like one."""
    if letter in APOSTROPHES:
        return "'"
    taken_apart = letter
    while (again := unicodedata.normalize("NFKD", taken_apart.casefold())) != taken_apart:
        taken_apart = again
    return "".join(map(_plain, taken_apart))


def as_sql(letters: dict[int, str]) -> str:
    """The table as the text of a JSON object, in lines that can be read."""
    lines, line = [], ""
    for point, plain in letters.items():
        entry = f'"{point}":{json.dumps(plain)},'
        if len(line) + len(entry) > 120:
            lines.append(line)
            line = ""
        line += entry
    return "{" + "\n".join([*lines, line.rstrip(",")]) + "}"


def _plain(letter: str) -> str:
    category = unicodedata.category(letter)
    if letter in APOSTROPHES:
        return "'"
    if category in UNSEEN or letter == KADASHI or unicodedata.name(letter, "").startswith("VARIATION SELECTOR"):
        return ""
    if category == "Mn" and unicodedata.combining(letter) not in MARKS_OF_LETTERS:
        return ""
    if category in BETWEEN_WORDS:
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    return PLAIN.get(letter, letter)


if __name__ == "__main__":
    table = known_letters()
    LETTERS.write_text(as_sql(table) + "\n", encoding="ascii")
    print(as_sql(table).replace("'", "''"))
