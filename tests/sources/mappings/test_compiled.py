"""Rows become facts; what is wrong is said with line, column, value and rule, and such a line says nothing."""

import pytest

from rules.errors import InputError
from sources.facts import Activity, Answer, Attempt, Refusal, Segment, Student
from sources.mappings.model import mapping_of
from tests.sources.mappings.mapped import compiled, mapping, said

STUDENT = {"kind": "student", "fields": {"id": "Email", "name": {"column": "Name", "optional": True}}}


def test_a_row_may_say_several_facts() -> None:
    activity = {
        "kind": "activity",
        "fields": {"student": "Email", "kind": {"text": "opened {file}"}, "at": {"column": "Opened"}},
        "needs": ["Opened"],
    }
    lines = said(
        mapping(STUDENT, activity, zone="UTC"),
        ["Email", "Name", "Opened"],
        ["a@x.org", "Ann", "2026-03-01"],
        ["b@x.org", "Bob", ""],
        file="Week 1.csv",
    )

    assert lines[0].facts[0] == Student("a@x.org", "Ann")
    assert isinstance(lines[0].facts[1], Activity)
    assert lines[0].facts[1].kind == "opened Week 1"
    assert lines[1].facts == (Student("b@x.org", "Bob"),)


def test_a_line_with_one_wrong_cell_says_nothing_and_every_wrong_cell_is_named() -> None:
    segment = {
        "kind": "segment",
        "fields": {
            "student": "s",
            "video": "v",
            "start_second": {"column": "from", "unit": "seconds"},
            "end_second": {"column": "to", "unit": "seconds"},
            "watched_at": "at",
        },
    }
    header = ["s", "v", "from", "to", "at"]
    good, bad, backwards = said(
        mapping(segment),
        header,
        ["s1", "v1", "0", "10", "2026-03-01T00:00:00Z"],
        ["s1", "", "x", "10", "2026-03-01T00:00:00Z"],
        ["s1", "v1", "10", "5", "2026-03-01T00:00:00Z"],
    )

    assert isinstance(good.facts[0], Segment)
    assert bad.facts == ()
    assert [(one.line, one.column, one.value) for one in bad.refusals] == [(3, "v", ""), (3, "from", "x")]
    assert backwards.refusals == (Refusal(4, "to", "5", "A segment ends after it starts."),)


def test_swapped_and_added_columns_make_no_difference() -> None:
    swapped = said(mapping(STUDENT), ["Name", "New", "email "], ["Ann", "?", "a@x.org"])
    assert swapped[0].facts == (Student("a@x.org", "Ann"),)
    assert compiled(mapping(STUDENT), ["Name", "New", "email "]).unused == ["New"]


def test_a_missing_column_is_named_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="no column “Email”; its columns are “Mail”, “Name”"):
        compiled(mapping(STUDENT), ["Mail", "Name"])
    assert said(mapping(STUDENT), ["Email"], ["a@x.org"])[0].facts == (Student("a@x.org"),)


def test_rows_can_be_left_out_and_are_counted() -> None:
    only = STUDENT | {"when": [{"column": "Role", "is": "student"}]}
    read = compiled(mapping(only, skip=[{"column": "Email", "begins": "test"}]), ["Email", "Role"])
    lines = [
        read.line([2, "a@x.org", "Student"]),
        read.line([3, "t@x.org", "teacher"]),
        read.line([4, "Test1@x", "student"]),
    ]

    assert [len(line.facts) for line in lines] == [1, 0, 0]
    assert (read.seen.facts["student"], read.seen.silent_lines, read.seen.refused_lines) == (1, 2, 0)


