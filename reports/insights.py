"""What the figures say to do, in sentences; by the product's usage guide, most people first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from queries.changes import round_half_up
from queries.chat_questions import badly_answered, most_asked, unanswered
from queries.funnel import Drop, most_stuck, steepest_drop
from queries.question_analysis import WRONG_KEY, finding_in_words
from queries.quizzes import struggling_areas
from queries.spoken_lines import timestamp, transcript_line
from queries.video import LOW_COMPLETION
from queries.video_editions import LEAST_VIEWERS

LONGEST_QUOTE = 120  # characters
QUESTIONS_NAMED = 3
MOST_RECOMMENDED = 7

# The left kind says less than each of the right ones about the same video, quiz or question.
SAID_BY = {
    "completion": ("cliff",),
    "quiz": ("wrong_key",),
    "asked": ("badly_answered",),
    "unanswered": ("badly_answered", "asked"),
}


@dataclass(frozen=True)
class Action:
    """One thing to do: how many people it concerns, what was found, and what would help. Plain text.

    `subject` is what it is about: an id of a video or quiz, the key of a question; empty for students.
    """

    people: int
    finding: str
    advice: str
    kind: str
    subject: str = ""


@dataclass(frozen=True)
class VideoFacts:
    """One video with the places where viewers stop and what they play again, from the queries of the same names."""

    video_id: UUID
    title: str
    duration_seconds: int | None
    transcript: str | None
    viewers: int
    completions: int
    drop_offs: pd.DataFrame
    replayed: pd.DataFrame

    @property
    def cliffs(self) -> list[dict[str, Any]]:
        return records(self.drop_offs[self.drop_offs["is_cliff"].astype(bool)])

    @property
    def lost_at_once(self) -> int:
        """Viewers lost at the worst cliff; 0 without one."""
        return max((int(cliff["viewers_lost"]) for cliff in self.cliffs), default=0)

    def line_at(self, second: float) -> str:
        """What is said at this second; empty without a transcript."""
        return quoted(transcript_line(self.transcript, self.duration_seconds, second))


def ranked_actions(
    students: pd.DataFrame,
    steps: pd.DataFrame,
    videos: list[VideoFacts],
    flagged: pd.DataFrame,
    quizzes: pd.DataFrame,
    questions: pd.DataFrame,
) -> list[Action]:
    """Everything worth doing, by the number of people it concerns; equal ones in the order of the guide.

    Takes the frames of `at_risk_students`, `funnel`, `flagged_questions`, `quizzes` and `question_groups`.
    """
    found = [
        *about_silence(students),
        *about_the_course(steps),
        *(action for video in videos for action in about_a_video(video)),
        *about_quiz_questions(flagged),
        *about_quizzes(quizzes),
        *about_questions(questions),
    ]
    return sorted(found, key=lambda action: -action.people)


def recommendations(ranked: Sequence[Action]) -> tuple[Action, ...]:
    """At most seven of them: the first of each kind, so that five quizzes do not hide students who slip away.

    Nothing is named twice: a quiz that is failed because a key is wrong counts for its key.
    """
    told = {(action.kind, action.subject) for action in ranked if action.subject}
    first: dict[str, Action] = {}
    for action in ranked:
        if not any((kind, action.subject) in told for kind in SAID_BY.get(action.kind, ())):
            first.setdefault(action.kind, action)
    return tuple(first.values())[:MOST_RECOMMENDED]


def about_silence(students: pd.DataFrame) -> list[Action]:
    """Students silent for over a week, and for over two; takes `queries.students.at_risk_students`."""
    at_risk, inactive = ((students["engagement_tier"] == tier).sum() for tier in ("at_risk", "inactive"))
    said = []
    if at_risk:
        said.append(
            Action(
                int(at_risk),
                f"{_students(at_risk)} went silent in the last two weeks.",
                "Look at where each of them stopped, and write to them before they are gone.",
                "at_risk",
            )
        )
    if inactive:
        said.append(
            Action(
                int(inactive),
                f"{_students(inactive)} have been silent for over two weeks without finishing.",
                "Invite them back together, with a reason to start again: a re-engagement campaign.",
                "inactive",
            )
        )
    return said


def about_the_course(steps: pd.DataFrame) -> list[Action]:
    """Where most students are stuck, and the steepest drop; takes `queries.funnel.funnel`."""
    stuck, drop = most_stuck(steps), steepest_drop(steps)
    return [*([_stuck(stuck)] if stuck else []), *([_drop(drop)] if drop else [])]


def about_a_video(video: VideoFacts) -> list[Action]:
    """Seconds at which viewers stop, sections they play again, and a low completion rate."""
    return [
        *(_cliff(video, cliff) for cliff in video.cliffs),
        *(_replay(video, stretch) for stretch in records(video.replayed.head(1))),
        *_low_completion(video),
    ]


def about_quiz_questions(flagged: pd.DataFrame) -> list[Action]:
    """Suspected wrong keys and hard questions; takes `queries.question_analysis.flagged_questions`."""
    return [_wrong_key(row) if row["finding"] == WRONG_KEY else _hard(row) for row in records(flagged)]


def about_quizzes(quizzes: pd.DataFrame) -> list[Action]:
    """Quizzes failed more often than passed; takes `queries.quizzes.quizzes`."""
    return [
        Action(
            int(row["students"]),
            f"{row['attempts'] - row['passed']:,} of {row['attempts']:,} attempts at “{row['title']}” failed.",
            "Check whether the video teaches what the quiz asks, and whether its questions mislead.",
            "quiz",
            str(row["quiz_id"]),
        )
        for row in records(struggling_areas(quizzes))
    ]


def about_questions(groups: pd.DataFrame) -> list[Action]:
    """What many ask, what stays unanswered, what is answered badly; takes `queries.chat_questions.question_groups`."""
    left, bad = unanswered(groups), badly_answered(groups)
    return [
        *(
            Action(
                int(row["people"]),
                f"{_students(row['people'])} asked {quoted(row['question'])}.",
                "Answer it in the video or in material beside it: many asking the same means that it is unclear.",
                "asked",
                row["question_key"],
            )
            for row in records(most_asked(groups).head(QUESTIONS_NAMED))
        ),
        *(
            Action(
                int(min(row["people"], row["unanswered"])),
                f"{quoted(row['question'])} was left without an answer {_times(row['unanswered'])}.",
                "Answer it yourself.",
                "unanswered",
                row["question_key"],
            )
            for row in records(left.head(QUESTIONS_NAMED))
        ),
        *(
            Action(
                int(row["people"]),
                f"Answers to {quoted(row['question'])} are rated {round_half_up(100 * row['mean_rating'])} % good.",
                "Write the answer yourself; the AI's does not help.",
                "badly_answered",
                row["question_key"],
            )
            for row in records(bad.head(QUESTIONS_NAMED))
        ),
    ]


def quoted(text: str) -> str:
    """The text in quotation marks, on one line and not too long; empty for nothing."""
    line = " ".join(text.split())
    if not line:
        return ""
    return f"“{line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1].rstrip() + '…'}”"


def _cliff(video: VideoFacts, cliff: dict[str, Any]) -> Action:
    line = video.line_at(cliff["second"])
    said = f", where it says {line}" if line else ""
    return Action(
        int(cliff["viewers_lost"]),
        f"{cliff['viewers_lost']:,} of {cliff['viewers']:,} viewers of “{video.title}” "
        f"stop at {timestamp(cliff['second'])}{said}.",
        "So many leaving at one moment points to the content there: cut it, or explain it in another way.",
        "cliff",
        str(video.video_id),
    )


def _replay(video: VideoFacts, stretch: dict[str, Any]) -> Action:
    span = f"{timestamp(stretch['start_second'])} to {timestamp(stretch['end_second'])}"
    return Action(
        int(stretch["viewers"]),
        f"Viewers of “{video.title}” play {span} {stretch['plays_per_viewer']:.1f} times each.",
        "Explain this part more slowly, or in two steps.",
        "replay",
        str(video.video_id),
    )


def _low_completion(video: VideoFacts) -> list[Action]:
    if video.viewers < LEAST_VIEWERS or 100 * video.completions >= LOW_COMPLETION * video.viewers:
        return []
    share = round_half_up(100 * video.completions / video.viewers)
    return [
        Action(
            video.viewers - video.completions,
            f"Only {share} % of {video.viewers:,} viewers complete “{video.title}”.",
            "It may be too long or too difficult: shorten or split it, or say first what students need to know.",
            "completion",
            str(video.video_id),
        )
    ]


def _stuck(step: dict[str, Any]) -> Action:
    return Action(
        int(step["stuck"]),
        f"{_students(step['stuck'])} are stuck at video {step['place']}, “{step['title']}”.",
        "They began it, did not finish it and started nothing later. Write to them, and see what stops them there.",
        "stuck",
        str(step["video_id"]),
    )


def _drop(drop: Drop) -> Action:
    return Action(
        drop.lost,
        f"{drop.lost:,} of the {drop.reached:,} students who reached “{drop.title}” never got to “{drop.next_title}”.",
        "This is the steepest drop of the course: look at the end of the one and the beginning of the other.",
        "drop",
        str(drop.video_id),
    )


def _wrong_key(row: dict[str, Any]) -> Action:
    return Action(
        int(row["wrong_answer_students"]),
        f"The key of question {row['number']} of “{row['quiz_title']}” may be wrong: {finding_in_words(row)}",
        "Check the answer that is marked as right.",
        "wrong_key",
        str(row["quiz_id"]),
    )


def _hard(row: dict[str, Any]) -> Action:
    return Action(
        int(row["answers"] - row["correct"]),
        f"Question {row['number']} of “{row['quiz_title']}” is hard. {finding_in_words(row)}",
        "Teach this point again, or ask more clearly.",
        "hard",
        str(row["question_id"]),
    )


def _students(count: int) -> str:
    return "1 student" if count == 1 else f"{count:,} students"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
