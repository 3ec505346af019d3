"""What happened in the period, in sentences with numbers."""

from collections.abc import Iterator

from database.frames import records
from queries.labels import TIERS
from queries.overview.engagement import HourRow
from queries.periods.phrases import in_compared, in_period
from reports.snapshot.figures import Snapshot
from rules.formatting import (
    about_minutes,
    agreeing,
    counted,
    grouped,
    hour_of_day,
    out_of,
    percent,
    percent_of_people,
    quoted,
)
from rules.sentences import sentence

SLIPPING = ("at_risk", "inactive")


@sentence
def summary(found: Snapshot) -> tuple[str, ...]:
    """Sentences as plain text, the most important first; figures that are not available are not mentioned."""
    if not found.has_students:
        return ("No students have enrolled yet.",)
    return (*_people(found), *_when(found), *_tiers(found), *_course(found), *_quizzes(found), *_questions(found))


def _people(found: Snapshot) -> Iterator[str]:
    active, total = found.active, found.stats.total_students
    share = 100 * active.active_students / total
    changed = _changed(_change_of_active(found), f"than {in_compared(found.period)}")
    yield (
        f"{out_of(active.active_students, total, 'student')} ({percent_of_people(share)}) "
        f"{agreeing(active.active_students, 'was', 'were')} active "
        f"{in_period(found.period)}{changed}."
    )
    if found.stats.new_this_month:
        yield (
            f"{counted(found.stats.new_this_month, 'student')} enrolled this month, "
            f"{grouped(found.stats.new_last_month)} in the same days of last month."
        )


def _when(found: Snapshot) -> Iterator[str]:
    busiest = max(records(found.hours, HourRow), key=lambda hour: hour.signs_of_life)
    if not busiest.signs_of_life:
        return
    minutes = found.session_minutes
    visit = "" if minutes is None else f"; a visit lasts {about_minutes(minutes)} on average"
    yield f"The busiest hour of the day starts at {hour_of_day(busiest.hour)}{visit}."


def _tiers(found: Snapshot) -> Iterator[str]:
    of_tier = found.tiers.groupby("engagement_tier")["students"].sum().to_dict()
    slipping = [(tier, int(of_tier.get(tier, 0))) for tier in SLIPPING]
    if any(count for _, count in slipping):
        said = " and ".join(f"{grouped(count)} {agreeing(count)} {TIERS[tier].lower()}" for tier, count in slipping)
        unfinished = len(found.at_risk)
        have = agreeing(unfinished, "has", "have")
        yield f"Of all students, {said}; {grouped(unfinished)} of them {have} not finished the course."


def _course(found: Snapshot) -> Iterator[str]:
    rate = found.stats.avg_completion_percent
    if rate is not None:
        yield f"Students watch {percent(float(rate))} of a video they start, on average."


def _quizzes(found: Snapshot) -> Iterator[str]:
    results = found.results
    if results.pass_rate_percent is not None:
        before = results.pass_rate_percent_before
        compared = "" if before is None else f", after {percent(before)} {in_compared(found.period)}"
        yield (
            f"{counted(results.students, 'student')} took {counted(results.attempts, 'quiz attempt')}; "
            f"{percent(results.pass_rate_percent)} passed{compared}."
        )


def _questions(found: Snapshot) -> Iterator[str]:
    asked = int(found.daily_questions.loc[found.daily_questions["window"] == "this", "questions"].sum())
    if not asked or found.questions.empty:
        return
    top = found.questions.iloc[0]
    common = f"; the one most asked, by {counted(int(top.people), 'student')}, is {quoted(top.question)}"
    yield f"Students asked {counted(asked, 'question')}{common if top.people > 1 else ', no two of them the same'}."


def _change_of_active(found: Snapshot) -> int | None:
    return next(figure.change for figure in found.key_figures if figure.name == "active_in_period")


def _changed(change: int | None, than: str) -> str:
    if not change:
        return ""
    return f", {percent(abs(change))} {'more' if change > 0 else 'fewer'} {than}"
