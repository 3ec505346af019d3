"""Labels for the states of an email."""

from collections.abc import Mapping

from mail.kinds import kinds
from rules.formatting import agreeing, counted, grouped
from rules.mail_states import NEEDS_ATTENTION
from rules.sentences import sentence

GROUPS = {
    "all": ("All", None),
    "attention": (NEEDS_ATTENTION, ("unknown", "failed")),
    "waiting": ("Waiting", ("pending", "claimed", "sending")),
    "sent": ("Sent", ("sent",)),
    "not_sent": ("Not sent", ("skipped", "cancelled")),
}
SUPPRESSION_REASONS = {
    "unsubscribed": "Unsubscribed",
    "bounced": "Bounced",
    "complained": "Reported as spam",
}


def kind_title(kind: str) -> str:
    """As in "Weekly digest"."""
    known = kinds().get(kind)
    return known.title if known else kind.replace("_", " ").capitalize()


def suppressed_kind(kind: str) -> str:
    """The emails an address no longer gets."""
    return "All email" if kind == "every" else kind_title(kind)


@sentence
def delivery_sentence(counts: Mapping[str, int], days: int) -> str:
    """The state of recent emails in one sentence, as Markdown."""
    sent, unknown, failed = (counts.get(state, 0) for state in ("sent", "unknown", "failed"))
    waiting = sum(counts.get(state, 0) for state in ("pending", "claimed", "sending"))
    told = [f"**{grouped(sent)}** {agreeing(sent, 'email was', 'emails were')} sent in the last {counted(days, 'day')}"]
    if failed:
        told.append(f"**{grouped(failed)}** failed")
    if unknown:
        told.append(f"for **{grouped(unknown)}** delivery is not confirmed")
    if waiting:
        told.append(f"**{grouped(waiting)}** {agreeing(waiting, 'waits', 'wait')}")
    return "; ".join(told) + "."


@sentence
def first_in_words(shown: int) -> str:
    """What a table that is full says of the rest."""
    return f"Showing the {counted(shown, 'most important email')}. Use the filters to find others."
