"""Why a video has nothing to show, and what to do."""

import streamlit as st

from queries.videos.one_video import VideoAnalytics
from ui.own_data.missing import nothing_without_data
from ui.shared.empty import nothing_yet

SOON = "It can be published as soon as that is done. Check back in a few minutes."
NOT_WATCHABLE = {
    "ready": ("This video is not published, so students cannot watch it.", "Publish it when it is ready for them."),
    "uploaded": ("The file of this video has not arrived yet, or waits to be processed.", SOON),
    "processing": ("This video is being processed.", SOON),
    "failed": (
        "This video could not be processed, so nobody can watch it.",
        "Replace the file, in another format if it fails once more.",
    ),
}


def no_such_video() -> None:
    st.title("Video")
    nothing_yet("Video not found.", "It may have been deleted. Look for it under All videos.")


def no_viewers(video: VideoAnalytics) -> None:
    if video.status in NOT_WATCHABLE:
        nothing_yet(*NOT_WATCHABLE[video.status])
        return
    nothing_without_data(
        "No student has started this video yet.",
        "Point students to it. Figures appear within a minute of the first viewer.",
    )


def no_curve() -> None:
    nothing_yet(
        "The platform does not report which seconds of this video were played.",
        "Where viewers stop and what they replay is unknown. Send playback data, or a retention curve.",
    )
