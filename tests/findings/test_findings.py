"""What the figures recommend, each from one planted fact."""

from uuid import uuid4

import pandas as pd

from findings.finding import Finding
from findings.people import about_silence, about_the_course
from findings.questions import about_questions
from findings.quizzes import about_quiz_questions, about_quizzes
from findings.ranking import ranked, recommended
from findings.videos import VideoFacts, about_a_video
from queries.chat.questions import QuestionGroupRow
from queries.courses.funnel import FunnelRow
from queries.quizzes.question_analysis import QuestionRow
from queries.videos.drop_offs import DropOffRow
from queries.videos.playback import SectionRow
from rules.formatting import quoted
from tests.typed_rows import a_frame


def test_silent_students_are_counted_by_how_long_they_are_silent():
    students = pd.DataFrame({"engagement_tier": ["at_risk", "inactive", "inactive"]})

    at_risk, inactive = about_silence(students)

    assert (at_risk.people, inactive.people) == (1, 2)
    assert at_risk.sentence == "1 student stopped coming in the last two weeks."
    assert "re-engagement" in inactive.advice


def test_a_cliff_names_the_second_and_what_is_said_there():
    video = a_video(
        drop_offs=[{"second": 517, "viewers_lost": 23, "viewers_reached": 46, "lost_percent": 50.0, "is_cliff": True}],
        transcript="Long before. " * 50 + "Half price tickets. " + "Afterwards. " * 60,
        duration_seconds=1_200,
    )

    (cliff, *_) = about_a_video(video)

    assert cliff.people == 23
    assert cliff.sentence == "23 of the 46 viewers of “Loops” who get to 8:37 stop there (50%)."
    assert cliff.told == f"{cliff.sentence} The video says there: “{cliff.quote}”"
    assert cliff.quote == "Long before."


def test_a_place_where_few_stop_is_no_cliff():
    video = a_video(drop_offs=[{"second": 517, "viewers_lost": 2, "is_cliff": False}])

    assert about_a_video(video) == []


def test_a_replayed_section_is_named_from_second_to_second():
    video = a_video(replayed=[{"start_second": 638, "end_second": 702, "viewers": 20, "plays_per_viewer": 2.14}])

    (replay,) = about_a_video(video)

    assert replay.people == 20
    assert replay.sentence == "Viewers of “Loops” play 10:38 to 11:42 2.1 times each."


def test_completion_below_30_percent_is_called_low_and_30_is_not():
    (low,) = about_a_video(a_video(viewers=100, completions=29))

    assert low.people == 71
    assert low.sentence == "Only 29% of 100 viewers complete “Loops”."
    assert about_a_video(a_video(viewers=100, completions=30)) == []


def test_a_long_video_that_most_do_not_complete_is_better_split_up_to_60_percent():
    spoken = "Before. " * 40 + "Half price tickets. " + "Afterwards. " * 40
    (said,) = about_a_video(a_video(viewers=100, completions=60, duration_seconds=1_200, transcript=spoken))
    (low,) = about_a_video(a_video(viewers=100, completions=20, duration_seconds=1_200))

    assert (said.kind, said.sentence) == ("long", "60% of 100 viewers complete “Loops”, which is 20:00 long.")
    assert "Split it, best at 9:53" in said.advice
    assert "where a sentence ends" in said.advice
    assert (low.kind, low.sentence) == ("completion", "Only 20% of 100 viewers complete “Loops”, which is 20:00 long.")
    assert low.advice == "Split it, best at 10:00: shorter videos are easier to finish."
    assert about_a_video(a_video(viewers=100, completions=61, duration_seconds=1_200)) == []
    assert about_a_video(a_video(viewers=100, completions=60, duration_seconds=600)) == []


def test_four_viewers_are_too_few_to_judge_a_video():
    assert about_a_video(a_video(viewers=4, completions=0)) == []


