"""One video: who watches it, where they stop and what they replay: the page."""

import streamlit as st

from queries.spoken_lines import timestamp
from queries.video import quiz_results_of_video, related_questions, video_analytics
from queries.video_drop_offs import drop_off_points
from queries.video_playback import replayed_sections, retention_curve, sections, viewers_at
from queries.video_typical import typical_curve
from ui.navigation import videos_page
from ui.stamp import data_as_of
from ui.video_address import asks_for_second, requested_second, requested_video_id
from ui.video_empty import no_curve, no_such_video, no_viewers
from ui.video_findings import Findings, headline
from ui.video_panels import (
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
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id

st.page_link(videos_page(), label="All videos", icon=":material/arrow_back:")
video_id = requested_video_id()
video = video_analytics(creator_id, video_id) if video_id else None
if video is None or video_id is None:
    no_such_video()
    st.stop()

found = Findings(
    video=video,
    curve=retention_curve(creator_id, video_id),
    drop_offs=drop_off_points(creator_id, video_id),
    sections=sections(creator_id, video_id),
    replayed=replayed_sections(creator_id, video_id),
    questions=related_questions(creator_id, video_id),
    quizzes=quiz_results_of_video(creator_id, video_id),
)

title_line(video)
data_as_of(video.refreshed_at, seen_by.creator.timezone)
if video.unique_viewers:
    st.markdown(headline(found))
    figures(video)
    advice_panel(found)
else:
    no_viewers(video)

second = requested_second(found.length_seconds)
if second is not None:
    second_panel(found, second, viewers_at(creator_id, video_id, second))
elif asks_for_second() and found.length_seconds:
    st.caption(
        f"The address asks for a second that is not in this video; it is {timestamp(found.length_seconds)} long."
    )

if not found.curve.empty:
    retention_panel(found, typical_curve(creator_id, video_id), second)
    with st.grid(2 if found.has_playback else 1, min_column_width=340):
        drop_offs_panel(found)
        if found.has_playback:
            sections_panel(found)
elif video.unique_viewers:
    no_curve()

questions_panel(found)
quizzes_panel(found.quizzes)
