"""Sentences about videos: how many complete them, where viewers leave, what would help."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from queries.videos.drop_offs import DropOffRow
from queries.videos.library import Library, StandingOutRow
from queries.videos.one_video import RelatedQuestionRow, VideoAnalytics, VideoQuizRow
from queries.videos.playback import CurveRow, SectionRow
from tests.sentences.case import CannotBe, Cases, says
from tests.typed_rows import a_frame, a_row
from ui.videos.findings import Fall, VideoShown

ID = UUID(int=1)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NO_WHOLE = CannotBe("it compares nothing with a whole")
COUNTED = CannotBe("a count of rows is always known")
ONE_COUNT = CannotBe("one count contradicts nothing else")


def a_video(viewers: int, completions: int, rate: float | None = None) -> VideoAnalytics:
    facts = dict.fromkeys(VideoAnalytics.__dataclass_fields__)
    known = {"video_id": ID, "title": "Loops", "duration_seconds": 600, "question_askers": 0}
    counted = {"unique_viewers": viewers, "completions": completions, "completion_rate_percent": rate}
    return VideoAnalytics(**(facts | known | counted))


def a_curve(*shares: float) -> pd.DataFrame:
    places = [100 * place / max(1, len(shares) - 1) for place in range(len(shares))]
    points = [
        {"position_percent": place, "retention_percent": share, "second": 6 * place}
        for place, share in zip(places, shares, strict=True)
    ]
    return a_frame(CurveRow, *points)


def a_page(video: VideoAnalytics, *shares: float, is_played: bool = False) -> VideoShown:
    sections = a_frame(SectionRow, *([{"end_second": 600}] if is_played else []))
    return VideoShown(
        video,
        a_curve(*shares),
        a_frame(DropOffRow),
        sections,
        a_frame(SectionRow),
        a_frame(RelatedQuestionRow),
        a_frame(VideoQuizRow),
    )


def a_fall(start: float, end: float) -> tuple[Any, ...]:
    page = a_page(a_video(6, 0), start, end)
    return page, Fall(*records(page.curve, CurveRow))


def a_library(published: int, *found: tuple[str, float, int]) -> tuple[Any, ...]:
    rows = [
        a_row(StandingOutRow, reason=reason, title=title, completion_rate_percent=rate, unique_viewers=viewers)
        for (reason, rate, viewers), title in zip(found, ("Loops", "Sorting"), strict=False)
    ]
    return Library(published, published, [], None), rows


CASES: Cases = {
    "queries.videos.one_video.completion_band": {
        "empty": says("too few viewers to tell", None, 0),
        "one": says("too few viewers to tell", 100, 1),
        "two": says("too few viewers to tell", 50, 2),
        "all": says("high completion", 100, 15),
        "none": says("may be too long or too difficult", 0, 15),
        "unknown": says("too few viewers to tell", None, 15),
        "contradiction": says("too few viewers to tell", 100, 0),
    },
    "ui.videos.findings.advice": {
        "empty": says(
            ["Too few viewers to tell yet. Come back when at least 5 students have started it."], a_page(a_video(0, 0))
        ),
        "one": says(
            ["Too few viewers to tell yet. Come back when at least 5 students have started it."], a_page(a_video(1, 1))
        ),
        "two": says(
            ["Too few viewers to tell yet. Come back when at least 5 students have started it."], a_page(a_video(4, 0))
        ),
        "all": says(
            ["Nothing stands out: no moment when many viewers leave, nothing replayed, no cluster of questions."],
            a_page(a_video(6, 6, 100), is_played=True),
        ),
        "none": says(
            [
                "**Make “Loops” easier to finish.** None of 6 viewers complete “Loops”\\. It may be too long or too difficult\\: shorten it, or say first what students need to know\\."
            ],
            a_page(a_video(6, 0, 0), is_played=True),
        ),
        "unknown": says(
            ["Nothing stands out. Without playback data, it is unknown when viewers leave and what they replay."],
            a_page(a_video(6, 6, 100)),
        ),
        "contradiction": says(
            ["Nothing stands out. Without playback data, it is unknown when viewers leave and what they replay."],
            a_page(a_video(6, 6, 100), 100, 100),
        ),
    },
    "ui.videos.findings.completion_sentence": {
        "empty": says("0 of 0 viewers completed it: too few viewers to tell.", a_video(0, 0)),
        "one": says("1 of 1 viewer completed it: too few viewers to tell.", a_video(1, 1)),
        "two": says("40% of 5 viewers complete it: average completion.", a_video(5, 2, 40)),
        "all": says("100% of 15 viewers complete it: high completion.", a_video(15, 15, 100)),
        "none": says("0% of 15 viewers complete it: it may be too long or too difficult.", a_video(15, 0, 0)),
        "unknown": says("3 of 15 viewers completed it: too few viewers to tell.", a_video(15, 3)),
        "contradiction": says("99% of 1,000 viewers complete it: high completion.", a_video(1000, 999, 99.9)),
    },
    "ui.videos.findings.fall_sentence": {
        "empty": CannotBe("there is a fall to tell of"),
        "one": says("The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by 1 of 100.", *a_fall(100, 99)),
        "two": says("The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by 2 of 100.", *a_fall(100, 98)),
        "all": says("The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by 100 of 100.", *a_fall(100, 0)),
        "none": CannotBe("there is a fall to tell of"),
        "unknown": CannotBe("a curve's points are always known"),
        "contradiction": says(
            "The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by less than 1 of 100.", *a_fall(100, 99.6)
        ),
    },
    "ui.videos.findings.headline": {
        "empty": says("0 of 0 viewers completed it: too few viewers to tell.", a_page(a_video(0, 0))),
        "one": says(
            "The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by 50 of 100. 1 of 1 viewer completed it: too few viewers to tell.",
            a_page(a_video(1, 1), 100, 50),
        ),
        "two": says("40% of 5 viewers complete it: average completion.", a_page(a_video(5, 2, 40), is_played=True)),
        "all": says("100% of 15 viewers complete it: high completion.", a_page(a_video(15, 15, 100), 100, 100)),
        "none": says(
            "The curve falls most **between 0:00 (0%) and 10:00 (100%)**: by 100 of 100. 0% of 15 viewers complete it: it may be too long or too difficult.",
            a_page(a_video(15, 0, 0), 100, 0),
        ),
        "unknown": says("3 of 15 viewers completed it: too few viewers to tell.", a_page(a_video(15, 3))),
        "contradiction": says(
            "0% of 15 viewers complete it: it may be too long or too difficult.", a_page(a_video(15, 0, 0), 100, 100)
        ),
    },
    "ui.videos.library_findings.library_sentences": {
        "empty": says(["No video is published yet."], *a_library(0)),
        "one": says(
            ["**1** video is published. **“Loops”** is completed by 100% of 5 viewers, high completion."],
            *a_library(1, ("best", 100, 5)),
        ),
        "two": says(
            [
                "**2** videos are published. Students finish **“Loops”** most often (80% of 5 viewers) and **“Sorting”** least often (20% of 5 viewers; it may be too long or too difficult)."
            ],
            *a_library(2, ("best", 80, 5), ("worst", 20, 5)),
        ),
        "all": says(
            ["**2** videos are published. **“Loops”** is completed by 100% of 15 viewers, high completion."],
            *a_library(2, ("best", 100, 15)),
        ),
        "none": says(
            [
                "**2** videos are published. **“Loops”** is completed by 0% of 15 viewers; it may be too long or too difficult."
            ],
            *a_library(2, ("best", 0, 15)),
        ),
        "unknown": says(
            [
                "**2** videos are published. None has 5 viewers yet, so it is too early to say which videos students finish."
            ],
            *a_library(2),
        ),
        "contradiction": says(
            [
                "**1** video is published. **“Loops”** is completed by 99% of 1,000 viewers, high completion.",
                ":material/error: **“Sorting”** could not be processed; replace the file.",
            ],
            *a_library(1, ("best", 99.9, 1000), ("failed", 0, 0)),
        ),
    },
}
