"""What is archived, and when."""

from rules.sentences import always

AFTER_MONTHS = 6
KINDS = ("chat", "activity")
LABELS = {"chat": "Chats", "activity": "Activity log"}
ROWS = {"chat": "message", "activity": "event"}  # the noun of one row
ANSWER_ARCHIVED = always("This answer is archived; restore it under Settings to read it.")
