"""When a quiz counts as struggling: one condition for all statements."""

from typing import Any

from rules.limits import LEAST_ATTEMPTS, STRUGGLING_SHARE

# The parameters of `queries/quizzes/steps/is_struggling.sql`.
STRUGGLING: dict[str, Any] = {"least_attempts": LEAST_ATTEMPTS, "struggling_share": STRUGGLING_SHARE}
