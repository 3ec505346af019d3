"""Errors that a person can act on."""


class SetupError(RuntimeError):
    """Something outside the program is not as it must be; the message says what to do, in one line."""

    names_no_person = True  # so its words may be kept where staff read them


class FiguresBeingBuilt(RuntimeError):
    """Nothing can be shown of a creator: every figure is built anew after an update. The message says how far it is."""

    def __init__(self, students_built: int, students_to_build: int) -> None:
        super().__init__(
            "Every figure is being computed anew after an update: "
            f"{students_built:,} of {students_to_build:,} students are done. Nothing is lost; look again in a minute."
        )


class InputError(ValueError):
    """What was given to a command cannot be used; the message names the value and what would do."""
