"""Labels for the states in the database, and for the filters and orders of the lists."""

from queries.students.tiers import TIER_LABELS

TIERS = {tier: label.text for tier, label in TIER_LABELS.items()}
STUDENT_STATUSES = {"active": "Active", "at-risk": "At risk", "inactive": "Inactive"}
VIDEO_STATUSES = {
    "completed": "Published",
    "ready": "Ready to publish",
    "processing": "Being processed",
    "uploaded": "Waiting",
    "failed": "Failed",
}
DIFFICULTIES = {"beginner": "Beginner", "intermediate": "Intermediate", "advanced": "Advanced"}
WATCHED = {"completed": "Completed", "started": "Started", "not_started": "Not started"}
RATED = {"good": "Rated good", "bad": "Rated bad", "unrated": "Not rated"}
LAST_ACTIVE = {
    "today": "Today",
    "week": "Last 7 days",
    "month": "Last 30 days",
    "inactive": "Over 14 days ago or never",
}
BANDS = {
    "too-long": "Under 30%",
    "average": "30 to 60%",
    "high-quality": "Over 60%",
    "too-few": "Under 5 viewers",
}
# The first is the default.
STUDENT_SORTS = {
    "lastActive": "Last active",
    "name": "Name",
    "tier": "Tier",
    "progress": "Progress",
    "videos": "Videos",
    "quizzes": "Quizzes passed",
    "questions": "Questions",
    "xp": "XP",
}
VIDEO_SORTS = {
    "position": "Course order",
    "title": "Title",
    "completion": "Completion",
    "watched": "Average watched",
    "dropOff": "Drop-off",
    "viewers": "Viewers",
    "views": "Views",
    "recent": "Views in 7 days",
    "newest": "Date added",
}
