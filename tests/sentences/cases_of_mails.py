"""Sentences about messages to students, invitations, how emails fare, and the archive."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from queries.archives import ArchiveRow
from queries.mails.messages_to_student import MessageRow
from tests.sentences.case import CannotBe, Cases, says
from tests.typed_rows import a_row

ID = UUID(int=1)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NO_WHOLE = CannotBe("it compares nothing with a whole")
COUNTED = CannotBe("a count of rows is always known")
ONE_COUNT = CannotBe("one count contradicts nothing else")
SOMEBODY = CannotBe("it is asked only where somebody gets it")
STAYS = "Archiving is off, so that nothing restored is archived again."
NOTHING = dict.fromkeys(("mails", "failed", "unknown", "waiting", "sent", "not_sent"), 0)


def a_message(state: str = "sent", **facts: Any) -> tuple[MessageRow, str]:
    known: dict[str, Any] = {"announcement_id": ID, "subject": "News", "at": AT, "state": state, "sent_at": None}
    known |= {"reason": None, "first_active_after": None, "has_come_back": False, "may_come_back": False}
    return a_row(MessageRow, **(known | ({"sent_at": AT} if state == "sent" else {}) | facts)), "UTC"


def fare(**counts: int) -> dict[str, int]:
    return NOTHING | {"mails": sum(counts.values())} | counts


def an_archive(rows: int) -> tuple[str, ArchiveRow, str]:
    at = AT if rows else None
    known = {"is_on": True, "files": min(rows, 1), "row_count": rows, "size_bytes": 2048 * rows}
    return "chat", a_row(ArchiveRow, kind="chat", **known, earliest_at=at, latest_at=at), "UTC"


CASES: Cases = {
    "ui.settings_archive.archived_in_words": {
        "empty": says("Nothing is archived.", *an_archive(0)),
        "one": says("Archived: 1 message from 2 Mar 2026 to 2 Mar 2026, in 2 KB.", *an_archive(1)),
        "two": says("Archived: 2 messages from 2 Mar 2026 to 2 Mar 2026, in 4 KB.", *an_archive(2)),
        "all": NO_WHOLE,
        "none": says("Nothing is archived.", "activity", None, "UTC"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.settings_archive.restored_in_words": {
        "empty": says(f"Restored: 0 events. {STAYS}", "activity", 0),
        "one": says(f"Restored: 1 event. {STAYS}", "activity", 1),
        "two": says(f"Restored: 2 messages. {STAYS}", "chat", 2),
        "all": NO_WHOLE,
        "none": says(f"Restored: 0 messages. {STAYS}", "chat", 0),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.composer.sentences.chosen_in_words": {
        "empty": CannotBe("without students it asks for filters"),
        "one": says("To the student you selected.", 1),
        "two": says("To the **2** students you selected.", 2),
        "all": NO_WHOLE,
        "none": CannotBe("without students it asks for filters"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.composer.sentences.reached_in_words": {
        "empty": says("**0 of 0** students will get it.", 0, 0),
        "one": says("**1 of 1** student will get it.", 1, 1),
        "two": says("**1 of 2** students will get it.", 1, 2),
        "all": says("**1,200 of 1,200** students will get it.", 1_200, 1_200),
        "none": says("**0 of 7** students will get it.", 0, 7),
        "unknown": COUNTED,
        "contradiction": CannotBe("those who get it are some of those who were chosen"),
    },
    "ui.composer.sentences.question_in_words": {
        "empty": SOMEBODY,
        "one": says("**Send this to 1 student?**", 1),
        "two": says("**Send this to 2 students?**", 2),
        "all": says("**Send this to 1,200 students?**", 1_200),
        "none": SOMEBODY,
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.composer.sentences.changed_in_words": {
        "empty": SOMEBODY,
        "one": says("It would go to 1 student by now, not to 2. Look again, then send.", 1, 2),
        "two": says("It would go to 2 students by now, not to 1. Look again, then send.", 2, 1),
        "all": NO_WHOLE,
        "none": says("It would go to 0 students by now, not to 7. Look again, then send.", 0, 7),
        "unknown": COUNTED,
        "contradiction": CannotBe("it is said only where the counts differ"),
    },
    "ui.composer.sentences.start_in_words": {
        "empty": SOMEBODY,
        "one": says("The email is sent on 2 Mar 2026, 14:05. Until then you can change or cancel it.", AT, 1),
        "two": says("The emails are sent on 2 Mar 2026, 14:05. Until then you can change or cancel it.", AT, 2),
        "all": NO_WHOLE,
        "none": says(
            "It starts in one minute. Until then, one click undoes it, and nothing is sent to anybody.", None, 3
        ),
        "unknown": CannotBe("without a time it starts in a minute"),
        "contradiction": CannotBe("an earlier time means now, in a minute"),
    },
    "ui.composer.sentences.countdown_in_words": {
        "empty": says("**3 emails** are on the way.", 0, 3, AT),
        "one": says("**1 email** will be sent in 1 second, from 14:05 on.", 1, 1, AT),
        "two": says("**2 emails** will be sent in 2 seconds, from 14:05 on.", 2, 2, AT),
        "all": says("**3 emails** will be sent in 60 seconds, from 14:05 on.", 60, 3, AT),
        "none": CannotBe("it is said only while emails wait"),
        "unknown": CannotBe("an announcement has a time at which it is due"),
        "contradiction": says("**1 email** is scheduled for 2 Mar 2026, 14:05.", 61, 1, AT),
    },
    "ui.composer.sentences.undone_in_words": {
        "empty": CannotBe("an announcement to nobody is refused"),
        "one": says("Undone: nothing was sent to anybody. Here is the text again.", 1, 1),
        "two": says("1 email will not be sent; 1 email was already on the way. Here is the text again.", 1, 2),
        "all": says("Undone: nothing was sent to anybody. Here is the text again.", 7, 7),
        "none": says("0 emails will not be sent; 7 emails were already on the way. Here is the text again.", 0, 7),
        "unknown": COUNTED,
        "contradiction": CannotBe("only emails of the announcement are cancelled"),
    },
    "ui.students.messages.message_in_words": {
        "empty": says("Skipped: no address that mail can go to", *a_message("left out", reason="no_address")),
        "one": says(
            "Sent 2 Mar 2026, 14:05 · came back 2 Mar 2026, 14:05",
            *a_message(first_active_after=AT, has_come_back=True),
        ),
        "two": says("Sent 2 Mar 2026, 14:05 · active afterwards 2 Mar 2026, 14:05", *a_message(first_active_after=AT)),
        "all": says(
            "They unsubscribed from announcements on 2 Mar 2026: announcements skip them.", *a_message("unsubscribed")
        ),
        "none": says("Sent 2 Mar 2026, 14:05 · no activity in the 7 days after it", *a_message()),
        "unknown": says("Sent 2 Mar 2026, 14:05 · no activity since", *a_message(may_come_back=True)),
        "contradiction": says("Failed: The email bounced\\.", *a_message("failed", reason="The email bounced.")),
    },
    "ui.mails.mailings.mailing_in_words": {
        "empty": CannotBe("a mailing has an email at least"),
        "one": says("1 email: sent", fare(sent=1)),
        "two": says("2 emails: 1 failed, 1 sent", fare(sent=1, failed=1)),
        "all": says("7 emails: sent", fare(sent=7)),
        "none": says("7 emails: not sent", fare(not_sent=7)),
        "unknown": says("5 emails: 2 not confirmed, 3 waiting", fare(unknown=2, waiting=3)),
        "contradiction": CannotBe("states of emails exclude each other"),
    },
    "ui.mails.delivery_labels.first_in_words": {
        "empty": CannotBe("it is said only of a full table"),
        "one": says("Showing the 1 most important email. Use the filters to find others.", 1),
        "two": says("Showing the 200 most important emails. Use the filters to find others.", 200),
        "all": NO_WHOLE,
        "none": CannotBe("it is said only of a full table"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.mails.invitation_words.invitable_in_words": {
        "empty": says("Nobody left to invite.", 0),
        "one": says("**1** can be invited.", 1),
        "two": says("**2** can be invited.", 2),
        "all": NO_WHOLE,
        "none": says("Nobody left to invite.", 0),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.mails.invitation_words.skipped_in_words": {
        "empty": CannotBe("it is said only of addresses that are skipped"),
        "one": says("1 skipped.", 1),
        "two": says("1,200 skipped.", 1_200),
        "all": NO_WHOLE,
        "none": CannotBe("it is said only of addresses that are skipped"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.mails.invitation_words.queued_in_words": {
        "empty": says("Nobody was invited: all of them have been invited in the meantime.", 0),
        "one": says("1 invitation is on the way.", 1),
        "two": says("2 invitations are on the way.", 2),
        "all": NO_WHOLE,
        "none": says("Nobody was invited: all of them have been invited in the meantime.", 0),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.mails.invitation_words.accepted_in_words": {
        "empty": CannotBe("without invitations the page says so"),
        "one": says("1 of 1 accepted. Links work for 30 days.", 1, 1, 30),
        "two": says("1 of 2 accepted. Links work for 1 day.", 1, 2, 1),
        "all": says("7 of 7 accepted. Links work for 30 days.", 7, 7, 30),
        "none": says("0 of 7 accepted. Links work for 30 days.", 0, 7, 30),
        "unknown": COUNTED,
        "contradiction": CannotBe("who accepted was invited"),
    },
}
