"""What the figures say to do, each from one planted fact."""

from uuid import uuid4

import pandas as pd

from reports.insights import (
    Action,
    VideoFacts,
    about_a_video,
    about_questions,
    about_quiz_questions,
    about_quizzes,
    about_silence,
    about_the_course,
    quoted,
    ranked_actions,
    recommendations,
)


def test_silent_students_are_counted_by_how_long_they_are_silent():
    students = pd.DataFrame({"engagement_tier": ["at_risk", "inactive", "inactive"]})

    at_risk, inactive = about_silence(students)

    assert (at_risk.people, inactive.people) == (1, 2)
    assert at_risk.finding == "1 student went silent in the last two weeks."
    assert "re-engagement" in inactive.advice


def test_a_cliff_names_the_second_and_what_is_said_there():
    video = a_video(
        drop_offs=[{"second": 517, "viewers_lost": 23, "viewers": 60, "is_cliff": True}],
        transcript="Long before. " * 50 + "Half price tickets. " + "Afterwards. " * 60,
    )

    (cliff, *_) = about_a_video(video)

    assert cliff.people == 23
    assert "23 of 60 viewers of “Loops” stop at 8:37, where it says “" in cliff.finding


def test_a_place_where_few_stop_is_no_cliff():
    video = a_video(drop_offs=[{"second": 517, "viewers_lost": 2, "viewers": 60, "is_cliff": False}])

    assert about_a_video(video) == []


def test_a_replayed_section_is_named_from_second_to_second():
    video = a_video(replayed=[{"start_second": 638, "end_second": 702, "viewers": 20, "plays_per_viewer": 2.14}])

    (replay,) = about_a_video(video)

    assert replay.people == 20
    assert replay.finding == "Viewers of “Loops” play 10:38 to 11:42 2.1 times each."


def test_completion_below_30_percent_is_called_low_and_30_is_not():
    (low,) = about_a_video(a_video(viewers=100, completions=29))

    assert low.people == 71
    assert low.finding == "Only 29 % of 100 viewers complete “Loops”."
    assert about_a_video(a_video(viewers=100, completions=30)) == []


def test_four_viewers_are_too_few_to_judge_a_video():
    assert about_a_video(a_video(viewers=4, completions=0)) == []


def test_hard_questions_and_wrong_keys_are_told_apart():
    key, hard = about_quiz_questions(
        pd.DataFrame([a_question(finding="wrong_key"), a_question(finding="hard", number=3)])
    )

    assert (key.kind, key.people) == ("wrong_key", 66)
    assert "The key of question 2 of “Quiz” may be wrong: 66 of 116 chose “B”" in key.finding
    assert (hard.kind, hard.people) == ("hard", 86)
    assert "Question 3 of “Quiz” is hard. Only 30 of 116" in hard.finding


def test_a_quiz_that_is_mostly_failed_is_named():
    quizzes = pd.DataFrame(
        [
            {
                "quiz_id": "easy",
                "title": "Easy",
                "attempts": 9,
                "passed": 8,
                "students": 7,
                "pass_rate_percent": 88.9,
                "is_struggling": False,
            },
            {
                "quiz_id": "tough",
                "title": "Tough",
                "attempts": 9,
                "passed": 2,
                "students": 7,
                "pass_rate_percent": 22.2,
                "is_struggling": True,
            },
        ]
    )

    (said,) = about_quizzes(quizzes)

    assert said.finding == "7 of 9 attempts at “Tough” failed."


def test_stuck_students_and_the_steepest_drop_are_named():
    stuck, drop = about_the_course(
        pd.DataFrame(
            [
                {"place": 1, "video_id": "a", "title": "One", "reached": 20, "stuck": 2},
                {"place": 2, "video_id": "b", "title": "Two", "reached": 18, "stuck": 9},
                {"place": 3, "video_id": "c", "title": "Three", "reached": 6, "stuck": 0},
            ]
        )
    )

    assert (stuck.people, stuck.finding) == (9, "9 students are stuck at video 2, “Two”.")
    assert (drop.people, drop.finding) == (12, "12 of the 18 students who reached “Two” never got to “Three”.")


