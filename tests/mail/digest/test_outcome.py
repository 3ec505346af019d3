"""What happened to the students and findings on the last digest's list."""

from datetime import UTC, datetime

import pytest

from actions.digest_items import remember_items
from actions.mail_ledger import Delivery
from mail.digest.gather import gathered
from mail.digest.kind import write_digest
from mail.digest.outcome import outcome_of
from mail.message import Mail
from queries.mails.digest_items import last_listed
from tests.builders import a_creator, a_progress, a_student, a_video, an_event, change, refreshed
from tests.mail.digest.a_week import MONDAY, WEEK, a_busy_creator, in_week, known
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")


def a_delivery(creator):
    return Delivery(
        creator_id=creator.id,
        id=creator.id,
        kind="digest",
        about="",
        period_start=MONDAY,
        recipient="mira@example.org",
        student_id=None,
        payload={},
        snapshot=None,
        message_id=None,
        written_at=None,
        token=1,
        attempts=1,
        due_at=datetime(2026, 3, 2, 13, tzinfo=UTC),
        not_after=None,
    )


def test_each_listed_student_has_one_outcome():
    video = a_video()
    back, done, silent, gone = (a_student(name) for name in ("Bo", "Di", "Si", "Go"))
    creator = a_creator(
        [back, done, silent, gone, video],
        an_event(back, at=in_week(2)),
        a_progress(done, video, at=in_week(1), completed=True),
        an_event(silent, at=in_week(-9)),
        timezone=WEEK.timezone,
    )
    remember_items(creator.id, WEEK.before.monday, [("student", str(one.id)) for one in (back, done, silent, gone)])
    change(creator, gone, deleted_at=in_week(3))

    digest = gathered(known(refreshed(creator)), WEEK)

    assert digest.outcome is not None
    assert digest.outcome.week == WEEK.before
    assert (digest.outcome.students, digest.outcome.came_back, digest.outcome.finished) == (4, ("Bo",), ("Di",))
    assert (digest.outcome.still_silent, digest.outcome.left) == (1, 1)


def test_a_finding_that_is_gone_is_counted_as_solved():
    creator = a_creator(timezone=WEEK.timezone)
    remember_items(creator.id, WEEK.before.monday, [("quiz", "one"), ("video", "two"), ("question", "three")])
    before = last_listed(creator.id, WEEK.monday)

    outcome = outcome_of(creator.id, before, [("quiz", "one"), ("video", "new")], WEEK.timezone)

    assert (outcome.findings, outcome.findings_solved) == (3, 2)


def test_writing_a_digest_keeps_its_list_once():
    creator = a_busy_creator()

    mails = [write_digest(creator.id, a_delivery(creator)) for _ in range(2)]

    assert all(isinstance(mail, Mail) for mail in mails)
    kept = [(row["kind"], row["subject_key"]) for row in rows_of(creator.id, "digest_items")]
    assert sorted(kept) == sorted(gathered(known(creator), WEEK).keys)
    assert {kind for kind, _ in kept} == {"student", "video", "quiz", "quiz_question", "question"}


def test_what_the_last_digest_did_not_list_is_marked_as_new():
    creator = a_busy_creator()
    assert not gathered(known(creator), WEEK).slipped.items[0].is_new

    remember_items(creator.id, WEEK.before.monday, [("quiz", "another")])

    digest = gathered(known(creator), WEEK)
    assert digest.slipped.items[0].is_new
    assert digest.new_items == 5


def test_only_an_earlier_list_of_ones_own_counts():
    creator, outsider = a_creator(), a_creator()
    remember_items(creator.id, WEEK.monday, [("quiz", "this week")])
    remember_items(outsider.id, WEEK.before.monday, [("quiz", "foreign")])

    assert last_listed(creator.id, WEEK.monday) is None
    assert last_listed(outsider.id, WEEK.monday).of("quiz") == {"foreign"}
