"""All kinds of email. Workers ignore other kinds."""

from mail.alert import ALERTS
from mail.announcement import ANNOUNCEMENTS
from mail.digest.kind import WEEKLY_DIGEST
from mail.invitation import INVITATIONS
from mail.kind import MailKind
from mail.trials import ANNOUNCEMENT_TRIALS, DIGEST_TRIALS

KINDS: tuple[MailKind, ...] = (WEEKLY_DIGEST, ANNOUNCEMENTS, INVITATIONS, ALERTS, ANNOUNCEMENT_TRIALS, DIGEST_TRIALS)


def kinds() -> dict[str, MailKind]:
    """Each kind by its name in the key."""
    return {kind.name: kind for kind in KINDS}
