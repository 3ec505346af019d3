"""The page of one video as a creator sees it."""

import json
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from jobs.media.arrived import check_upload
from queries.videos.spoken_lines import sentence_break, transcript_line
from tests.builders import (
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_retention_curve,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
)
from tests.media_files import an_mp4
from tests.pages.opened import an_account, figures, opened, words
from tests.uploads import sent, told
from ui.shared.text import plain

SPOKEN = "Welcome. Now it gets hard! Are you still there? Goodbye."  # 8, 18, 21 and 8 letters


def a_video_with_a_cliff(**columns: object) -> tuple[ACreator, Row]:
    """Ten students: one completes all 800 seconds, six stop at 517, one at 516, two at 100; they know it from 60 on."""
    video = a_video("Loops", duration_seconds=800, transcript=SPOKEN, **columns)
    stops = [800, *[517] * 6, 516, 100, 100]
    students = [a_student(f"Student {number}") for number in range(len(stops))]
    watches = [a_watch(student, video, seconds=stop) for student, stop in zip(students, stops, strict=True)]
    progress = [
        a_progress(student, video, watch_percentage=stop / 8, completed=stop == 800)
        for student, stop in zip(students, stops, strict=True)
    ]
    return a_creator(video, students, watches, progress), video


def seen(creator: ACreator, video: Row, **address: str) -> str:
    app = opened(an_account(creator), "video", id=str(video.id), **address)
    assert not app.exception
    return words(app)


def test_the_page_says_the_finding_first_and_shows_the_figures() -> None:
    creator, video = a_video_with_a_cliff()

    app = opened(an_account(creator), "video", id=str(video.id))

    assert not app.exception
    assert app.title[0].value == "Loops"
    assert figures(app) == {
        "Views": "10",
        "Unique viewers": "10",
        "Views in 7 days": "10",
        "Completion rate": "10%",
        "Watched on average": "58%",
        "Average drop-off": "53%",
    }
    said = words(app)
    assert f"**{plain('7 of the 8 viewers of “Loops” who get to 8:37 stop there (88%).')}**" in said
    assert "10% of 10 viewers complete it: it may be too long or too difficult." in said
    assert len(app.get("vega_lite_chart")) == 2


def test_a_cliff_is_ranked_first_with_its_line_and_what_to_do() -> None:
    creator, video = a_video_with_a_cliff()

    said = seen(creator, video)

    stops = said[said.index("Where viewers stop") :]
    assert stops.index("**7 viewers**") < stops.index("**2 viewers**")
    assert plain("Are you still there?") in said
    assert plain("points to the content there: cut it, or explain it another way.") in said
    assert "Split it, best at" in said


def test_a_second_of_the_address_is_marked_and_its_line_shown() -> None:
    creator, video = a_video_with_a_cliff()
    app = opened(an_account(creator), "video", id=str(video.id))
    assert "Remove mark" not in words(app)
    assert legend(app) == ["Viewers", "Played again", "Viewers stop here"]

    app.query_params["t"] = "517"
    app.run()

    said = words(app)
    assert "**At 8:37** 1 of 10 viewers watch this second." in said
    assert plain("Are you still there?") in said
    assert "Remove mark" in said
    assert "Marked" in legend(app)


def legend(app: AppTest) -> list[str]:
    """What the curve's legend names."""
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    names: list[str] = spec["layer"][0]["encoding"]["color"]["legend"]["values"]
    return names


@pytest.mark.parametrize("second", ["800", "-1", "x", "", "1e2", "٣", "9" * 400, "5.5"])
def test_a_second_that_is_not_in_the_video_marks_nothing_and_says_so(second: str) -> None:
    creator, video = a_video_with_a_cliff()

    said = seen(creator, video, t=second)

    assert "The link points to a moment after the end of this video, which is 13:20 long." in said
    assert "Remove mark" not in said


