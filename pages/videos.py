"""The page of all videos, with search, filters and sorting; creators can edit them here."""

from dataclasses import replace

import streamlit as st

from queries.courses.contents import courses_of_contents
from queries.overview.data_there import data_there
from queries.videos.library import library, videos_standing_out
from queries.videos.lists import VideoFilters, videos
from queries.videos.uploads import shown_uploads
from rules.formatting import grouped, out_of
from ui.account.viewer import viewer
from ui.exports.link import export_link
from ui.own_data.missing import missing_note, nothing_without_data
from ui.shared.choices import cleared_filters_button
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.links import remember_list
from ui.shared.paging import page_choice
from ui.shared.stamp import updated
from ui.videos.dialogs import ask_to_replace, asked_dialog, upload_and_order_buttons
from ui.videos.filters import FILTERS, PAGE, PAGE_SIZE, are_filters_set, video_filters
from ui.videos.library_findings import findings
from ui.videos.table import follow_edit, video_table
from ui.videos.upload import upload_list

seen_by = viewer()
creator_id = seen_by.creator_id
can_change = not seen_by.is_staff

st.title("Videos")
course = library(creator_id)
under_way = st.container()
said = st.container()  # placed above the filters, filled once everything has been read
if can_change:
    upload_and_order_buttons(can_reorder=course.total_videos > 1)
filters = video_filters(course.categories) if course.total_videos else VideoFilters()
if can_change:
    follow_edit()
with gathering():
    if course.total_videos:
        standing_out = videos_standing_out(creator_id)
        found = videos(creator_id, filters)
        if found.total and found.videos.empty:  # a page beyond the last
            filters = replace(filters, offset=0)
            found = videos(creator_id, filters)
        course_names = courses_of_contents(creator_id)
    there = data_there(creator_id)
    uploads = shown_uploads(creator_id) if can_change else []
    dialog = asked_dialog(seen_by) if can_change else None
remember_list("videos")

if can_change:
    with under_way:
        upload_list(seen_by, uploads, ask_to_replace)

if not course.total_videos:
    with said:
        nothing_without_data(
            "No videos yet.",
            "Upload the first one; its figures appear within a minute of the first viewer."
            if can_change
            else "The creator has not uploaded any.",
        )
else:
    with said:
        missing_note(there)
        updated(course.refreshed_at, seen_by)
        findings(course, standing_out)
    if found.total:
        first = filters.offset + 1
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            shown = f"{grouped(first)} to {out_of(filters.offset + len(found.videos), found.total, 'video')}"
            st.caption(shown, width="content")
            export_link("videos")
        video_table(found, course_names, can_change=can_change)
        page_choice(PAGE, found.total, PAGE_SIZE)
    else:
        nothing_yet("No videos match these filters.", "Change the filters, or clear them all.")
        if are_filters_set(filters):
            cleared_filters_button(FILTERS)

if dialog:
    dialog()
