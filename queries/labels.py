"""Labels for the states in the database."""

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
