"""What asks for attention."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from actions.notices import mark_seen
from database.tenancy import tenant_tx
from queries.overview.notices import export_notices, notices, seen_notice_keys
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import (
    NOW,
    a_creator,
    a_progress,
    a_quiz,
    a_student,
    a_video,
    add,
    an_attempt,
    an_event,
    refreshed,
)

pytestmark = pytest.mark.usefixtures("shared_database")

ADD_EXPORT = text(
    """
    insert into export_logs (
        creator_id, export_type, format, filters, status, error_message, created_at, completed_at,
        storage_key, sha256, file_size_bytes
    )
    values (
        :creator_id, 'students', 'csv', jsonb_build_object('search', cast(:status as text)), :status, :error, :at, :at,
        'key', repeat('0', 64), 1
    )
    """
)


def told(*rows):
    found = notices.fresh(a_creator(*rows).id)
    return list(zip(found.kind, found.subject, strict=True))


@pytest.mark.parametrize(
    ("silence", "is_told"),
    [
        (timedelta(days=7), False),
        (timedelta(days=7, microseconds=1), True),
        (timedelta(days=14), True),
        (timedelta(days=14, microseconds=1), False),
    ],
)
def test_a_student_is_newly_at_risk_for_seven_days(silence, is_told):
    assert bool(told(a_student("Ada", enrolled_days_ago=90), an_event(at=NOW - silence))) == is_told


def test_who_finished_is_not_at_risk():
    ada, video = a_student("Ada"), a_video()

    assert told(ada, video, a_progress(ada, video, days_ago=10, completed=True)) == []


@pytest.mark.parametrize(("failed", "passed", "is_told"), [(5, 0, True), (4, 0, False), (3, 3, False), (4, 3, True)])
def test_a_quiz_is_struggled_with_from_five_attempts_and_over_half_failed(failed, passed, is_told):
    ada, quiz = a_student(), a_quiz("Loops")
    attempts = [an_attempt(ada, quiz, passed=number >= failed) for number in range(failed + passed)]

    assert told(ada, quiz, attempts) == ([("quiz", "Loops")] if is_told else [])


def test_drafts_deleted_quizzes_and_attempts_of_who_left_are_left_out():
    ada, gone = a_student(), a_student(deleted_days_ago=1)
    quiz, draft, deleted = a_quiz(), a_quiz(status="draft"), a_quiz(deleted_at=NOW)
    failures = [[an_attempt(gone, quiz, passed=False) for _ in range(5)]]
    failures += [[an_attempt(ada, other, passed=False) for _ in range(5)] for other in (draft, deleted)]

    assert told(ada, gone, quiz, draft, deleted, failures) == []


@pytest.mark.parametrize(
    ("viewers", "completed", "is_told"), [(5, 1, True), (4, 0, False), (10, 3, False), (10, 2, True)]
)
def test_a_video_has_an_issue_below_thirty_percent_from_five_viewers(viewers, completed, is_told):
    video, people = a_video(title="Sets"), [a_student(f"{number}") for number in range(viewers)]
    progress = [a_progress(person, video, completed=number < completed) for number, person in enumerate(people)]

    assert told(video, people, progress) == ([("video", "Sets")] if is_told else [])


def test_notices_equal_a_plain_python_count():
    chosen = Random(3)
    people = [a_student(f"{number}", enrolled_days_ago=90) for number in range(8)]
    quizzes = [a_quiz(f"quiz {number}") for number in range(5)]
    videos = [a_video(title=f"video {number}") for number in range(5)]
    results = [(chosen.choice(people), chosen.choice(quizzes), chosen.random() < 0.5) for _ in range(40)]
    watched = {
        (person, video): chosen.random() < 0.3 for person in range(8) for video in range(5) if chosen.random() < 0.8
    }
    attempts = [an_attempt(person, quiz, passed=passed, days_ago=1) for person, quiz, passed in results]
    progress = [
        a_progress(people[one], videos[other], days_ago=1, completed=done) for (one, other), done in watched.items()
    ]

    found = told(people, quizzes, videos, attempts, progress)

    by_quiz = {quiz.values["title"]: [passed for _, taken, passed in results if taken is quiz] for quiz in quizzes}
    by_video = {f"video {other}": [done for (_, seen), done in watched.items() if seen == other] for other in range(5)}
    expected = {("quiz", title) for title, all_ in by_quiz.items() if len(all_) >= 5 and sum(all_) / len(all_) < 0.5}
    expected |= {("video", title) for title, all_ in by_video.items() if len(all_) >= 5 and sum(all_) / len(all_) < 0.3}
    assert expected
    assert {notice for notice in found if notice[0] != "at_risk"} == expected


def test_a_student_who_falls_silent_again_is_a_new_notice():
    ada = a_student(enrolled_days_ago=90)
    creator = a_creator(ada, an_event(ada, days_ago=13))
    before = notices.fresh(creator.id).notice_key.tolist()
    add(creator, an_event(ada, days_ago=8))

    after = notices.fresh(refreshed(creator).id).notice_key.tolist()

    assert len(before) == len(after) == 1
    assert before != after


def test_what_an_account_marks_as_seen_is_seen_by_it_alone():
    creator = a_creator()
    mira, nina = a_linked_account(creator), a_linked_account(creator)

    mark_seen(mira, creator.id, ["video:1", "quiz:2", "quiz:2"])
    mark_seen(mira, creator.id, ["video:1", "hostile '; --"])

    assert seen_notice_keys(creator.id, mira.id) == {"video:1", "quiz:2", "hostile '; --"}
    assert seen_notice_keys(creator.id, nina.id) == frozenset()


def test_staff_and_outsiders_mark_nothing():
    creator = a_creator()
    for refused in (a_linked_account(), a_linked_account(a_creator())):
        with pytest.raises(InputError, match="Read-only for staff"):
            mark_seen(refused, creator.id, ["video:1"])
        assert seen_notice_keys(creator.id, refused.id) == frozenset()


@pytest.mark.parametrize(("age", "is_told"), [(timedelta(days=7), True), (timedelta(days=7, microseconds=1), False)])
def test_exports_are_told_for_seven_days(age, is_told):
    creator = a_creator()
    an_export(creator, "completed", NOW - age)

    assert len(export_notices(creator.id)) == is_told


def test_exports_are_told_when_they_ended_with_the_reason_of_a_failure():
    creator = a_creator()
    for status in ("pending", "processing", "completed", "failed", "expired"):
        an_export(creator, status, NOW, "The disk is full." if status == "failed" else None)

    told_ = export_notices(creator.id)

    assert sorted(told_.status) == ["completed", "failed"]
    assert set(told_.error_message) == {"The disk is full.", ""}


def test_an_outsider_is_told_nothing_even_after_the_owner_looked():
    ada = a_student(enrolled_days_ago=90)
    owner, outsider = a_creator(ada, an_event(ada, days_ago=10)), a_creator()
    an_export(owner, "completed", NOW)
    assert len(notices(owner.id)) == 1

    assert notices(outsider.id).empty
    assert export_notices(outsider.id).empty


def an_export(creator, status, at, error=None):
    with tenant_tx(creator.id) as connection:
        connection.execute(ADD_EXPORT, {"creator_id": creator.id, "status": status, "error": error, "at": at})