def test_questions_many_ask_or_nobody_answers_become_actions():
    common = a_group("Why?", people=5, messages=6, unanswered=2, ratings=3, mean_rating=0.1)
    once = a_group("How?", people=1, messages=1)

    asked, left, bad = about_questions(pd.DataFrame([common, once]))

    assert asked.finding == "5 students asked “Why?”."
    assert left.finding == "“Why?” was left without an answer 2 times."
    assert bad.finding == "Answers to “Why?” are rated 10 % good."
    assert (asked.people, left.people, bad.people) == (5, 2, 5)


def test_what_concerns_most_people_comes_first():
    students = pd.DataFrame({"engagement_tier": ["at_risk"] * 3 + ["inactive"] * 8})
    video = a_video(viewers=100, completions=10)

    actions = ranked_actions(students, NO_STEPS, [video], pd.DataFrame(), NO_QUIZZES, NO_QUESTIONS)

    assert [(action.kind, action.people) for action in actions] == [("completion", 90), ("inactive", 8), ("at_risk", 3)]


def test_nothing_to_say_is_no_action():
    nobody = pd.DataFrame({"engagement_tier": []})

    assert ranked_actions(nobody, NO_STEPS, [], pd.DataFrame(), NO_QUIZZES, NO_QUESTIONS) == []


def test_one_of_each_kind_is_recommended_the_one_that_concerns_most_people():
    ranked = [an_action(9, "hard", "a"), an_action(8, "hard", "b"), an_action(2, "at_risk")]

    assert [action.people for action in recommendations(ranked)] == [9, 2]


def test_a_quiz_that_is_failed_because_of_its_key_is_recommended_once():
    ranked = [an_action(40, "quiz", "same"), an_action(30, "wrong_key", "same"), an_action(20, "quiz", "another")]

    assert [(action.kind, action.people) for action in recommendations(ranked)] == [("wrong_key", 30), ("quiz", 20)]


def test_a_question_is_recommended_once_by_what_says_most_about_it():
    ranked = [an_action(5, "asked", "why"), an_action(5, "badly_answered", "why"), an_action(2, "unanswered", "why")]

    assert [action.kind for action in recommendations(ranked)] == ["badly_answered"]


def test_at_most_seven_things_are_recommended():
    ranked = [an_action(20 - place, f"kind {place}") for place in range(9)]

    assert [action.people for action in recommendations(ranked)] == [20, 19, 18, 17, 16, 15, 14]


def test_a_quotation_is_one_line_and_not_too_long():
    assert quoted(" a\n b ") == "“a b”"
    assert len(quoted("word " * 100)) <= 122
    assert quoted("  ") == ""


def an_action(people, kind, subject=""):
    return Action(people, "Found.", "Do.", kind, subject)


def a_group(question, people, messages, unanswered=0, ratings=0, mean_rating=float("nan")):
    return {
        "question": question,
        "question_key": question.lower(),
        "people": people,
        "messages": messages,
        "unanswered": unanswered,
        "ratings": ratings,
        "mean_rating": mean_rating,
    }


NO_STEPS = pd.DataFrame({"place": [], "video_id": [], "title": [], "reached": [], "stuck": []})
NO_QUIZZES = pd.DataFrame({"is_struggling": pd.Series([], dtype=bool), "pass_rate_percent": [], "attempts": []})
NO_QUESTIONS = pd.DataFrame(
    {"question": [], "people": [], "messages": [], "unanswered": [], "ratings": [], "mean_rating": []}
)


def a_video(viewers=60, completions=50, drop_offs=(), replayed=(), transcript=None):
    return VideoFacts(
        video_id=uuid4(),
        title="Loops",
        duration_seconds=1_200,
        transcript=transcript,
        viewers=viewers,
        completions=completions,
        drop_offs=pd.DataFrame(list(drop_offs), columns=["second", "viewers_lost", "viewers", "is_cliff"]),
        replayed=pd.DataFrame(list(replayed), columns=["start_second", "end_second", "viewers", "plays_per_viewer"]),
    )


def a_question(finding, number=2):
    return {
        "finding": finding,
        "number": number,
        "quiz_id": "quiz",
        "question_id": f"question {number}",
        "quiz_title": "Quiz",
        "prompt": "What?",
        "correct_answer": "A",
        "answers": 116,
        "correct": 30,
        "correct_percent": 25.9,
        "wrong_answer": "B",
        "wrong_answer_students": 66,
        "wrong_answer_rest_percent": 87.0,
        "keyed_rest_percent": 50.0,
    }
