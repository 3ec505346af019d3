"""All limits for calling something good, bad, hard or lost; the definitions of the figures quote them.

Shares are of 1, rates in percent. `queries/metrics.toml` names these limits as `{LEAST_VIEWERS}` and so on.
"""

LEAST_VIEWERS = 5  # below it there is no rate, no cliff, no replay
LOW_COMPLETION, HIGH_COMPLETION = 30, 60  # percent of those who started a video
LONG_VIDEO_MINUTES = 10  # it is better to split longer ones
CLIFF_SHARE = 0.2  # of the viewers who got that far, lost at one place
REPLAYED_PLAYS = 1.5  # per viewer of a stretch
REPLAYED_SECONDS = 10  # shorter stretches are left out, shorter breaks bridged

LEAST_ATTEMPTS = 5  # below it a quiz does not count as struggling
STRUGGLING_SHARE = 0.5  # more than this share of attempts failed
LEAST_ANSWERS = 10  # below it a question is not judged
HARD_SHARE = 0.4  # fewer than this share of first answers correct
WRONG_KEY_DISCRIMINATION = -0.1

LEAST_RATINGS = 3  # below it an answer is not judged
GOOD_RATING = 0.5
STUDENTS_TO_BE_COMMON = 2  # students asking the same question
OFTEN_UNANSWERED_SHARE = 0.5  # of the times that a question was asked
MANY_ASKERS, MANY_ASKERS_SHARE = 5, 0.2  # of a video's viewers

AT_RISK_DAYS, INACTIVE_DAYS = 7, 14  # away longer than this
STUCK_DAYS = 3  # a student seen within these days is still going, not stuck
LEAST_REACHED = 5  # with fewer students a drop means nothing


def limits_in_words() -> dict[str, float]:
    """Every limit by its name, with shares in percent too: `HARD_SHARE` as `HARD_PERCENT`."""
    known = {name: value for name, value in globals().items() if name.isupper()}
    shares = {name.replace("SHARE", "PERCENT"): round(100 * value) for name, value in known.items() if "SHARE" in name}
    return known | shares | {"GOOD_PERCENT": round(100 * GOOD_RATING)}
