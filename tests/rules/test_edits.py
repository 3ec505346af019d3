"""Two people edit the same thing: what each changed is kept, and what both changed is asked about."""

from dataclasses import dataclass
from itertools import product

import pytest

from rules.edits import EditConflict, merged, merged_fields, unchecked, with_saved


@dataclass(frozen=True)
class Note:
    title: str
    text: str = ""

    def __post_init__(self) -> None:
        if not self.title:
            raise ValueError("no title")


def test_each_keeps_what_it_changed() -> None:
    opened, saved, mine = Note("A", "a"), Note("B", "a"), Note("A", "c")

    assert merged_fields(opened, saved, mine) == Note("B", "c")


def test_what_both_changed_in_the_same_way_is_no_conflict() -> None:
    assert merged_fields(Note("A"), Note("B"), Note("B")) == Note("B")


def test_what_both_changed_is_named_and_either_can_be_kept() -> None:
    opened, saved, mine = Note("A", "a"), Note("B", "b"), Note("C", "b")

    with pytest.raises(EditConflict, match="changed elsewhere") as conflict:
        merged_fields(opened, saved, mine)

    assert (conflict.value.parts, conflict.value.saved) == (("title",), saved)
    assert with_saved(mine, conflict.value) == Note("B", "b")
    assert merged_fields(conflict.value.saved, saved, mine) == mine


def test_parts_that_one_side_added_or_removed_are_kept_so() -> None:
    opened = {"a": 1, "b": 2, "c": 3}

    merge = merged(opened, {"a": 1, "c": 3, "theirs": 4}, {"c": 3, "b": 2, "mine": 5})

    assert (merge.parts, list(merge.parts), merge.conflicts) == (
        {"c": 3, "mine": 5, "theirs": 4},
        ["c", "mine", "theirs"],
        (),
    )


@pytest.mark.parametrize(("saved", "mine"), [({"a": 2}, {}), ({}, {"a": 2})])
def test_to_remove_what_the_other_side_changed_is_a_conflict(saved: dict[str, int], mine: dict[str, int]) -> None:
    assert merged({"a": 1}, saved, mine).conflicts == ("a",)


def test_no_change_of_either_side_is_ever_lost_without_a_conflict() -> None:
    values = (None, 1, 2)
    for before, theirs, ours in product(values, repeat=3):
        opened, saved, mine = ({} if value is None else {"a": value} for value in (before, theirs, ours))

        merge = merged(opened, saved, mine)

        if ours != before and theirs not in (before, ours):
            assert merge.conflicts == ("a",)
        else:
            assert merge.parts.get("a") == (ours if ours != before else theirs)


def test_what_is_stored_need_not_be_valid() -> None:
    assert (
        merged_fields(unchecked(Note, title="", text="a"), unchecked(Note, title="", text="a"), Note("B", "a")).title
        == "B"
    )
