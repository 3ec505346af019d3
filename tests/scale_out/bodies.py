"""The statements of a function in plpgsql or SQL, each as a query that can be parsed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot.dialects.postgres import Postgres
from sqlglot.tokens import Token  # type: ignore[attr-defined]

DECLARATIONS = re.compile(r"\bdeclare\b", re.IGNORECASE)
AT_THE_BEGINNING = {"BEGIN", "ATOMIC", "LOOP", "ELSE", "THEN", "EXCEPTION"}
ENDS = {
    "IF": ("THEN",),
    "ELSIF": ("THEN",),
    "WHILE": ("LOOP",),
    "FOR": ("LOOP",),
    "FOREACH": ("LOOP",),
    "CASE": ("WHEN",),
    "WHEN": ("THEN",),
}
QUERIES = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE")


@dataclass(frozen=True)
class BodyStatement:
    """`text` is a query; `is_dynamic`: assembled at run time, so that nobody can tell what it reads."""

    text: str
    is_dynamic: bool = False


def statements_of(body: str) -> Iterator[BodyStatement]:
    """Every query and every expression (as `select …`) of the body, in order."""
    body = DECLARATIONS.sub("begin", body)  # otherwise the tokenizer takes the first declaration for one word
    tokens = Postgres().tokenize(body)
    place = 0
    while place < len(tokens):
        word = tokens[place].text.upper()
        if word in AT_THE_BEGINNING or word == ";":
            place += 1
            continue
        if word == "END":
            place = _end_of(tokens, place, (";",), counts_cases=False) + 1
            continue
        end = _end_of(tokens, place, ENDS.get(word, (";",)))
        found = _read(body, tokens[place:end])
        if found:
            yield found
        place = end + 1 if word != "CASE" else end  # its first `when` begins the next piece


def _end_of(tokens: list[Token], place: int, ends: tuple[str, ...], counts_cases: bool = True) -> int:
    """Where the piece that begins here ends; the `case … end` of an expression is a part of it."""
    depth = 0
    for index in range(place, len(tokens)):
        word = tokens[index].text.upper()
        if depth == 0 and word in ends and index > place:
            return index
        if word == "CASE" and index > place and counts_cases:
            depth += 1
        elif word == "END" and depth:
            depth -= 1
    return len(tokens)


def _read(body: str, piece: list[Token]) -> BodyStatement | None:
    word = piece[0].text.upper()
    words = [token.text.upper() for token in piece]
    if word == "EXECUTE" or (word in ("FOR", "RETURN") and "EXECUTE" in words):
        return BodyStatement(_text(body, piece), is_dynamic=True)
    if word in ("RAISE", "GET", "NULL", "EXIT", "CONTINUE"):
        return None
    if word == "FOR":
        rest = piece[words.index("IN") + 1 :]
        return BodyStatement(_query_or_expression(body, rest)) if ".." not in _text(body, rest) else None
    if word == "FOREACH":
        return BodyStatement(f"select {_text(body, piece[words.index('ARRAY') + 1 :])}")
    if word in ("IF", "ELSIF", "WHILE", "WHEN", "CASE", "PERFORM"):
        return BodyStatement(f"select {_text(body, piece[1:])}") if piece[1:] else None
    if word == "RETURN":
        rest = piece[2:] if "QUERY" in words[1:2] else piece[1:]
        return BodyStatement(_query_or_expression(body, rest)) if rest else None
    if word in QUERIES:
        return BodyStatement(_without_into(body, piece))
    for sign in (":=", "DEFAULT"):
        if sign in words:
            return BodyStatement(f"select {_text(body, piece[words.index(sign) + 1 :])}")
    return None  # a declaration without a value


def _query_or_expression(body: str, piece: list[Token]) -> str:
    text = _text(body, piece)
    return text if piece[0].text.upper() in QUERIES else f"select {text}"


def _without_into(body: str, piece: list[Token]) -> str:
    """`select … into a, b from …` and `returning … into a` without the variables."""
    depth = 0
    for index, token in enumerate(piece):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0 and token.text.upper() == "INTO" and piece[index - 1].text.upper() not in ("INSERT", "MERGE"):
            after = index + 1
            if piece[after].text.upper() == "STRICT":
                after += 1
            after += 1
            while after < len(piece) and piece[after].text in (",", "."):
                after += 2
            return f"{_text(body, piece[:index])} {_text(body, piece[after:])}"
    return _text(body, piece)


def _text(body: str, piece: list[Token]) -> str:
    return body[piece[0].start : piece[-1].end + 1] if piece else ""
