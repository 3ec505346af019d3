"""Keys and tags: different values have different ones, and there is only one way to make them."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from database.canonical import canonical, digest, joined
from database.settings import PROJECT_DIR

# Few characters, so that texts are often nearly equal; those that formats use themselves; halves of surrogate pairs.
ANY_TEXT = st.text(st.sampled_from('ab1\n\0=&|,:"\\[]{}u\ud83d\ude00\U0001f600'), max_size=4)
TEXTS = st.lists(ANY_TEXT, max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)

OUR_FOLDERS = (
    "actions",
    "api",
    "commands",
    "database",
    "drafts",
    "findings",
    "jobs",
    "mail",
    "notebooks",
    "sources",
    "pages",
    "queries",
    "reports",
    "ui",
)
HASHERS = {"hashlib", "hmac"}
# Modules that hash without `database.canonical`, and what they hash instead of parts of a key.
HASH_ONE_THING = {
    "api/metrics.py": "compares a token",
    "api/uploads.py": "the bytes of one part",
    "database/archive_files.py": "the bytes of a file",
    "api/xapi/multipart.py": "the bytes of one file",
    "database/api_keys.py": "one key",
    "database/canonical.py": "the way itself",
    "database/objects/__init__.py": "the bytes of files",
    "database/signing.py": "what `joined` made",
    "database/this_computer.py": "compares one token",
    "jobs/media/arrived.py": "the bytes of parts and files",
    "queries/cache/shared_cache.py": "the bytes of files, and of one answer",
    "reports/exports/run.py": "the bytes of a file",
    "sources/landing/dry.py": "what `joined` made",
    "sources/landing/occurrences.py": "what `joined` made",
    "sources/landing/texts.py": "one key of a row, as it is written",
    "mail/return_address.py": "compares a seal",
    "sources/files/given.py": "the bytes of one file",
    "sources/mappings/model.py": "one mapping, as JSON with sorted keys",
    "sources/events/tokens.py": "what platforms sign, as documented",
    "ui/account/demo_cookie.py": "compares seals",
    "ui/shared/drawing.py": "the bytes of one table",
}


def fold(value):
    """Equal exactly if the values are the same: Python considers True and 1 equal."""
    if isinstance(value, dict):
        return {name: fold(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [fold(inner) for inner in value]
    return (type(value).__name__, value)


@given(TEXTS, TEXTS)
def test_lists_of_parts_are_joined_alike_only_if_they_are_equal(one, other):
    assert (joined(*one) == joined(*other)) == (one == other)
    assert (digest(*one) == digest(*other)) == (one == other)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4), st.sampled_from("\n=&|/, \0"))
def test_no_character_passes_for_a_border_between_parts(parts, border):
    together = border.join(parts)

    assert (joined(together) == joined(*parts)) == (len(parts) == 1)


@given(VALUES, VALUES)
def test_values_are_written_alike_only_if_they_are_the_same(one, other):
    written = [canonical({"asked": value}) for value in (one, other)]

    assert (written[0] == written[1]) == (fold(one) == fold(other))
    assert written[0].encode().decode() == written[0]


def test_two_halves_of_a_character_are_not_the_character():
    assert canonical({"search": "\ud83d\ude00"}) != canonical({"search": "\U0001f600"})
    assert canonical({"search": "\ud83d"}) != canonical({"search": "\\ud83d"})
    assert joined("\ud83d\ude00") != joined("\U0001f600")


def test_nobody_else_makes_a_key_of_several_parts():
    hashing = {str(path.relative_to(PROJECT_DIR)) for path in our_modules() if HASHERS & imported(path)}

    assert hashing == HASH_ONE_THING.keys()


def our_modules():
    for folder in OUR_FOLDERS:
        yield from (PROJECT_DIR / folder).rglob("*.py")


def imported(path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names
