"""Drafts: kept in the version that was seen, sent once, written again."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.announcement_drafts import Draft, delete_draft, keep_draft, write_again
from actions.announcements import Sending, announce, cancel
from database.announcements import Announcement
from database.clock import now
from queries.mails.announcement_drafts import announcement_draft, announcement_drafts
from queries.mails.announcements import announcements
from rules.edits import VersionConflict
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student
from tests.mailing import chosen, mails

pytestmark = pytest.mark.usefixtures("shared_database")


def test_of_two_tabs_the_second_is_told_and_the_first_is_kept():
    creator = a_creator()
    author, draft_id = a_linked_account(creator), uuid4()
    opened = keep_draft(author, creator.id, draft_id, Draft("", "Hello"), None)
    keep_draft(author, creator.id, draft_id, Draft("One", "tab"), opened)

    with pytest.raises(VersionConflict):
        keep_draft(author, creator.id, draft_id, Draft("Other", "tab"), opened)
    with pytest.raises(VersionConflict):
        delete_draft(author, creator.id, draft_id, opened)

    kept = announcement_draft(creator.id, draft_id)
    assert (kept.subject, kept.body, kept.version) == ("One", "tab", 2)


def test_a_draft_that_was_sent_or_deleted_is_not_kept_again_under_its_id():
    creator = a_creator()
    author, draft_id = a_linked_account(creator), uuid4()
    version = keep_draft(author, creator.id, draft_id, Draft("One", "tab"), None)
    delete_draft(author, creator.id, draft_id, version)

    with pytest.raises(VersionConflict):
        keep_draft(author, creator.id, draft_id, Draft("Other", "tab"), version)

    assert announcement_drafts(creator.id) == []


def test_sending_takes_the_draft_only_in_the_version_that_was_seen():
    creator = a_creator(ada := a_student())
    author, draft_id = a_linked_account(creator), uuid4()
    keep_draft(author, creator.id, draft_id, Draft("One", "tab"), None)
    keep_draft(author, creator.id, draft_id, Draft("Other", "tab"), 1)
    whom = chosen(creator, ada.id)

    with pytest.raises(VersionConflict):
        announce(author, creator.id, a_sending(draft_id, "One", 1), whom)
    assert (len(mails(creator)), len(announcement_drafts(creator.id))) == (0, 1)

    assert announce(author, creator.id, a_sending(draft_id, "Other", 2), whom) == 1
    assert announcement_drafts(creator.id) == []


def test_a_second_tab_that_sends_another_text_is_told_and_a_second_click_is_not():
    creator = a_creator(ada := a_student())
    author, draft_id = a_linked_account(creator), uuid4()
    version = keep_draft(author, creator.id, draft_id, Draft("One", "tab"), None)
    whom = chosen(creator, ada.id)
    announce(author, creator.id, a_sending(draft_id, "One", version), whom)

    assert announce(author, creator.id, a_sending(draft_id, "One", version), whom) == 0
    with pytest.raises(VersionConflict, match="sent from another tab"):
        announce(author, creator.id, a_sending(draft_id, "Other", version), whom)

    assert announcements(creator.id)["subject"].tolist() == ["One"]


def test_what_was_undone_is_there_again_for_the_same_students():
    ada, ben = a_student(), a_student("Ben", email=None)
    creator = a_creator(ada, ben)
    author, announcement_id = a_linked_account(creator), uuid4()
    announce(author, creator.id, a_sending(announcement_id, "One", None), chosen(creator, ada.id, ben.id))
    cancel(author, creator.id, announcement_id)

    draft = announcement_draft(creator.id, write_again(author, creator.id, announcement_id))

    assert (draft.subject, draft.body) == ("One", "tab")
    assert set(draft.recipients["students"]) == {str(ada.id), str(ben.id)}


def test_staff_and_outsiders_neither_keep_nor_see():
    creator, outsider = a_creator(), a_creator()
    author, draft_id = a_linked_account(creator), uuid4()
    keep_draft(author, creator.id, draft_id, Draft("A secret", "text"), None)

    for stranger in (a_linked_account(None), a_linked_account(outsider)):
        with pytest.raises(InputError, match="Read-only for staff"):
            keep_draft(stranger, creator.id, draft_id, Draft("x", "y"), 1)
    with pytest.raises(VersionConflict):
        keep_draft(a_linked_account(outsider), outsider.id, draft_id, Draft("x", "y"), 1)
    with pytest.raises(InputError, match="does not exist"):
        write_again(a_linked_account(outsider), outsider.id, uuid4())
    assert announcement_drafts(outsider.id) == []
    assert announcement_draft(outsider.id, draft_id) is None


def test_a_text_that_no_announcement_can_have_is_refused_in_words():
    creator = a_creator()

    with pytest.raises(InputError, match="The subject has 151 characters; write at most 150"):
        keep_draft(a_linked_account(creator), creator.id, uuid4(), Draft("x" * 151, ""), None)


def a_sending(announcement_id, subject, version):
    content = Announcement(subject, "tab")
    return Sending(announcement_id, content, "All students", now() + timedelta(), "UTC", version)
