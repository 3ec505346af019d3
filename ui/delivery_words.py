"""The states of a mail as people read them."""

from collections.abc import Mapping
from dataclasses import dataclass

from reports.mail.kinds import kinds


@dataclass(frozen=True)
class StateLabel:
    text: str
    colour: str  # white text on it is readable (4.5 to 1)
    meaning: str


SENT = StateLabel("Sent", "#1f883d", "The mail server took it. Should it come back, the mail turns to “Failed”.")
WAITING = StateLabel("Waiting", "#59636e", "It is not due yet, or an attempt did not succeed and the next one is set.")
BEING_SENT = StateLabel("Being sent", "#0969da", "A worker is writing it or talking to the mail server.")
UNKNOWN = StateLabel(
    "Unknown",
    "#8a6a00",
    "The connection broke after the mail was handed over: it may have arrived. It is never sent again by itself.",
)
FAILED = StateLabel("Failed", "#cf222e", "It did not arrive, and no further attempt is made.")
NOT_SENT = StateLabel("Not sent", "#6e4a9e", "There was nothing to say, or the recipient gets no such mail any more.")
CALLED_OFF = StateLabel("Called off", "#57606a", "Somebody stopped it before it was sent.")

STATE_LABELS = {
    "unknown": UNKNOWN,
    "failed": FAILED,
    "pending": WAITING,
    "claimed": BEING_SENT,
    "sending": BEING_SENT,
    "sent": SENT,
    "skipped": NOT_SENT,
    "cancelled": CALLED_OFF,
}
GROUPS = {
    "all": ("All", None),
    "attention": ("Needs attention", ("unknown", "failed")),
    "waiting": ("Waiting", ("pending", "claimed", "sending")),
    "sent": ("Sent", ("sent",)),
    "not_sent": ("Not sent", ("skipped", "cancelled")),
}
SUPPRESSION_REASONS = {
    "unsubscribed": "Unsubscribed",
    "bounced": "Mail came back",
    "complained": "Reported as unwanted",
}


def kind_title(kind: str) -> str:
    """As in "Weekly digest"."""
    known = kinds().get(kind)
    return known.title if known else kind.replace("_", " ").capitalize()


def suppressed_kind(kind: str) -> str:
    """What an address gets no more."""
    return "All mail" if kind == "every" else kind_title(kind)


def delivery_sentence(counts: Mapping[str, int], days: int) -> str:
    """How mail fares, in one sentence of Markdown."""
    sent, unknown, failed = (counts.get(state, 0) for state in ("sent", "unknown", "failed"))
    waiting = sum(counts.get(state, 0) for state in ("pending", "claimed", "sending"))
    told = [f"**{sent:,}** {'mail was' if sent == 1 else 'mails were'} sent in the last {days} days"]
    if failed:
        told.append(f"**{failed:,}** failed")
    if unknown:
        told.append(f"of **{unknown:,}** nobody knows whether it arrived")
    if waiting:
        told.append(f"**{waiting:,}** {'waits' if waiting == 1 else 'wait'}")
    return "; ".join(told) + "."
