"""What is archived, and when."""

AFTER_MONTHS = 6
KINDS = ("chat", "activity")
LABELS = {"chat": "Chats", "activity": "Activity log"}
ROWS = {"chat": "message", "activity": "event"}  # the noun of one row
RESTORE = "restore it under Settings"
ANSWER_ARCHIVED = f"This answer is archived; {RESTORE} to read it."
