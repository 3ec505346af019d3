"""The edition of each video's file that is shown, how long it is and how many watched it: the ground of its figures.

What the steps that tell it are bound with: `queries/videos/steps/described.sql`, and those of its seconds beside it.
"""

from typing import Any

from rules.limits import LEAST_VIEWERS

OF_VIDEOS: dict[str, Any] = {"least_viewers": LEAST_VIEWERS}
# A video whose length is not told is as long as playback of this many viewers reaches: one outlier tells nothing.
OF_SECONDS: dict[str, Any] = OF_VIDEOS | {"viewers_tell_length": 5}
