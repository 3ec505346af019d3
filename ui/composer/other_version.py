"""What somebody kept or sent in another tab while this text was being written."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from database.frames import records
from queries.mails.announcement_drafts import KeptDraft, announcement_draft
from queries.mails.announcements import AnnouncementRow, announcement
from ui.account.viewer import Viewer
from ui.composer.conflict import Choice, both_versions
from ui.composer.recipients import Whom
from ui.composer.suggestions import Text
from ui.composer.writing import Writing, begin_again, keep, use, written
from ui.shared.links import announcement_link, show_link


@dataclass(frozen=True)
class OtherVersion:
    """The draft as it is kept, or the announcement that it became; neither: the draft was deleted."""

    draft: KeptDraft | None
    sent: AnnouncementRow | None


def other_version(creator_id: UUID, now: Writing) -> OtherVersion | None:
    """The other version; None where there is no conflict."""
    if not now.is_in_conflict:
        return None
    draft = announcement_draft(creator_id, now.announcement_id)
    sent = None if draft else next(iter(records(announcement(creator_id, now.announcement_id), AnnouncementRow)), None)
    return OtherVersion(draft, sent)


def versions_panel(seen_by: Viewer, whom: Whom, other: OtherVersion | None) -> None:
    """Yours beside the other version, if there is one, and what can be done with each."""
    if other is None:
        return
    draft, sent = other.draft, other.sent

    def keep_mine() -> None:
        begin_again(draft.version if draft else None, draft.id if draft else uuid4())
        keep(seen_by, whom.kept)

    if draft:
        theirs = Text(draft.subject, draft.body)
        use_theirs = Choice("Keep what is saved", lambda: use(draft))
        both_versions(
            "This draft was changed in another tab.", written(), theirs, Choice("Save mine", keep_mine), use_theirs
        )
        return
    mine = Choice("Save mine as a new draft", keep_mine)
    if sent:
        both_versions("This draft was sent from another tab.", written(), Text(sent.subject, sent.body), mine, None)
        show_link(announcement_link(sent.announcement_id), "Open what was sent", ":material/mail:")
        return
    both_versions("This draft was deleted in another tab.", written(), None, mine, None)