def test_hard_questions_and_wrong_keys_are_told_apart():
    key, hard = about_quiz_questions(
        a_frame(QuestionRow, a_question(finding="wrong_key"), a_question(finding="hard", number=3))
    )

    assert (key.kind, key.people) == ("wrong_key", 66)
    assert "The answer key of question 2 in “Quiz” may be wrong: 66 of 116 chose “B”" in key.sentence
    assert (hard.kind, hard.people) == ("hard", 86)
    assert "Question 3 in “Quiz” is hard. Only 30 of 116" in hard.sentence


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

    assert said.sentence == "7 of 9 attempts at “Tough” by 7 students failed."


def test_stuck_students_and_the_steepest_drop_are_named():
    stuck, drop = about_the_course(
        a_frame(
            FunnelRow,
            {"place": 1, "title": "One", "reached": 20, "stuck": 2},
            {"place": 2, "title": "Two", "reached": 18, "stuck": 9},
            {"place": 3, "title": "Three", "reached": 6},
        )
    )

    assert (stuck.people, stuck.sentence) == (9, "9 students are stuck at video 2, “Two”.")
    assert (drop.people, drop.sentence) == (12, "12 of the 18 students who reached “Two” never got to “Three”.")


def test_questions_many_ask_or_nobody_answers_become_actions():
    common = a_group("Why?", people=5, messages=6, unanswered=3, ratings=3, mean_rating=0.1)
    once = a_group("How?", people=1, messages=1)

    asked, left, bad = about_questions(a_frame(QuestionGroupRow, common, once))

    assert asked.sentence == "5 students asked “Why?”."
    assert left.sentence == "“Why?” went unanswered 3 times."
    assert bad.sentence == "Answers to “Why?” are rated 10% helpful."
    assert (asked.people, left.people, bad.people) == (5, 3, 5)


def test_what_concerns_most_people_comes_first():
    students = pd.DataFrame({"engagement_tier": ["at_risk"] * 3 + ["inactive"] * 8})
    video = a_video(viewers=100, completions=10)

    found = ranked([*about_silence(students), *about_a_video(video)])

    assert [(one.kind, one.people) for one in found] == [("completion", 90), ("inactive", 8), ("at_risk", 3)]


def test_of_nobody_nothing_is_found():
    assert about_silence(pd.DataFrame({"engagement_tier": []})) == []


def test_one_of_each_kind_is_recommended_the_one_that_concerns_most_people():
    found = [a_finding(9, "hard", "a"), a_finding(8, "hard", "b"), a_finding(2, "at_risk")]

    assert [one.people for one in recommended(found)] == [9, 2]


def test_a_quiz_that_is_failed_because_of_its_key_is_recommended_once():
    found = [a_finding(40, "quiz", "same"), a_finding(30, "wrong_key", "same"), a_finding(20, "quiz", "another")]

    assert [(one.kind, one.people) for one in recommended(found)] == [("wrong_key", 30), ("quiz", 20)]


def test_a_question_is_recommended_once_by_what_says_most_about_it():
    found = [a_finding(5, "asked", "why"), a_finding(5, "badly_answered", "why"), a_finding(2, "unanswered", "why")]

    assert [one.kind for one in recommended(found)] == ["badly_answered"]


def test_at_most_seven_things_are_recommended():
    found = [a_finding(20 - place, f"kind {place}") for place in range(9)]

    assert [one.people for one in recommended(found)] == [20, 19, 18, 17, 16, 15, 14]


def test_a_quotation_is_one_line_and_not_too_long():
    assert quoted(" a\n b ") == "“a b”"
    assert len(quoted("word " * 100)) <= 122
    assert quoted("  ") == ""


def a_finding(people, kind, subject=""):
    return Finding(kind, people, "Found.", "Do it", "Do.", "quiz", (("id", subject),), subject)


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


def a_video(viewers=60, completions=50, drop_offs=(), replayed=(), transcript=None, duration_seconds=590):
    return VideoFacts(
        video_id=uuid4(),
        title="Loops",
        duration_seconds=duration_seconds,
        transcript=transcript,
        viewers=viewers,
        completions=completions,
        drop_offs=a_frame(DropOffRow, *drop_offs),
        replayed=a_frame(SectionRow, *replayed),
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
