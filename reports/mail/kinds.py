"""The kinds of mail that there are. A worker leaves alone what is of another kind."""

from reports.alert import ALERTS
from reports.announcement import ANNOUNCEMENTS
from reports.digest.kind import WEEKLY_DIGEST
from reports.invitation import INVITATIONS
from reports.mail.kind import MailKind

KINDS: tuple[MailKind, ...] = (WEEKLY_DIGEST, ANNOUNCEMENTS, INVITATIONS, ALERTS)


def kinds() -> dict[str, MailKind]:
    """Each kind by its name in the key."""
    return {kind.name: kind for kind in KINDS}
