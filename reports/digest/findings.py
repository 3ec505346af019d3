"""The content of a digest: videos that lose viewers, quizzes and questions that do not work."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from queries.changes import round_half_up, whole_rate
from queries.chat_questions import QuestionFilters, badly_answered, question_groups
from queries.digest_items import ListedItems
from queries.periods import WEEK
from queries.question_analysis import WRONG_KEY, finding_in_words, flagged_questions
from queries.quizzes import quizzes, struggling_areas
from queries.spoken_lines import timestamp, transcript_line, transcripts
from queries.students import PAGE_LIMIT
from queries.video_drop_offs import cliffs
from queries.videos import VideoFilters, videos
from reports.addresses import page_url
from reports.digest.content import Item, Section
from reports.words import counted, in_one_line

SHOWN = 3
VIDEOS_LOOKED_AT = 12  # of those watched in the week, the ones that most viewers did not finish
LONGEST_LINE = 240  # characters of what is said in a video


@dataclass(frozen=True)
class Findings:
    videos: Section
    quizzes: Section
    quiz_questions: Section
    questions: Section
    wrong_keys: tuple[Item, ...]
    keys: tuple[tuple[str, str], ...]  # (kind, key) of all, shown or not


def findings(creator_id: UUID, before: ListedItems | None) -> Findings:
    """What stands out now, the worst first."""
    losing = _videos_losing_viewers(creator_id, _known(before, "video"))
    struggling = [_quiz(row, _known(before, "quiz")) for row in records(struggling_areas(quizzes.fresh(creator_id)))]
    flagged = [
        (row["finding"], _quiz_question(row, _known(before, "quiz_question")))
        for row in records(flagged_questions.fresh(creator_id))
    ]
    asked = _questions(creator_id, _known(before, "question"))
    lists = {"video": losing, "quiz": struggling, "quiz_question": [item for _, item in flagged], "question": asked}
    return Findings(
        videos=_section(losing, "videos"),
        quizzes=_section(struggling, "quizzes"),
        quiz_questions=_section(lists["quiz_question"], "quizzes"),
        questions=_section(asked, "chat"),
        wrong_keys=tuple(item for finding, item in flagged if finding == WRONG_KEY),
        keys=tuple((kind, item.key) for kind, items in lists.items() for item in items),
    )


def _videos_losing_viewers(creator_id: UUID, known: frozenset[str] | None) -> list[Item]:
    """Videos watched in the week that lose many viewers at one moment, most viewers lost first."""
    library = records(videos.fresh(creator_id, VideoFilters(status="completed", limit=PAGE_LIMIT)).videos)
    watched = [row for row in library if row["views_7d"] > 0]
    unfinished = sorted(watched, key=lambda row: row["completions"] - row["unique_viewers"])[:VIDEOS_LOOKED_AT]
    if not unfinished:
        return []
    rows = {row["video_id"]: row for row in unfinished}
    worst: dict[UUID, dict[str, Any]] = {}
    for cliff in records(cliffs.fresh(creator_id, tuple(rows))):
        worst.setdefault(cliff["video_id"], cliff)
    said = {row["video_id"]: row for row in records(transcripts.fresh(creator_id, tuple(worst)))} if worst else {}
    return [_video(rows[video_id], cliff, said[video_id], known) for video_id, cliff in worst.items()]


def _video(row: dict[str, Any], cliff: dict[str, Any], said: dict[str, Any], known: frozenset[str] | None) -> Item:
    key, second = str(row["video_id"]), cliff["second"]
    line = transcript_line(said["transcript"], said["duration_seconds"], second)
    return Item(
        key=key,
        title=in_one_line(row["title"]),
        detail=(
            f"{cliff['viewers_lost']:,} of the {counted(int(cliff['viewers_reached']), 'viewer')} who get to "
            f"{timestamp(second)} stop there ({whole_rate(cliff['lost_percent'])} %)."
        ),
        url=page_url("video", id=key),
        people=int(cliff["viewers_lost"]),
        quote=in_one_line(line, LONGEST_LINE),
        is_new=_is_new(key, known),
    )


def _quiz(row: dict[str, Any], known: frozenset[str] | None) -> Item:
    key, failed = str(row["quiz_id"]), row["attempts"] - row["passed"]
    return Item(
        key=key,
        title=in_one_line(row["title"]),
        detail=f"{failed:,} of {counted(row['attempts'], 'attempt')} by {counted(row['students'], 'student')} failed.",
        url=page_url("quiz", id=key),
        people=int(row["students"]),
        is_new=_is_new(key, known),
    )


def _quiz_question(row: dict[str, Any], known: frozenset[str] | None) -> Item:
    key = str(row["question_id"])
    what = "The key may be wrong" if row["finding"] == WRONG_KEY else "Hard"
    return Item(
        key=key,
        title=f"{in_one_line(row['quiz_title'])}, question {row['number']}: {in_one_line(row['prompt'])}",
        detail=f"{what}: {in_one_line(finding_in_words(row), LONGEST_LINE)}",
        url=page_url("quiz", id=row["quiz_id"]),
        people=int(row["answers"] - row["correct"]),
        is_new=_is_new(key, known),
    )


def _questions(creator_id: UUID, known: frozenset[str] | None) -> list[Item]:
    """Questions of the week that were rated badly, or left without an answer every second time; most people first."""
    groups = question_groups.fresh(creator_id, QuestionFilters(WEEK))
    badly = set(badly_answered(groups)["question_key"])
    left = groups["unanswered"].gt(0) & groups["unanswered"].mul(2).ge(groups["messages"])
    open_ones = groups[left | groups["question_key"].isin(badly)]
    ordered = open_ones.sort_values(["people", "messages"], ascending=False, kind="stable")
    return [_question(row, known) for row in records(ordered)]


def _question(row: dict[str, Any], known: frozenset[str] | None) -> Item:
    asked = f"Asked by {counted(row['people'], 'student')}, {counted(row['messages'], 'time')}"
    left = f"{counted(row['unanswered'], 'time')} without an answer" if row["unanswered"] else ""
    rated = "" if pd.isna(row["mean_rating"]) else f"answers rated {round_half_up(100 * row['mean_rating'])} %"
    return Item(
        key=row["question_key"],
        title=in_one_line(row["question"]),
        detail=", ".join(part for part in (asked, left, rated) if part) + ".",
        url=page_url("chat", period=WEEK.key),
        people=int(row["people"]),
        is_new=_is_new(row["question_key"], known),
    )


def _section(items: list[Item], page: str) -> Section:
    return Section(tuple(items[:SHOWN]), len(items), page_url(page))


def _known(before: ListedItems | None, kind: str) -> frozenset[str] | None:
    return before.of(kind) if before else None


def _is_new(key: str, known: Iterable[str] | None) -> bool:
    """Whether the last digest did not list it; without a last digest nothing is called new."""
    return known is not None and key not in known