def test_one_fact_for_each_column_that_looks_alike() -> None:
    answer = {
        "kind": "answer",
        "for_each": "Q. <number> /<points>",
        "fields": {
            "quiz": {"text": "{file}"},
            "question": {"text": "{file} {number}"},
            "student": "Email",
            "answered_at": "Completed",
            "is_correct": {"cell": "this", "full_marks": True},
        },
    }
    (line,) = said(
        mapping(answer),
        ["Email", "Completed", "Q. 1 /1.00", "Q. 2 /2.00", "Q. 3 /1.00"],
        ["a@x.org", "2026-03-01T00:00:00Z", "1.00", "0.50", ""],
        file="Quiz.csv",
    )
    assert [(one.question, one.is_correct) for one in line.facts] == [("Quiz 1", True), ("Quiz 2", False)]
    assert all(isinstance(one, Answer) for one in line.facts)


def test_scores_out_of_the_header_out_of_a_row_and_out_of_a_column() -> None:
    def scores(**score):
        fields = {
            "quiz": {"text": "q"},
            "student": "Email",
            "completed_at": {"text": "2026-03-01T00:00:00Z"},
            "score_percent": {"column": "Grade/10.00"} | score,
            "passed": {"column": "Grade/10.00", "at_least": 50} | score,
        }
        rule = {"kind": "attempt", "fields": fields, "needs": ["Grade/10.00"]}
        one = mapping(rule, maximum_row={"column": "Email", "is": "Points Possible"})
        rows = [["Points Possible", "20", "40"], ["a@x.org", "4", "8"]]
        facts = said(one, ["Email", "Grade/10.00", "Best"], *rows)[1].facts
        assert isinstance(facts[0], Attempt)
        return facts[0].score_percent, facts[0].passed

    assert scores(out_of_header=True) == (40.0, False)
    assert scores(out_of_row=True) == (20.0, False)
    assert scores(out_of_column="Best") == (50.0, True)
    assert scores(out_of=5) == (80.0, True)


def test_a_mapping_asks_what_no_file_says() -> None:
    asking = {"kind": "course", "fields": {"id": {"answer": "course"}}}
    one = mapping(asking, asks={"course": "Which course is it?"})
    assert said(one, ["x"], [""], course="Rust")[0].facts[0].id == "Rust"
    with pytest.raises(InputError, match="needs an answer: course \\(Which course is it\\?\\)"):
        compiled(one, ["x"])
    with pytest.raises(InputError, match="does not ask for “other”"):
        compiled(one, ["x"], course="Rust", other="1")


def test_the_first_and_last_instant_and_open_questions_are_seen() -> None:
    rule = {"kind": "activity", "fields": {"student": "s", "kind": {"text": "x"}, "at": "at"}}
    read = compiled(mapping(rule, zone="Europe/Berlin"), ["s", "at"])
    for cell in ("2026-03-02 00:00", "2026-03-01 00:00", "2026-03-03 00:00", "03/04/2026"):
        read.line([2, "s1", cell])

    first, last = read.seen.instants["activity", "at"]
    assert (first.isoformat(), last.isoformat()) == ("2026-02-28T23:00:00+00:00", "2026-03-02T23:00:00+00:00")
    assert read.seen.unclear == {("activity", "at", "dates")}


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([{"kind": "pupil", "fields": {}}], "no kind of fact"),
        ([{"kind": "student", "fields": {}}], "a student needs id"),
        ([{"kind": "student", "fields": {"id": "a", "age": "b"}}], 'no field "age"'),
        ([{"kind": "student", "fields": {"id": {}}}], "exactly one of"),
        ([{"kind": "student", "fields": {"id": {"column": "a", "zone": "Mars/North"}}}], "not a time zone"),
        ([{"kind": "student", "fields": {"id": {"column": "a", "regex": ".*"}}}], "Extra inputs"),
        ([{"kind": "student", "fields": {"id": {"answer": "x"}}}], 'no question is called "x"'),
        ([], "at least 1"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_in_words(facts, said) -> None:
    with pytest.raises(InputError, match=said):
        mapping_of({"name": "A", "source": "a", "facts": facts})


def test_the_version_of_a_mapping_is_its_content() -> None:
    one = mapping(STUDENT)
    assert one.version == mapping_of(one.document()).version
    assert one.version == mapping_of(one.document() | {"name": "Another name"}).version
    assert one.version != mapping(STUDENT, zone="UTC").version
