"""What the page of invitations says."""

from rules.formatting import counted, grouped, out_of
from rules.sentences import sentence

INVITATION_STATES = {
    "open": "Not answered yet",
    "accepted": "Accepted",
    "expired": "Expired",
    "withdrawn": "Withdrawn",
}


@sentence
def invitable_in_words(count: int) -> str:
    """How many of the given addresses can be invited, as Markdown."""
    return f"**{grouped(count)}** can be invited." if count else "Nobody left to invite."


@sentence
def skipped_in_words(count: int) -> str:
    """How many of the given addresses cannot be invited."""
    return f"{grouped(count)} skipped."


@sentence
def queued_in_words(count: int) -> str:
    """What became of the click."""
    if not count:
        return "Nobody was invited: all of them have been invited in the meantime."
    return f"{counted(count, 'invitation is', 'invitations are')} on the way."


@sentence
def accepted_in_words(accepted: int, invited: int, days: int) -> str:
    """How many accepted, and how long a link works."""
    return f"{out_of(accepted, invited)} accepted. Links work for {counted(days, 'day')}."
