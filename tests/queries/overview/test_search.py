"""The search of the top bar."""

from random import Random

import pytest

from queries.overview.search import FOUND_PER_KIND, found
from tests.builders import a_creator, a_student, a_video

pytestmark = pytest.mark.usefixtures("shared_database")


def titles(creator, typed):
    return found.fresh(creator.id, typed).title.tolist()


def test_students_come_by_name_or_e_mail_and_videos_by_title():
    creator = a_creator(
        a_student("Ada Moss", email="first@example.com"),
        a_student("Ben Okoro", email="ada.other@example.com"),
        a_student("Cleo Hart", email=None),
        a_video(title="Adapting loops"),
        a_video(title="Canada"),
        a_video(title="Sets"),
    )

    rows = found.fresh(creator.id, "ADA")

    assert list(zip(rows.kind, rows.title, strict=True)) == [
        ("student", "Ada Moss"),
        ("student", "Ben Okoro"),
        ("video", "Adapting loops"),
        ("video", "Canada"),
    ]


def test_eight_of_each_kind_at_most():
    creator = a_creator(
        [a_student(f"Ada {number}") for number in range(12)], [a_video(title=f"Ada {number}") for number in range(12)]
    )

    assert found.fresh(creator.id, "ada").kind.value_counts().to_dict() == {
        "student": FOUND_PER_KIND,
        "video": FOUND_PER_KIND,
    }


@pytest.mark.parametrize("typed", ["%", "_", "\\", "100%", "a_b", "'; drop table students; --", "\x00"])
def test_signs_mean_themselves(typed):
    creator = a_creator(a_student("Ada Moss", email=None), a_student("a_b 100% \\ sure", email=None))

    expected = [name for name in ("Ada Moss", "a_b 100% \\ sure") if typed in name and typed != "\x00"]
    assert titles(creator, typed) == expected


@pytest.mark.parametrize("typed", ["", "  "])
def test_nothing_typed_finds_nothing(typed):
    assert titles(a_creator(a_student("Ada Moss")), typed) == []


def test_who_left_and_what_was_deleted_is_not_found():
    creator = a_creator(a_student("Ada Left", deleted_days_ago=1), a_video(title="Ada withdrawn", deleted_days_ago=1))

    assert titles(creator, "ada") == []


def test_an_outsider_finds_nothing_even_after_the_owner_searched():
    owner, outsider = a_creator(a_student("Ada Moss")), a_creator(a_student("Olga Own"))
    assert len(found(owner.id, "Ada")) == 1

    assert found(outsider.id, "Ada").empty


def test_matches_equal_a_plain_python_search():
    chosen = Random(7)
    names = ["".join(chosen.choices("abAB %_\\", k=chosen.randint(1, 6))).strip() or "a" for _ in range(40)]
    creator = a_creator([a_student(name, email=None) for name in names])

    for typed in {name[:2].strip() for name in names} - {""}:
        fitting = [name for name in names if typed.lower() in name.lower()]
        shown = titles(creator, typed)
        assert len(shown) == min(len(fitting), FOUND_PER_KIND)
        assert set(shown) <= set(fitting)
