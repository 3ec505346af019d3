"""The database and Python agree, letter by letter, on what finds a text and what it is sorted by."""

import sys
import unicodedata
from random import Random

import pytest
from sqlalchemy import text

from commands.letters import NO_LETTERS, known_letters
from database.engine import engine
from database.tenancy import tenant_tx
from rules.searching import letters, name_key, search_text
from tests.builders import a_creator, a_student, a_video, add
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

IN_SQL = text(
    """
    -- One row per text.
    select
        name_key(told.written) as sort_key,
        search_text(array[told.written]) as found_by
    from unnest(cast(:written as text[])) with ordinality as told (written, place)
    order by told.place
    """
)
UNKNOWN = "\U000e0fff"
EVERY_LETTER = [
    letter for letter in map(chr, range(1, sys.maxunicode + 1)) if unicodedata.category(letter) not in NO_LETTERS
]
UNICODE_OF_THE_TABLE = "14.0.0"


def in_sql(written):
    with engine().connect() as connection:
        return [tuple(row) for row in connection.execute(IN_SQL, {"written": written})]


def in_python(written):
    return [(name_key(one), search_text(one)) for one in written]


def test_every_letter_is_the_same_in_the_database():
    """Ten at a time, each between others, with a word before and behind."""
    portions = ["x" + "x x".join(EVERY_LETTER[start : start + 10]) + "x" for start in range(0, len(EVERY_LETTER), 10)]

    assert in_sql(portions) == in_python(portions)


def test_texts_of_any_letters_are_the_same_in_the_database():
    chosen = Random(11)
    known = [*map(chr, letters().keys() - {0}), *"abcXYZ''’ -ßİ\u0301\u0308한국中", UNKNOWN]
    texts = ["".join(chosen.choices(known, k=chosen.randint(0, 60))) for _ in range(2_000)]
    texts += ["", " ", "'", "a" * 3_000, "ﷺ" * 1_001, "o'" * 600, "x y " * 400]

    assert in_sql(texts) == in_python(texts)


def test_the_table_says_what_unicode_says():
    """A newer edition knows more letters; those that the table knows stay as they are."""
    told = {point: plain for point, plain in known_letters().items() if point in letters()}

    assert told == dict(letters())
    if unicodedata.unidata_version == UNICODE_OF_THE_TABLE:
        assert known_letters() == dict(letters())


def test_the_words_of_a_student_follow_the_name_and_the_address():
    ada, ben = a_student("Ada Moss", email="ada@example.org"), a_student("Ben", email=None)
    creator = a_creator(ada, ben)
    add(creator, a_student("Zoë"))
    before = words_of(creator)

    with tenant_tx(creator.id) as connection:
        connection.execute(text("update students set name = 'Ada Löwe', xp_points = 3 where id = :id"), {"id": ada.id})
        connection.execute(text("update students set xp_points = 4 where id = :id"), {"id": ben.id})
    renamed = words_of(creator)
    with tenant_tx(creator.id) as connection:
        connection.execute(text("delete from students where id = :id"), {"id": ada.id})

    assert {"ada", "moss", "example", "org"} <= before[ada.id]
    assert renamed == before | {ada.id: {"ada", "lowe", "example", "org"}}
    assert words_of(creator) == {student: words for student, words in renamed.items() if student != ada.id}


def test_the_stored_columns_are_what_python_says():
    creator = a_creator(
        a_student("Zoe\u0308 O’Neil", email="zoe@example.org"), a_video(title="Straße\u00a01", tags=["Übung", "b c"])
    )

    (student,), (video,) = rows_of(creator.id, "students"), rows_of(creator.id, "videos")

    assert (student["sort_key"], student["search_text"]) == ("zoe oneil", " example neil o oneil org zoe")
    assert (video["sort_key"], video["search_text"]) == (
        "strasse 1",
        search_text("Straße 1", video["category"], "Übung", "b c"),
    )


def words_of(creator):
    found = {}
    for row in rows_of(creator.id, "student_words"):
        found.setdefault(row["student_id"], set()).add(row["word"])
    return found
