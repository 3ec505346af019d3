"""The page that shows how far students get in a course."""

import streamlit as st

from charts.funnel import funnel_bars
from queries.courses.funnel import funnel, most_stuck, steepest_drop, stuck_students
from queries.definitions import help_for
from ui.account.viewer import viewer
from ui.courses.funnel import chosen_video, funnel_sentences, stuck_list, video_choice, video_links
from ui.own_data.missing import nothing_without_data
from ui.shared.drawing import show_chart
from ui.shared.gathering import gathering
from ui.shared.text import plain

seen_by = viewer()

st.title("Funnel", help=help_for("funnel"))
with gathering():
    steps = funnel(seen_by.creator_id)
    if has_begun := bool(len(steps) and steps["reached"].any()):
        drop, stuck_at = steepest_drop(steps), most_stuck(steps)
        usual = stuck_at.video_id if stuck_at else steps["video_id"].iloc[0]
        students = stuck_students(seen_by.creator_id, chosen_video(steps, usual))

if steps.empty:
    nothing_without_data(
        "No videos are published yet.", "Upload videos and put them in order; the funnel follows that order."
    )
    st.stop()
if not has_begun:
    nothing_without_data(
        "No student has started a video yet.", "Invite students, or write to those who have not started."
    )
    st.stop()

st.markdown(funnel_sentences(steps))
video_links(drop)
with st.container(border=True):
    st.header("Students who reached each video", help=help_for("funnel"))
    for name in steps["course_title"].unique():
        of_course = steps[steps["course_title"] == name]
        if name:
            st.subheader(plain(name))
        before = int(of_course["place"].iloc[0]) - 1  # the videos of the courses before it
        show_chart(
            funnel_bars,
            of_course.assign(place=of_course["place"] - before).reset_index(drop=True),
            drop.place - before if drop else None,
            alt=f"Students who reached each video of {name or 'the course'} or a later one, in course order",
        )

with st.container(border=True):
    st.header("Who is stuck", help=help_for("stuck"))
    video_choice(steps, usual)
    stuck_list(students)
