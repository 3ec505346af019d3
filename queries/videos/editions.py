"""The edition of each video's file that is shown, its length and number of viewers: the basis of its figures.

The parameters of the steps that determine it: `queries/videos/steps/described.sql`, and the steps for its seconds.
"""

from typing import Any

from rules.limits import LEAST_VIEWERS

OF_VIDEOS: dict[str, Any] = {"least_viewers": LEAST_VIEWERS}
# A video of unknown length is as long as the playback of this many viewers reaches: one outlier says nothing.
OF_SECONDS: dict[str, Any] = OF_VIDEOS | {"viewers_tell_length": 5}
