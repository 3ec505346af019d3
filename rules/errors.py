"""Errors that people can fix."""


class SetupError(RuntimeError):
    """Something outside the program is wrong; the message says what to do, on one line."""

    names_no_person = True  # so its text may be kept where staff read it


class FiguresBeingBuilt(RuntimeError):
    """A creator's figures cannot be shown while they are recalculated. The message shows the progress."""

    def __init__(self, students_built: int, students_to_build: int) -> None:
        super().__init__(
            "All figures are being recalculated after an update: "
            f"{students_built:,} of {students_to_build:,} students done. Nothing is lost; check back in a minute."
        )


class InputError(ValueError):
    """Invalid input; the message names the value and what is allowed."""