def test_a_replayed_section_is_named_with_its_bounds_and_figure() -> None:
    video = a_video(duration_seconds=500)
    students = [a_student() for _ in range(6)]
    watches = [a_watch(student, video, seconds=500) for student in students]
    again = [a_watch(student, video, start_second=400, seconds=60) for student in students]

    said = seen(a_creator(video, students, watches, again), video)

    assert plain("Viewers of “Loops” play 6:40 to 7:40 2.0 times each.") in said
    assert "explain this part more slowly" in said
    assert "Most engaged:" in said
    assert "Least engaged:" in said


def test_without_playback_the_page_says_that_the_curve_is_ready_made() -> None:
    video = a_video(duration_seconds=200, transcript=SPOKEN)
    students = [a_student() for _ in range(6)]
    progress = [a_progress(student, video, completed=True) for student in students]
    creator = a_creator(video, students, progress, a_retention_curve({5: 95, 50: 90, 75: 40, 100: 35}, video))

    app = opened(an_account(creator), "video", id=str(video.id), t="120")

    said = words(app)
    assert not app.exception
    assert "From the 4 points that the platform reports for this video." in said
    assert "The curve falls most **between 1:40 (50%) and 2:30 (75%)**: by 50 of 100." in said
    assert "Without playback data, it is unknown" in said
    assert "**At 2:00**" in said
    assert "viewers watch this second" not in said
    assert len(app.get("vega_lite_chart")) == 1


def test_without_playback_and_curve_it_says_why_nothing_is_drawn() -> None:
    video = a_video()

    said = seen(a_creator(video, a_progress(video=video)), video)

    assert "The platform does not report which seconds of this video were played." in said
    assert "0 of 1 viewer completed it: too few viewers to tell." in said


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("completed", "No student has started this video yet."),
        ("processing", "This video is being processed."),
        ("uploaded", "The file of this video has not arrived yet, or waits to be processed."),
        ("failed", "This video could not be processed"),
    ],
)
def test_without_viewers_it_says_why_and_what_to_do(status: str, why: str) -> None:
    video = a_video(status=status, duration_seconds=None)

    app = opened(an_account(a_creator(video)), "video", id=str(video.id), t="5")

    assert not app.exception
    assert why in words(app)
    assert not app.metric
    assert "This video has no quiz." in words(app)


def test_its_creator_publishes_a_video_and_staff_see_no_button() -> None:
    creator = a_creator(a_video("Loops"))
    upload_id = sent(creator, an_mp4(seconds=90, width=640, height=360))
    check_upload(creator.id, upload_id)
    video_id = told(creator, upload_id).video["id"]

    app = opened(an_account(creator), "video", id=str(video_id))
    assert "This video is not published, so students cannot watch it." in words(app)
    assert "640 × 360 pixels" in words(app)
    next(button for button in app.button if button.label == "Publish").click().run()

    assert not app.exception
    labels = {button.label for button in app.button}
    assert {"Unpublish", "Replace file", "Add transcript"} <= labels
    assert told(creator, upload_id).video["is_published"]


def test_questions_show_people_messages_and_what_is_wrong_with_the_answers() -> None:
    video = a_video()
    students = [a_student() for _ in range(5)]
    asked = [a_chat(a_question("Why <b>0.1</b>?", video=video), an_answer(rating=0), student=one) for one in students]
    open_one = a_chat(a_question("And then?", video=video), student=students[0])

    said = seen(a_creator(video, students, [a_watch(one, video) for one in students], asked, open_one), video)

    assert "5 students asked about this video, in 6 messages." in said
    assert f"**{plain('Why <b>0.1</b>?')}** · 5 students, 5 messages" in said
    assert "Answers rated 0%" in said
    assert "1 unanswered" in said
    assert f"5 students asked “{plain('Why <b>0.1</b>?')}”" in said
    assert plain("Write the answer yourself; the AI's does not help.") in said


