"""The page of one video: who watches it, where they stop and what they replay."""

import streamlit as st

from queries.videos.drop_offs import drop_off_points
from queries.videos.one_video import quiz_results_of_video, related_questions, video_analytics
from queries.videos.playback import replayed_sections, retention_curve, sections, viewers_at
from queries.videos.typical import typical_curve
from rules.formatting import timestamp
from ui.account.viewer import viewer
from ui.shared.address import requested_id
from ui.shared.gathering import gathering
from ui.shared.links import way_back
from ui.shared.stamp import updated
from ui.top_bar.course_choice import maybe_in_another_course
from ui.videos.address import asks_for_second, requested_second
from ui.videos.empty import no_curve, no_such_video, no_viewers
from ui.videos.findings import VideoShown, headline
from ui.videos.panels import (
    advice_panel,
    drop_offs_panel,
    figures,
    questions_panel,
    quizzes_panel,
    retention_panel,
    second_panel,
    sections_panel,
    title_line,
)

seen_by = viewer()
creator_id = seen_by.creator_id

way_back("videos")
video_id = requested_id()
with gathering():
    video = video_analytics(creator_id, video_id) if video_id else None
    if video is None or video_id is None:
        no_such_video()
        maybe_in_another_course()
        st.stop()
    found = VideoShown(
        video=video,
        curve=retention_curve(creator_id, video_id),
        drop_offs=drop_off_points(creator_id, video_id),
        sections=sections(creator_id, video_id),
        replayed=replayed_sections(creator_id, video_id),
        questions=related_questions(creator_id, video_id),
        quizzes=quiz_results_of_video(creator_id, video_id),
    )
    second = requested_second(found.length_seconds)
    there = viewers_at(creator_id, video_id, second) if second is not None else None
    typical = typical_curve(creator_id, video_id) if not found.curve.empty else None

title_line(video)
updated(video.refreshed_at, seen_by)
if video.unique_viewers:
    st.markdown(headline(found))
    figures(video)
    advice_panel(found)
else:
    no_viewers(video)

if second is not None and there is not None:
    second_panel(found, second, there)
elif asks_for_second() and found.length_seconds:
    st.caption(
        f"The link points to a moment after the end of this video, which is {timestamp(found.length_seconds)} long."
    )

if typical is not None:
    retention_panel(found, typical, second)
    with st.grid(2 if found.has_playback else 1, min_column_width=340):
        drop_offs_panel(found)
        if found.has_playback:
            sections_panel(found)
elif video.unique_viewers:
    no_curve()

questions_panel(found)
quizzes_panel(found.quizzes)
