"""Common questions, unanswered ones, and badly answered ones."""

import pandas as pd

from database.frames import records
from findings.finding import Finding
from findings.videos import VideoFacts
from queries.chat.questions import QuestionGroupRow, badly_answered, most_asked, unanswered
from queries.periods.changes import share_percent
from queries.videos.one_video import RelatedQuestionRow
from rules.formatting import counted, percent, quoted, students, times
from rules.limits import MANY_ASKERS, MANY_ASKERS_SHARE, OFTEN_UNANSWERED_SHARE
from rules.sentences import sentence

QUESTIONS_NAMED = 3  # of each kind
Asked = QuestionGroupRow | RelatedQuestionRow


def about_questions(groups: pd.DataFrame) -> list[Finding]:
    """The first of each kind; takes `queries.chat.questions.question_groups`."""
    left = unanswered(groups)
    often = left[left["unanswered"] >= OFTEN_UNANSWERED_SHARE * left["messages"]]
    return [
        *(_asked(row) for row in records(most_asked(groups).head(QUESTIONS_NAMED), QuestionGroupRow)),
        *(_unanswered(row) for row in records(often.head(QUESTIONS_NAMED), QuestionGroupRow)),
        *(_badly_answered(row) for row in records(badly_answered(groups).head(QUESTIONS_NAMED), QuestionGroupRow)),
    ]


@sentence
def all_answered(asked: int) -> str:
    """That no question is left, in words that match how many were asked."""
    if not asked:
        return "No questions were asked in this time."
    if asked <= 2:
        return "The only question was answered." if asked == 1 else "Both questions were answered."
    return f"All {counted(asked, 'question')} were answered."


def about_questions_of_a_video(groups: pd.DataFrame, video: VideoFacts, askers: int) -> list[Finding]:
    """Common and badly answered questions about a video; takes `one_video.related_questions`."""
    top = records(groups.head(1), RelatedQuestionRow)
    said = []
    if top and top[0].people >= MANY_ASKERS:
        said.append(_asked(top[0]))
    elif askers >= max(MANY_ASKERS, MANY_ASKERS_SHARE * video.viewers):
        said.append(_many_ask(video, askers))
    return [
        *said,
        *(_badly_answered(row) for row in records(badly_answered(groups).head(QUESTIONS_NAMED), RelatedQuestionRow)),
    ]


def _asked(row: Asked) -> Finding:
    return Finding(
        "asked",
        row.people,
        f"{students(row.people)} asked {quoted(row.question)}{_mostly_about(row)}.",
        f"Answer {quoted(row.question)} in the video",
        "Answer it in the video or in extra material: if many ask the same question, something is unclear.",
        *_place(row),
    )


def _many_ask(video: VideoFacts, askers: int) -> Finding:
    share = share_percent(askers, video.viewers)
    compared = f", {percent(share)} of its viewers" if share and share <= 100 else ""
    return Finding(
        "many_ask",
        askers,
        f"{students(askers)} asked about “{video.title}”{compared}.",
        f"Add material to “{video.title}”",
        "Look through their questions: what many ask about is worth an exercise, a text, or another example.",
        "video",
        (("id", str(video.video_id)),),
        str(video.video_id),
        video.title,
    )


def _unanswered(row: QuestionGroupRow) -> Finding:
    return Finding(
        "unanswered",
        min(row.people, row.unanswered),
        f"{quoted(row.question)} went unanswered {times(row.unanswered)}.",
        f"Answer {quoted(row.question)}",
        "Answer it yourself.",
        *_place(row),
    )


def _badly_answered(row: Asked) -> Finding:
    return Finding(
        "badly_answered",
        row.people,
        f"Answers to {quoted(row.question)} are rated {percent(100 * (row.mean_rating or 0))} helpful.",
        f"Write the answer to {quoted(row.question)} yourself",
        "Write the answer yourself; the AI's does not help.",
        *_place(row),
    )


def _mostly_about(row: Asked) -> str:
    titles = row.video_titles if isinstance(row, QuestionGroupRow) else []
    return f", mostly while watching {quoted(titles[0])}" if titles else ""


def _place(row: Asked) -> tuple[str, tuple[tuple[str, str], ...], str, str]:
    """Page, parameters, subject and title of a question."""
    return "chat", (), row.question_key, row.question
