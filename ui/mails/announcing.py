"""The way from the list of students to the composer."""

from ui.composer.opening import announce_link

__all__ = ["announce_link"]
