"""How the students are doing, at a glance: the page."""

import streamlit as st

from charts.engagement import daily_active_users_line, has_playback, learning_activity_bars, peak_hours_bars
from queries.definitions import help_for
from queries.engagement import (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    peak_hours,
)
from queries.overview import overview_stats
from queries.preferences import preferences
from queries.students import most_at_risk
from ui.at_risk import at_risk_alert
from ui.cards import chosen_cards, show_cards
from ui.drawing import show_chart
from ui.empty import nothing_yet
from ui.export_link import report_links
from ui.filters import period_filter
from ui.preferred import prefer_period
from ui.quick_actions import quick_actions
from ui.stamp import data_as_of
from ui.summary import summary_sentence
from ui.viewer import viewer

seen_by = viewer()
creator_id = seen_by.creator_id
zone = seen_by.creator.timezone.replace("_", " ")
chosen = preferences(creator_id)
prefer_period(chosen.period)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Overview", width="content")
    period = period_filter()

stats = overview_stats(creator_id)
data_as_of(stats.refreshed_at, seen_by.creator.timezone)
if not stats.total_students:
    nothing_yet(
        "No student has enrolled yet.",
        "Invite your students, or import a course. Figures appear within a minute of the first activity.",
    )
    quick_actions(seen_by)
    st.stop()

days = daily_active_users(creator_id, period)
active = active_in_period(creator_id, period)
st.write(summary_sentence(stats, active, period))
report_links(period.key)
show_cards(chosen_cards(chosen.cards, creator_id, stats, active, days, period), period)

at_risk_alert(most_at_risk(creator_id))
quick_actions(seen_by)

if not days.loc[days["window"] == "this", "active_students"].any():
    nothing_yet(
        f"No student was active in the last {period.label}.",
        "Choose a longer period above, or write to the students who need attention.",
    )
    st.stop()

with st.container(border=True):
    st.header("Daily active users", help=help_for("daily_active_users"))
    show_chart(
        daily_active_users_line,
        days,
        alt=f"Active students per day over {period.label}, with the period before it",
    )

with st.grid(2, min_column_width=340):
    with st.container(border=True, height="stretch"):
        st.header("Learning activity", help=help_for("learning_activity"))
        measure = "Minutes watched" if has_playback(days) else "Activities"
        show_chart(learning_activity_bars, days, alt=f"{measure} per day over {period.label}")
    with st.container(border=True, height="stretch"):
        st.header("Peak hours", help=help_for("peak_hours"))
        show_chart(
            peak_hours_bars,
            peak_hours(creator_id, period),
            alt=f"Activities per hour of the day over {period.label}",
        )
        minutes = average_session_minutes(creator_id, period)
        if minutes is not None:
            unit = "minute" if round(minutes) == 1 else "minutes"
            st.caption(
                f"Hours in {zone}. A visit lasts {minutes:.0f} {unit} on average.",
                help=help_for("avg_session_time"),
            )
