"""Which kinds of data there are: nothing, some, all; deleted things are not there."""

from dataclasses import astuple

import pytest

from queries.overview.data_there import data_there
from tests.builders import a_chat, a_creator, a_question, a_quiz, a_student, a_video, a_watch, add, refreshed

pytestmark = pytest.mark.usefixtures("shared_database")


def test_a_creator_without_anything_has_nothing() -> None:
    assert astuple(data_there.fresh(a_creator().id)) == (0, 0, 0, 0, False)


def test_each_kind_is_counted_without_what_was_deleted() -> None:
    gone = {"deleted_at": "2026-03-01T00:00:00Z"}
    creator = a_creator(
        [a_student("Ada Moss"), a_student("Bo Lind", **gone)],
        [a_video("Loops"), a_video("Sorting", position=1), a_video("Old", position=2, **gone)],
        a_quiz("Loops quiz"),
    )

    assert astuple(data_there.fresh(creator.id)) == (1, 0, 2, 1, False)


@pytest.mark.parametrize("done", ["watched", "asked"])
def test_one_activity_is_activity(done: str) -> None:
    ada, video = a_student("Ada Moss"), a_video("Loops")
    creator = a_creator(ada, video)
    add(creator, a_watch(ada, video) if done == "watched" else a_chat(a_question("Why so slow?"), student=ada))
    refreshed(creator)

    there = data_there.fresh(creator.id)
    assert (there.has_activity, there.questions) == (True, 1 if done == "asked" else 0)


def test_an_outsider_sees_only_what_is_theirs() -> None:
    a_creator(a_student("Ada Moss"), a_video("Loops"))

    assert astuple(data_there.fresh(a_creator().id)) == (0, 0, 0, 0, False)
