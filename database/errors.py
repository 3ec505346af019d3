"""Errors that a person at the command line can act on."""


class SetupError(RuntimeError):
    """Something outside the program is not as it must be; the message says what to do, in one line."""

    names_no_person = True  # so its words may be kept where staff read them


class InputError(ValueError):
    """What was given to a command cannot be used; the message names the value and what would do."""
