"""Why a video has nothing to show, and what to do."""

import streamlit as st

from queries.video import VideoAnalytics
from ui.empty import nothing_yet

SOON = "Students can watch it as soon as that is done; look again in a few minutes."
NOT_WATCHABLE = {
    "uploaded": ("This video waits to be processed.", SOON),
    "processing": ("This video is being processed.", SOON),
    "failed": (
        "This video could not be processed, so nobody can watch it.",
        "Upload the file again, in another format if it fails once more.",
    ),
}


def no_such_video() -> None:
    st.title("Video")
    nothing_yet("There is no such video.", "It may have been deleted. Look for it among all videos.")


def no_viewers(video: VideoAnalytics) -> None:
    why, what_to_do = NOT_WATCHABLE.get(
        video.status,
        (
            "No student has started this video yet.",
            "Point your students to it. Figures appear within a minute of the first viewer.",
        ),
    )
    nothing_yet(why, what_to_do)


def no_curve() -> None:
    nothing_yet(
        "Your platform does not tell which seconds of this video were played.",
        "Where viewers stop and what they play again stays unknown. Send playback, or a ready-made retention curve.",
    )
