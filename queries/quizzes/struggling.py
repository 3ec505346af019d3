"""When a quiz is called struggling: one condition for all statements."""

from typing import Any

from rules.limits import LEAST_ATTEMPTS, STRUGGLING_SHARE

# What `queries/quizzes/steps/is_struggling.sql` is bound with.
STRUGGLING: dict[str, Any] = {"least_attempts": LEAST_ATTEMPTS, "struggling_share": STRUGGLING_SHARE}
