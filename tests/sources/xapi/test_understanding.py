"""What statements say, as facts: a player's stretches, the answers of quizzes, and what says nothing."""

import random
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.facts import Activity, Answer, Attempt, Progress, Question, Quiz, Segment, Student, Video
from sources.xapi.meanings import meaning
from sources.xapi.understanding import understood
from sources.xapi.vocabulary import (
    ANSWERED,
    ATTEMPT_NUMBER,
    COMPLETED,
    EVALUATED,
    INITIALIZED,
    PASSED,
    PAUSED,
    PLAYED,
    SEEKED,
    TERMINATED,
)
from tests.xapi import HOME_PAGE, KNOTS, a_statement, an_agent, of_player

STUDENT = f"{HOME_PAGE} 17"
QUIZ, ATTEMPT = f"{HOME_PAGE}/quiz/1", f"{HOME_PAGE}/attempt/9"
FIRST, SECOND = f"{HOME_PAGE}/question/1", f"{HOME_PAGE}/question/2"
ADL = "http://adlnet.gov/expapi/activities"


def at(second: int) -> str:
    return f"2026-03-02T08:{second // 60:02}:{second % 60:02}Z"


def moment(second: int) -> datetime:
    return datetime(2026, 3, 2, 8, second // 60, second % 60, tzinfo=UTC)


def facts(*statements: dict[str, Any], kind: type | None = None) -> list[Any]:
    """What is said, of one kind; every group by itself."""
    groups: dict[Any, list[dict[str, Any]]] = {}
    for statement in statements:
        groups.setdefault(meaning(statement).group, []).append(statement)
    said = [fact for group, told in groups.items() if group for fact in understood(told).facts]
    return [fact for fact in said if kind is None or isinstance(fact, kind)]


def stretches(*statements: dict[str, Any]) -> list[tuple[int, int]]:
    return sorted((one.start_second, one.end_second) for one in facts(*statements, kind=Segment))


def test_a_list_of_segments_holds_the_earlier_ones_and_they_count_once():
    sent = [
        of_player(PLAYED, at(0), time=0),
        of_player(PAUSED, at(40), time=40, segments="0[.]40"),
        of_player(PLAYED, at(60), time=100),
        of_player(PAUSED, at(90), time=130, segments="0[.]40[,]100[.]130"),
    ]

    assert facts(*sent, kind=Segment) == [
        Segment(STUDENT, KNOTS, 0, 40, moment(0)),
        Segment(STUDENT, KNOTS, 100, 130, moment(60)),
    ]


def test_an_open_end_is_closed_by_the_next_statement_that_says_where():
    open_end = of_player(SEEKED, at(40), segments="0[.]40[,]100", time_from=40, time_to=100)

    assert stretches(open_end) == [(0, 40)]
    assert stretches(open_end, of_player(TERMINATED, at(55), time=115)) == [(0, 40), (100, 115)]
    # Faster than anybody plays: the player's clock or its position is wrong.
    assert stretches(open_end, of_player(TERMINATED, at(45), time=175)) == [(0, 40)]


def test_players_without_lists_are_read_by_pairs():
    sent = [
        of_player(PLAYED, at(0), time=0),
        of_player(SEEKED, at(30), time_from=30, time_to=90),
        of_player(PLAYED, at(31), time=30),  # the position from before the seek
        of_player(PAUSED, at(51), time=110),
        of_player(PLAYED, at(60), time=110),  # and nothing behind it
    ]

    assert stretches(*sent) == [(0, 30), (90, 110)]


def test_each_sitting_is_read_by_itself():
    sent = [
        of_player(PAUSED, at(40), segments="0[.]40", session="one"),
        of_player(PAUSED, at(90), segments="0[.]20", session="two"),
    ]

    assert stretches(*sent) == [(0, 20), (0, 40)]


@pytest.mark.parametrize(
    "segments",
    ["16.9[.]16.1", "x[.]7", "0[.]", "", "[,]", "-3[.]-1", "nan[.]nan", "0[.]inf", "1e300[.]2e300", "170[.]900"],
)
def test_impossible_stretches_are_left_out(segments):
    assert stretches(of_player(PAUSED, segments=segments)) == []


def test_what_is_left_out_of_a_list_is_counted_and_the_rest_is_taken():
    told = understood([of_player(PAUSED, at(60), segments="0[.]20[,]16.9[.]16.1[,]30[.]45")])

    assert [(one.start_second, one.end_second) for one in told.facts if isinstance(one, Segment)] == [(0, 20), (30, 45)]
    assert [(one.column, one.value) for one in told.refusals] == [("played-segments", "16.9[.]16.1")]


@pytest.mark.parametrize("length", [0, None, "NaN", "long", True, 1e308])
def test_a_length_that_is_none_leaves_the_duration_unknown(length):
    (video,) = facts(of_player(length=length), kind=Video)

    assert video == Video(KNOTS, title="Knots")


def test_numbers_may_be_written_as_texts():
    sent = [of_player(PLAYED, at(0), time="0"), of_player(SEEKED, at(9), time_from="9.2", time_to="60")]

    assert stretches(*sent) == [(0, 9)]


def test_a_video_is_opened_and_completed():
    sent = [of_player(INITIALIZED, at(0)), of_player(COMPLETED, at(170), time=180, segments="0[.]180")]

    (opened,) = facts(*sent, kind=Activity)
    assert opened[:4] == (STUDENT, "opened", moment(0), KNOTS)
    assert facts(*sent, kind=Progress) == [Progress(STUDENT, KNOTS, moment(0), moment(170), completed=True)]


def test_a_share_is_only_told_where_there_are_no_stretches():
    assert facts(of_player(PAUSED, at(9), progress=0.4), kind=Progress)[0].watched_percent == 40
    assert facts(of_player(PAUSED, at(9), progress=0.4, segments="0[.]72"), kind=Progress) == []


@given(st.randoms(use_true_random=False), st.integers(0, 2))
def test_the_order_of_arrival_and_repeats_do_not_matter(order: random.Random, repeats: int):
    sent = [
        of_player(INITIALIZED, at(0)),
        of_player(PLAYED, at(1), time=0),
        of_player(PAUSED, at(41), time=40, segments="0[.]40"),
        of_player(SEEKED, at(45), time_from=40, time_to=100, segments="0[.]40[,]100"),
        of_player(PAUSED, at(75), time=130, segments="0[.]40[,]100[.]130"),
        of_player(PLAYED, at(80), time=5, session="two"),
        of_player(PAUSED, at(99), time=24, session="two"),
    ]
    shuffled = sent + sent[:repeats]
    order.shuffle(shuffled)

    assert set(understood(shuffled).facts) == set(understood(sent).facts)


def answered(question: str, is_correct: bool, second: int = 0, verb: str = ANSWERED, **more: Any) -> dict[str, Any]:
    """An answer as Moodle sends it: with the attempt, the quiz and the course as its parents."""
    parents = [(ATTEMPT, "attempt"), (QUIZ, "assessment"), (f"{HOME_PAGE}/course/2", "course")]
    made = a_statement(
        id=str(uuid4()),
        actor=an_agent(),
        verb={"id": verb},
        object={"id": question, "definition": {"description": {"en": "Which?"}, "interactionType": "choice"}},
        result={"success": is_correct, "response": "a[,]b"},
        context={"contextActivities": {"parent": [a_parent(*parent) for parent in parents]}},
        timestamp=at(second),
    )
    return made | more


def a_parent(parent_id: str, kind: str) -> dict[str, Any]:
    return {"id": parent_id, "definition": {"type": f"{ADL}/{kind}", "name": {"en": kind.title()}}}


def ended(raw: float = 50, second: int = 5, **more: Any) -> dict[str, Any]:
    """The end of the attempt, as Moodle sends it: `scaled` is 0, whatever the score is."""
    parents = [a_parent(QUIZ, "assessment")]
    made = answered(ATTEMPT, True, second, COMPLETED)
    made["object"] = {"id": ATTEMPT, "definition": {"type": f"{ADL}/attempt"}}
    made["result"] = {"score": {"raw": raw, "min": 0, "max": 100, "scaled": 0.0}, "success": True, "duration": "PT1M5S"}
    made["context"] = {"contextActivities": {"parent": parents}}
    return made | more


def test_an_attempt_of_moodle():
    sent = [answered(FIRST, True), answered(SECOND, False, 1), ended()]

    (attempt,) = facts(*sent, kind=Attempt)
    assert (attempt.quiz, attempt.id, attempt.score_percent, attempt.passed) == (QUIZ, ATTEMPT, 50, True)
    assert (attempt.completed_at, attempt.time_taken_seconds) == (moment(5), 65)
    assert [(one.question, one.is_correct, one.answer) for one in facts(*sent, kind=Answer)] == [
        (FIRST, True, "a, b"),
        (SECOND, False, "a, b"),
    ]
    assert facts(*sent, kind=Quiz) == [Quiz(QUIZ, "Assessment", course=f"{HOME_PAGE}/course/2")]
    assert [one.prompt for one in facts(*sent, kind=Question)] == ["Which?", "Which?"]


def test_moodle_sends_again_with_other_ids_and_it_counts_once():
    sent = [answered(FIRST, True), ended()]
    again = [one | {"id": str(uuid4())} for one in sent]

    assert facts(*sent, *again) == facts(*sent)


def test_an_essay_nobody_has_marked_is_an_activity():
    essay = answered(FIRST, True, result={"response": "Because."})

    assert [one.kind for one in facts(essay, kind=Activity)] == ["answered"]
    assert facts(essay, kind=Answer) == []


def evaluated(number: int | None = 3, **more: Any) -> dict[str, Any]:
    extensions = {"extensions": {ATTEMPT_NUMBER: number}} if number else {}
    made = answered(FIRST, False, verb=EVALUATED)
    made["object"] = {"id": QUIZ, "definition": {"interactionType": "choice", **extensions}}
    made["context"] = {}
    made["result"] = {"success": False, "score": {"scaled": 0.25}, "response": '["one", "two"]'}
    return made | more


def test_a_problem_of_open_edx_is_a_quiz_with_one_question():
    sent = evaluated()

    (attempt,) = facts(sent, kind=Attempt)
    assert (attempt.quiz, attempt.number, attempt.score_percent, attempt.id) == (QUIZ, 3, 25, sent["id"])
    assert [(one.question, one.answer) for one in facts(sent, kind=Answer)] == [(QUIZ, "one, two")]


def test_a_problem_of_open_edx_with_several_questions():
    whole = evaluated(None, object={"id": QUIZ, "objectType": "GroupActivity"}, result={"score": {"scaled": 0.5}})
    parts = [
        answered(question, is_correct, verb=EVALUATED, context=of_whole(whole))
        for question, is_correct in ((FIRST, True), (SECOND, False))
    ]

    assert len({meaning(one).group for one in (whole, *parts)}) == 1
    (attempt,) = facts(*parts, whole, kind=Attempt)
    assert (attempt.quiz, attempt.score_percent) == (QUIZ, 50)
    answers = facts(*parts, whole, kind=Answer)
    assert sorted((one.question, one.is_correct) for one in answers) == [(FIRST, True), (SECOND, False)]


def of_whole(whole: dict[str, Any]) -> dict[str, Any]:
    parent = {"id": QUIZ, "objectType": "GroupActivity"}
    return {
        "statement": {"objectType": "StatementRef", "id": whole["id"]},
        "contextActivities": {"parent": [parent]},
    }


def test_a_question_set_of_h5p_ends_with_its_result():
    content = f"{HOME_PAGE}/h5p/5"
    inside = {"contextActivities": {"parent": [{"id": content}]}}
    sent = [
        answered(f"{content}?subContentId=a", True, 1, context=inside),
        answered(f"{content}?subContentId=b", False, 2, context=inside),
        answered(content, True, 3, PASSED, object={"id": content}, result={"score": {"raw": 1, "max": 2}}, context={}),
        answered(f"{content}?subContentId=a", True, 61, context=inside),
        answered(
            content, True, 63, COMPLETED, object={"id": content}, result={"score": {"raw": 2, "max": 2}}, context={}
        ),
    ]

    assert [(one.quiz, one.completed_at, one.score_percent) for one in facts(*sent, kind=Attempt)] == [
        (content, moment(3), 50),
        (content, moment(63), 100),
    ]
    assert len(facts(*sent, kind=Answer)) == 3


@pytest.mark.parametrize(
    ("actor", "who"),
    [
        ({"mbox": "mailto:Ada@Example.com", "name": "Ada"}, Student("ada@example.com", "Ada", "ada@example.com")),
        (an_agent("17", name="Ada"), Student(STUDENT, "Ada")),
        ({"mbox_sha1sum": "AB" * 20}, Student("sha1:" + "ab" * 20)),
        ({"openid": "https://ada.example"}, Student("https://ada.example")),
    ],
)
def test_who_did_it(actor, who):
    assert facts(a_statement(id=str(uuid4()), actor=actor), kind=Student) == [who]


def test_equal_names_of_two_home_pages_are_two_people_and_of_an_own_one_the_id():
    other = {"account": {"homePage": "https://other.example", "name": "17"}}
    here, there = a_statement(id="1"), a_statement(id="2", actor=other)

    assert [one.id for one in facts(here, there, kind=Student)] == [STUDENT, "https://other.example 17"]
    assert understood([here], {HOME_PAGE}).facts[0] == Student("17")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (a_statement(verb={"id": "https://nobody.example/verbs/frobnicated"}), "unknown"),
        (a_statement(actor={"objectType": "Group", "member": [an_agent()]}), "nobody"),
        (a_statement(object={"objectType": "Agent", "mbox": "mailto:bo@example.com"}), "unknown"),
        (a_statement(verb={"id": "http://adlnet.gov/expapi/verbs/interacted"}), "nothing"),
    ],
)
def test_what_is_not_understood_is_told_apart(statement, kind):
    assert meaning(statement) == (kind, None)


def test_an_instant_out_of_the_world_is_left_out():
    told = understood([of_player(PAUSED, "9998-12-31T23:59:59Z", segments="0[.]40")])

    assert (told.facts, [one.column for one in told.refusals]) == ((), ["timestamp"])


def test_a_stretch_that_is_watched_again_from_the_same_second_counts_again():
    sent = [
        of_player(PLAYED, at(0), time=0),
        of_player(PAUSED, at(40), time=40, segments="0[.]40"),
        of_player(PLAYED, at(60), time=0),
        of_player(PAUSED, at(80), time=20, segments="0[.]40[,]0[.]20"),
    ]

    assert facts(*sent, kind=Segment) == [
        Segment(STUDENT, KNOTS, 0, 40, moment(0)),
        Segment(STUDENT, KNOTS, 0, 20, moment(60)),
    ]


def test_stretches_that_are_new_in_the_same_list_were_played_one_after_the_other():
    told = facts(of_player(PAUSED, "2026-03-02T08:10:00Z", segments="0[.]40[,]100[.]130"), kind=Segment)

    assert [one.watched_at for one in told] == [moment(530), moment(570)]
