"""All videos, searched, filtered, sorted; and changed by their creator: the page."""

from dataclasses import replace

import streamlit as st

from queries.videos import videos
from queries.videos_library import library, videos_standing_out
from ui.empty import nothing_yet
from ui.export_link import export_link
from ui.stamp import data_as_of
from ui.videos_dialogs import asked_dialog, upload_and_order_buttons
from ui.videos_filters import are_filters_set, cleared_filters_button, page_choice, video_filters
from ui.videos_findings import findings
from ui.videos_table import video_table
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id
can_change = not seen_by.is_staff

st.title("Videos")
course = library(creator_id)
if course.total_videos:
    data_as_of(course.refreshed_at, seen_by.creator.timezone)
    findings(course, videos_standing_out(creator_id))
else:
    nothing_yet(
        "There is no video yet.",
        "Upload the first one; its figures appear within a minute of the first viewer."
        if can_change
        else "The creator has not uploaded any.",
    )
if can_change:
    upload_and_order_buttons(can_reorder=course.total_videos > 1)

if course.total_videos:
    filters = video_filters(course.categories)
    found = videos(creator_id, filters)
    if found.total and found.videos.empty:  # a page beyond the last
        filters = replace(filters, offset=0)
        found = videos(creator_id, filters)
    if found.total:
        first = filters.offset + 1
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            shown = f"{first:,} to {filters.offset + len(found.videos):,} of {found.total:,} videos"
            st.caption(shown, width="content")
            export_link("videos")
        video_table(found.videos, can_change=can_change)
        page_choice(found.total)
    else:
        nothing_yet("No video fits these filters.", "Choose other filters, or clear them all.")
        if are_filters_set(filters):
            cleared_filters_button()

if can_change:
    asked_dialog(seen_by)
