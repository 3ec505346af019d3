"""What the composer says, as sentences that rest on counts and states."""

from datetime import datetime

from rules.formatting import agreeing, clock_time, counted, grouped, out_of, timed
from rules.sentences import sentence


@sentence
def chosen_in_words(count: int) -> str:
    """How many students were chosen one by one, as Markdown."""
    return agreeing(count, "To the student you selected.", f"To the **{grouped(count)}** students you selected.")


@sentence
def reached_in_words(reached: int, chosen: int) -> str:
    """How many of the chosen students get the message, as Markdown."""
    return f"**{out_of(reached, chosen)}** {agreeing(chosen, 'student', 'students')} will get it."


@sentence
def question_in_words(count: int) -> str:
    """The question before it is sent, as Markdown."""
    return f"**Send this to {counted(count, 'student')}?**"


@sentence
def changed_in_words(reached: int, asked: int) -> str:
    """Why it was not sent after all: the recipients are no longer as many as the question said."""
    return f"It would go to {counted(reached, 'student')} by now, not to {grouped(asked)}. Look again, then send."


@sentence
def start_in_words(due_at: datetime | None, count: int) -> str:
    """When it is sent, in the zone of the moment (None: in a minute), and until when it can be stopped."""
    if due_at is None:
        return "It starts in one minute. Until then, one click undoes it, and nothing is sent to anybody."
    emails = agreeing(count, "The email is", "The emails are")
    return f"{emails} sent on {timed(due_at)}. Until then you can change or cancel it."


@sentence
def countdown_in_words(seconds: int, count: int, due_at: datetime) -> str:
    """How long it can still be undone, as Markdown."""
    if seconds > 60:
        return f"**{counted(count, 'email')}** {agreeing(count, 'is', 'are')} scheduled for {timed(due_at)}."
    if seconds > 0:
        return (
            f"**{counted(count, 'email')}** will be sent in {counted(seconds, 'second')}, from {clock_time(due_at)} on."
        )
    return f"**{counted(count, 'email')}** {agreeing(count, 'is', 'are')} on the way."


@sentence
def undone_in_words(stopped: int, emails: int) -> str:
    """What became of an announcement that was undone or cancelled."""
    if stopped >= emails:
        return "Undone: nothing was sent to anybody. Here is the text again."
    gone = emails - stopped
    return (
        f"{counted(stopped, 'email')} will not be sent; "
        f"{counted(gone, 'email was', 'emails were')} already on the way. Here is the text again."
    )
