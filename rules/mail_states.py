"""The states of an email: labels, meanings and colours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StateLabel:
    text: str
    colour: str  # white text on it is readable (4.5 to 1)
    meaning: str


SENT = StateLabel("Sent", "#1f883d", "The mail server accepted it. If it bounces, the state changes to “Failed”.")
WAITING = StateLabel("Waiting", "#59636e", "It is not due yet, or an attempt failed and the next one is scheduled.")
BEING_SENT = StateLabel("Being sent", "#0969da", "A worker is writing it or talking to the mail server.")
NOT_CONFIRMED = StateLabel(
    "Delivery not confirmed",
    "#8a6a00",
    "The connection broke after the email was handed over: it may have arrived. It is never sent again automatically.",
)
FAILED = StateLabel("Failed", "#cf222e", "It did not arrive, and no further attempt will be made.")
NOT_SENT = StateLabel(
    "Not sent", "#6e4a9e", "There was nothing to report, or the recipient no longer gets such emails."
)
CANCELLED = StateLabel("Cancelled", "#57606a", "Somebody stopped it before it was sent.")
LEFT_OUT = StateLabel("Skipped", "#57606a", "The student was skipped, for the reason shown.")

MAIL_STATES = {
    "unknown": NOT_CONFIRMED,
    "failed": FAILED,
    "pending": WAITING,
    "claimed": BEING_SENT,
    "sending": BEING_SENT,
    "sent": SENT,
    "skipped": NOT_SENT,
    "cancelled": CANCELLED,
}
# The state of an announcement's recipient: that of the email, or none was created.
RECIPIENT_STATES = {state: label.text for state, label in MAIL_STATES.items()} | {"left out": LEFT_OUT.text}
NEEDS_ATTENTION = "Needs attention"
