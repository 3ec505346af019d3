"""The search of the top bar."""

from random import Random

import pytest
from sqlalchemy import text

from database.tenancy import JOB_SECONDS, tenant_tx
from queries.overview.search import FOUND_PER_KIND, found, often_asked, questions_found
from rules.searching import is_found
from tests.builders import (
    a_chat,
    a_creator,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
)

pytestmark = pytest.mark.usefixtures("shared_database")

ENOUGH_TO_PLAN = 3_000
MANY = text(
    """
    insert into students (creator_id, name, email)
    select :creator_id, 'Student ' || n || ' ' || md5(n::text), n || '@example.org'
    from generate_series(1, :students) as n
    """
)


def titles(creator, typed):
    return found.fresh(creator.id, typed).title.tolist()


def test_each_kind_is_found_the_best_first():
    quiz = a_quiz("Adding")
    creator = a_creator(
        a_student("Ada Moss", email="first@example.com"),
        a_student("Ben Okoro", email="ada.other@example.com"),
        a_student("Cleo Hart", email=None),
        a_video(title="Adapting loops"),
        a_video(title="Canada"),
        a_video(title="To add", category=None, tags=["x"]),
        quiz,
        [a_quiz_question(quiz, "What is 1?", position=0), a_quiz_question(quiz, "Why add?", position=4)],
    )

    rows = found.fresh(creator.id, "AD")

    assert list(zip(rows.kind, rows.title, strict=True)) == [
        ("quiz", "Adding"),
        ("quiz_question", "Why add?"),
        ("student", "Ada Moss"),
        ("student", "Ben Okoro"),
        ("video", "Adapting loops"),
        ("video", "To add"),
    ]
    assert rows[rows.kind == "quiz_question"][["detail", "number"]].values.tolist() == [["Adding", 2]]


def test_six_of_each_kind_at_most():
    creator = a_creator(
        [a_student(f"Ada {number}") for number in range(12)], [a_video(title=f"Ada {number}") for number in range(12)]
    )

    assert found.fresh(creator.id, "ada").kind.value_counts().to_dict() == {
        "student": FOUND_PER_KIND,
        "video": FOUND_PER_KIND,
    }


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "\\", "'", "\x00", "\ud800", "'; drop table students; --"])
def test_without_a_letter_that_stands_there_nothing_is_found(typed):
    assert titles(a_creator(a_student("Ada Moss"), a_video(), a_quiz()), typed) == []


def test_who_left_and_what_was_deleted_is_not_found():
    creator = a_creator(a_student("Ada Left", deleted_days_ago=1), a_video(title="Ada withdrawn", deleted_days_ago=1))

    assert titles(creator, "ada") == []


def test_an_outsider_finds_nothing_even_after_the_owner_searched():
    owner, outsider = a_creator(a_student("Ada Moss"), a_chat(a_question("What is Ada?"))), a_creator()
    assert len(found(owner.id, "Ada")) == 1
    assert len(often_asked(owner.id)) == 1

    assert found(outsider.id, "Ada").empty
    assert often_asked(outsider.id).empty


def test_matches_equal_a_plain_python_search():
    chosen = Random(7)
    names = [" ".join("".join(chosen.choices("abÁß’-", k=3)) for _ in range(3)) for _ in range(40)]
    creator = a_creator([a_student(name, email=None) for name in names])

    for typed in {f"{name[4:6]} {name[0]}" for name in names} | {"Strasse", "a’"}:
        fitting = [name for name in names if is_found(typed, name)]
        shown = titles(creator, typed)
        assert len(shown) == min(len(fitting), FOUND_PER_KIND)
        assert set(shown) <= set(fitting)


def test_questions_that_students_ask_are_found_most_often_asked_first():
    ada = a_student()
    chats = [a_chat(a_question("How do loops end?"), student=ada, days_ago=days) for days in (1, 2, 3)]
    chats += [a_chat(a_question("How do for loops begin?"), student=ada, days_ago=1)]
    chats += [a_chat(a_question("How old is this loop?"), student=ada, days_ago=100)]
    creator = a_creator(ada, chats)

    asked = often_asked.fresh(creator.id)

    assert asked.question.tolist() == ["How do loops end?", "How do for loops begin?"]
    assert questions_found(asked, "begin loop") == ["How do for loops begin?"]


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("student_id from student_words where creator_id = :id and word >= 'ab' and word < 'ac'", "student_words_pkey"),
        (
            "id from students where creator_id = :id and deleted_at is null order by sort_key limit 9",
            "students_sort_key",
        ),
    ],
)
def test_words_and_names_in_order_are_read_from_an_index(statement, index):
    """As the application role, for which row level security decides what an index may serve."""
    creator = a_creator()
    with tenant_tx(creator.id, JOB_SECONDS) as connection:
        connection.execute(MANY, {"creator_id": creator.id, "students": ENOUGH_TO_PLAN})

    with tenant_tx(creator.id) as connection:
        plan = "\n".join(connection.execute(text(f"explain select {statement}"), {"id": creator.id}).scalars())

    assert index in plan
    assert "word" not in statement or "word >= 'ab'" in plan.split("Index Cond")[1]
