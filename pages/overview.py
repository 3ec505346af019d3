"""The overview page: how students are doing, at a glance."""

import streamlit as st

from charts.engagement import daily_active_users_line, has_playback, learning_activity_bars, peak_hours_bars
from queries.definitions import help_for
from queries.overview.data_there import data_there
from queries.overview.engagement import (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    peak_hours,
)
from queries.overview.headline import overview_stats
from queries.periods.phrases import compared, in_period
from queries.preferences import preferences
from queries.students.lists import most_at_risk
from rules.formatting import about_minutes
from ui.account.viewer import viewer
from ui.exports.link import report_links
from ui.overview.at_risk import at_risk_alert
from ui.overview.cards import chosen_cards, show_cards
from ui.overview.quick_actions import quick_actions
from ui.overview.summary import summary_sentence
from ui.own_data.missing import nothing_without_data
from ui.periods.choice import period_filter
from ui.periods.timeline import happenings, timeline, what_happened
from ui.shared.drawing import show_chart
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.stamp import updated

seen_by = viewer()
creator_id = seen_by.creator_id
zone = seen_by.creator.timezone.replace("_", " ")
chosen = preferences(creator_id)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Overview", width="content")
    period = period_filter(chosen.period)

with gathering():
    stats, there = overview_stats(creator_id), data_there(creator_id)
    if stats.total_students:
        days = daily_active_users(creator_id, period)
        active = active_in_period(creator_id, period)
        cards = chosen_cards(chosen.cards, creator_id, stats, active, days, period)
        at_risk = most_at_risk(creator_id)
        hours = peak_hours(creator_id, period)
        minutes = average_session_minutes(creator_id, period)
        drawn_with, happened = timeline(creator_id, period), happenings(creator_id, period)

if stats.total_students or stats.refreshed_at:
    updated(stats.refreshed_at, seen_by)
if not stats.total_students:
    nothing_without_data(
        "No students have enrolled yet.",
        "Invite students, or bring in a course with them. Figures appear within a minute of the first activity.",
    )
    quick_actions(seen_by, has_students=False)
    st.stop()

st.write(summary_sentence(stats, active, period))
report_links(period)
show_cards(cards, period)

at_risk_alert(at_risk)
quick_actions(seen_by)

if not there.has_activity:
    nothing_without_data(
        "No activity of students has arrived yet.",
        "Charts appear within a minute of the first video watched, quiz taken or question asked.",
    )
    st.stop()
if not days.loc[days["window"] == "this", "active_students"].any():
    nothing_yet(
        f"No students were active {in_period(period)}.",
        "Choose a longer period above, or write to the students who need attention.",
    )
    st.stop()

with st.container(border=True):
    st.header("Daily active users", help=help_for("daily_active_users"))
    show_chart(
        daily_active_users_line,
        days,
        drawn_with,
        alt=f"Active students per day over {period.label}, with {compared(period)}",
    )

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Learning activity", help=help_for("learning_activity"))
        measure = "Minutes watched" if has_playback(days) else "Activities"
        show_chart(learning_activity_bars, days, drawn_with, alt=f"{measure} per day over {period.label}")
    with st.container(border=True, height="stretch"):
        st.header("Peak hours", help=help_for("peak_hours"))
        show_chart(
            peak_hours_bars,
            hours,
            alt=f"Activities per hour of the day over {period.label}",
        )
        if minutes is not None:
            st.caption(
                f"Hours in {zone}. A visit lasts {about_minutes(minutes)} on average.",
                help=help_for("avg_session_time"),
            )

what_happened(happened)
