"""What happened in the period, in sentences with numbers: the first thing a reader of a report wants."""

from collections.abc import Iterator
from operator import itemgetter

from database.frames import records
from queries.changes import round_half_up, share_percent
from queries.words import TIERS
from reports.insights import quoted
from reports.snapshot import Snapshot

SLIPPING = ("at_risk", "inactive")


def summary(found: Snapshot) -> tuple[str, ...]:
    """Sentences as plain text, the most telling first; what there are no figures of is not mentioned."""
    if not found.has_students:
        return ("No student has enrolled yet.",)
    return (*_people(found), *_when(found), *_tiers(found), *_course(found), *_quizzes(found), *_questions(found))


def _people(found: Snapshot) -> Iterator[str]:
    active, total = found.active, found.stats.total_students
    share = share_percent(active.active_students, total)
    changed = _changed(active.change_percent, "than in the period before")
    yield (
        f"{active.active_students:,} of {_counted(total, 'student')} ({share} %) were active "
        f"in the last {found.period.label}{changed}."
    )
    if found.stats.new_this_month:
        yield (
            f"{_counted(found.stats.new_this_month, 'student')} enrolled this month, "
            f"{found.stats.new_last_month:,} in as many days of last month."
        )


def _when(found: Snapshot) -> Iterator[str]:
    busiest = max(records(found.hours), key=itemgetter("signs_of_life"))
    if not busiest["signs_of_life"]:
        return
    minutes = found.session_minutes
    visit = "" if minutes is None else f"; a visit lasts {_counted(round_half_up(minutes), 'minute')} on average"
    yield f"The busiest hour of the day begins at {busiest['hour']:02d}:00{visit}."


def _tiers(found: Snapshot) -> Iterator[str]:
    counted = found.tiers.groupby("engagement_tier")["students"].sum().to_dict()
    slipping = [(tier, int(counted.get(tier, 0))) for tier in SLIPPING]
    if any(count for _, count in slipping):
        said = " and ".join(f"{count:,} are {TIERS[tier].lower()}" for tier, count in slipping)
        yield f"Of all students {said}; {len(found.at_risk):,} of them have not finished the course."


def _course(found: Snapshot) -> Iterator[str]:
    rate = found.stats.avg_completion_percent
    if rate is not None:
        yield f"Of a video that is started, students watch {round_half_up(float(rate))} % on average."


def _quizzes(found: Snapshot) -> Iterator[str]:
    results = found.results
    if results.pass_rate_percent is not None:
        before = results.pass_rate_percent_before
        compared = "" if before is None else f", after {round_half_up(before)} % in the period before"
        yield (
            f"{_counted(results.students, 'student')} took {_counted(results.attempts, 'quiz attempt')}; "
            f"{round_half_up(results.pass_rate_percent)} % passed{compared}."
        )


def _questions(found: Snapshot) -> Iterator[str]:
    asked = int(found.daily_questions.loc[found.daily_questions["window"] == "this", "questions"].sum())
    if not asked or found.questions.empty:
        return
    top = found.questions.iloc[0]
    common = f"; the one most asked, by {_counted(int(top['people']), 'student')}, is {quoted(top['question'])}"
    yield f"Students asked {_counted(asked, 'question')}{common if top['people'] > 1 else ', no two of them the same'}."


def _changed(percent: int | None, than: str) -> str:
    if not percent:
        return ""
    return f", {abs(percent):,} % {'more' if percent > 0 else 'fewer'} {than}"


def _counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"