def test_quizzes_show_their_pass_rate_and_who_struggles() -> None:
    video = a_video()
    quiz, draft = a_quiz("Loops quiz", video=video), a_quiz("Next quiz", video=video, status="draft", position=1)
    attempts = [an_attempt(quiz=quiz, passed=number == 0) for number in range(5)]

    said = seen(a_creator(video, a_watch(video=video), quiz, draft, attempts), video)

    assert "Loops quiz" in said
    assert "**20%** passed · 1 of 5 attempts" in said
    assert "Mostly failed" in said
    assert plain("4 of 5 attempts at “Loops quiz” by 1 student failed.") in said
    assert "Draft" in said
    assert "No attempt yet." in said


def test_few_viewers_get_no_advice_but_the_reason() -> None:
    video = a_video()

    assert "Too few viewers to tell yet." in seen(a_creator(video, a_watch(video=video)), video)


HOSTILE = "![x](http://evil.example/a.png) <script>alert(1)</script> :red[x] $x^2$ **bold** `code`"


def test_texts_of_people_are_shown_plain_everywhere() -> None:
    video = a_video(HOSTILE, duration_seconds=800, transcript=HOSTILE)
    students = [a_student() for _ in range(5)]
    watches = [a_watch(student, video, seconds=517) for student in students]
    chats = [a_chat(a_question(HOSTILE, video=video), an_answer(rating=0), student=student) for student in students]
    quiz = a_quiz(HOSTILE, video=video)
    attempts = [an_attempt(quiz=quiz, passed=False) for _ in range(5)]

    app = opened(
        an_account(a_creator(video, students, watches, chats, quiz, attempts)), "video", id=str(video.id), t="5"
    )

    said = words(app)
    assert not app.exception
    assert said.count(plain(HOSTILE)) >= 7  # title, line, cliff, advice on it, questions, their advice, quiz
    assert "![x]" not in said
    assert "<script>" not in said
    assert ":red[x]" not in said


@pytest.mark.parametrize("address", ["", "x", "0", "' or 1=1", "00000000-0000-0000-0000-000000000000"])
def test_an_address_without_a_video_says_so(address: str) -> None:
    app = opened(an_account(a_creator(a_video())), "video", id=address)

    assert not app.exception
    assert "Video not found." in words(app)


def test_unknown_deleted_and_foreign_videos_look_the_same_also_after_the_owner_looked() -> None:
    owner, foreign = a_video_with_a_cliff()
    gone = a_video("Gone", deleted_days_ago=3)
    account = an_account(a_creator(a_video("Own"), gone))
    assert plain("who get to 8:37 stop there") in seen(owner, foreign)

    said = {words(opened(account, "video", id=str(one), t="5")) for one in (uuid4(), gone.id, foreign.id)}

    assert len(said) == 1
    assert "Video not found." in said.pop()


def test_staff_see_the_video_too() -> None:
    _creator, video = a_video_with_a_cliff()

    app = opened(an_account(None), "video", id=str(video.id))

    assert plain("who get to 8:37 stop there") in words(app)
    assert words(app).replace("Read-only", "").count(plain("who get to 8:37 stop there")) == 1


@pytest.mark.parametrize(
    ("second", "line"),
    [
        (0, "Welcome."),
        (7.9, "Welcome."),
        (8, "Now it gets hard!"),
        (25, "Are you still there?"),
        (53, "Goodbye."),
        (99, "Goodbye."),
    ],
)
def test_sentences_take_time_by_their_length(second: float, line: str) -> None:
    assert transcript_line(SPOKEN, 53, second) == line  # one letter a second


@pytest.mark.parametrize(("transcript", "length"), [(None, 60), ("", 60), ("  \n", 60), (SPOKEN, None), (SPOKEN, 0)])
def test_without_words_or_length_there_is_no_line(transcript: str | None, length: int | None) -> None:
    assert transcript_line(transcript, length, 3) == ""


@pytest.mark.parametrize(("second", "end"), [(0, 8), (9, 8), (24, 25), (52, 45)])
def test_a_video_is_split_at_the_nearest_end_of_a_sentence(second: int, end: int) -> None:
    assert sentence_break(SPOKEN, 53, second) == end


def test_a_video_of_one_sentence_is_split_where_it_was_asked() -> None:
    assert sentence_break("Only this.", 100, 40) == 40
    assert sentence_break(None, 100, 40) == 40
