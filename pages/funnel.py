"""How far students get in the course: the page."""

import streamlit as st

from charts.funnel import funnel_bars
from queries.definitions import help_for
from queries.funnel import funnel, most_stuck, steepest_drop, stuck_students
from ui.drawing import show_chart
from ui.empty import nothing_yet
from ui.funnel import drop_in_words, stuck_in_words, stuck_list, video_choice, video_links
from ui.viewer import viewer

seen_by = viewer()

st.title("Funnel", help=help_for("funnel"))
steps = funnel(seen_by.creator_id)
if steps.empty:
    nothing_yet(
        "There is no published video yet.", "Upload videos and put them in order; the funnel follows the order."
    )
    st.stop()
if not steps["reached"].any():
    nothing_yet("No student has started a video yet.", "Invite students, or write to those who have not started.")
    st.stop()

drop, stuck_at = steepest_drop(steps), most_stuck(steps)
st.markdown(f"{drop_in_words(drop)} {stuck_in_words(stuck_at)}")
video_links(drop)
with st.container(border=True):
    st.header("Students who reached each video", help=help_for("funnel"))
    show_chart(
        funnel_bars,
        steps,
        drop.place if drop else None,
        alt="Students who reached each video or a later one, in course order",
    )

with st.container(border=True):
    st.header("Who is stuck", help=help_for("stuck"))
    video_id = video_choice(steps, usual=stuck_at["video_id"] if stuck_at else steps["video_id"].iloc[0])
    stuck_list(stuck_students(seen_by.creator_id, video_id))
