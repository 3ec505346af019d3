"""The panels of the page of one video."""

from uuid import UUID

import pandas as pd
import streamlit as st

from charts.video import engagement_strip, retention_lines
from database.frames import records
from findings.videos import span
from queries.definitions import help_for
from queries.videos.drop_offs import DropOffRow
from queries.videos.one_video import RelatedQuestionRow, VideoAnalytics, VideoQuizRow
from queries.videos.playback import SectionRow, ViewersAt
from rules.excerpts import excerpt
from rules.formatting import LONGEST_QUOTE, counted, decimal, grouped, out_of, percent, percent_of_people, timestamp
from rules.sentences import always
from ui.shared.drawing import show_chart
from ui.shared.links import quiz_link, show_link, video_link
from ui.shared.text import plain
from ui.videos.findings import VideoShown, advice, fall_sentence, steepest_fall

STATUS_BADGES = {
    "completed": ("Published", "green"),
    "processing": ("Processing", "blue"),
    "uploaded": ("Waiting to be processed", "gray"),
    "failed": ("Processing failed", "red"),
}
SHOWN = 5
ALIKE = 0.05  # plays per viewer; smaller differences do not count


def title_line(video: VideoAnalytics) -> None:
    """Title, status and length."""
    words, colour = STATUS_BADGES[video.status]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(video.title), anchor=False, width="content")
        st.badge(words, color=colour)  # type: ignore[arg-type]
        if video.duration_seconds:
            st.badge(timestamp(video.duration_seconds), icon=":material/schedule:", color="gray")


def figures(video: VideoAnalytics) -> None:
    """The six headline figures."""
    with st.grid(3, min_column_width=150):
        _figure("Views", grouped(video.views), help_for("video_views"))
        _figure("Unique viewers", grouped(video.unique_viewers), help_for("video_viewers"))
        _figure(always("Views in 7 days"), grouped(video.views_7d), help_for("video_views_7d"))
        _figure(
            "Completion rate",
            percent_of_people(video.completion_rate_percent),
            f"{help_for('video_completion_rate')} {help_for('video_completion_band')}",
            video.completion_band,
        )
        _figure("Watched on average", percent_of_people(video.avg_watched_percent), help_for("video_watched"))
        _figure("Average drop-off", percent_of_people(video.avg_drop_off_percent), help_for("video_drop_off"))


def _figure(title: str, value: str, meaning: str, note: str | None = None) -> None:
    st.metric(title, value, note, delta_color="off", delta_arrow="off", help=meaning, border=True, height="stretch")


def advice_panel(found: VideoShown) -> None:
    with st.container(border=True):
        st.header("What you can do", help=help_for("video_advice"))
        st.markdown("\n".join(f"- {sentence}" for sentence in advice(found)))


def retention_panel(found: VideoShown, typical: pd.DataFrame, marked: int | None) -> None:
    """The curve with its source in words and, if playback is known, the strip of plays."""
    with st.container(border=True):
        st.header("Who is still watching", help=help_for("retention"))
        length, stops = found.length_seconds, [cliff.second for cliff in found.cliffs]
        st.caption(_source(found, typical))
        alt = f"Share of viewers over the length of the video. {_in_words(found.curve)}"
        show_chart(retention_lines, found.curve, typical, length, stops, marked, alt=alt)
        if found.has_playback and length:
            st.subheader("How often each second is played", help=help_for("engagement_strip"))
            show_chart(
                engagement_strip, found.curve, length, alt="Plays per viewer along the video, as one coloured strip"
            )


def second_panel(found: VideoShown, second: int, there: ViewersAt) -> None:
    """Who watches the second in the address, and what is said there."""
    with st.container(border=True):
        said = f"**At {timestamp(second)}**"
        if there.all_viewers:
            again = f"; it is played {grouped(there.plays)} times" if there.plays > there.viewers else ""
            said += f" {out_of(there.viewers, there.all_viewers, 'viewer')} watch this second{again}."
        st.markdown(f"{said}  \n{found.line_at(second) or 'There is no transcript to show what is said.'}")
        show_link(video_link(found.video.video_id), label="Remove mark", icon=":material/close:")


def sections_panel(found: VideoShown) -> None:
    """Which part is played most and least, and what is played again."""
    with st.container(border=True, height="stretch"):
        st.header("Most and least engaged sections", help=help_for("section_engagement"))
        by_plays = found.sections.sort_values("plays_per_viewer", ascending=False, kind="stable")
        most, least = (records(end, SectionRow)[0] for end in (by_plays.head(1), by_plays.tail(1)))
        if most.plays_per_viewer - least.plays_per_viewer < ALIKE:
            st.write("All parts of the video are played about equally often.")
        else:
            _section(found, most, "Most engaged")
            _section(found, least, "Least engaged")
        for stretch in records(found.replayed.head(SHOWN), SectionRow):
            _section(found, stretch, "Played again")
        if found.replayed.empty:
            st.caption("No section is played again and again.", help=help_for("replayed_section"))


def drop_offs_panel(found: VideoShown) -> None:
    """Where viewers stop for good; for a ready-made curve, where it falls most."""
    with st.container(border=True, height="stretch"):
        st.header("Where viewers stop", help=help_for("drop_off_point"))
        if not found.has_playback:
            _fall(found)
        elif found.drop_offs.empty:
            st.write("Everyone who started it watched it to the end.")
        elif not found.cliffs:
            st.write("No single moment drives viewers away; these are the places where most stop.")
        for point in records(found.drop_offs.head(SHOWN), DropOffRow):
            _drop_off(found, point)
        others = found.drop_offs.iloc[SHOWN:]["viewers_lost"].sum()
        if others:
            places = len(found.drop_offs) - SHOWN
            st.caption(f"{_people(int(others), 'more viewer')} stopped, spread over {counted(places, 'other place')}.")


def questions_panel(found: VideoShown) -> None:
    """What students ask about the video: people and messages, unanswered, badly answered."""
    video = found.video
    with st.container(border=True):
        st.header("Related questions", help=help_for("related_questions"))
        if found.questions.empty:
            st.write("No student has asked about this video yet. Questions from the chat appear here.")
            return
        askers, asked = _people(video.question_askers, "student"), _people(video.questions_asked, "message")
        st.write(f"{askers} asked about this video, in {asked}.")
        for question in records(_worth_showing(found.questions), RelatedQuestionRow):
            _question(question)


def quizzes_panel(quizzes: pd.DataFrame) -> None:
    with st.container(border=True):
        st.header("Quiz results", help=help_for("quiz_pass_rate_of_video"))
        if quizzes.empty:
            st.write("This video has no quiz.")
        for quiz in records(quizzes, VideoQuizRow):
            _quiz(quiz)


def _source(found: VideoShown, typical: pd.DataFrame) -> str:
    if found.has_playback:
        said = f"From the playback of {_people(int(found.curve['all_viewers'].max()), 'viewer')}, second by second."
    else:
        said = (
            f"From the {counted(len(found.curve), 'point')} that the platform reports for this video. It does not "
            "report who played which second, so it is unknown how often viewers replay a part."
        )
    if typical.empty:
        return f"{said} There is no other video of similar length with enough viewers to compare with."
    return f"{said} Compared with {_people(int(typical['videos'].max()), 'video')} of similar length."


def _in_words(curve: pd.DataFrame) -> str:
    shares = {place: curve[curve["position_percent"] <= place].tail(1) for place in (25, 50, 75, 100)}
    known = [
        f"{percent(row['retention_percent'].iloc[0])} at {percent(place)}" for place, row in shares.items() if len(row)
    ]
    return f"Still watching: {', '.join(known)} of the length."


def _section(found: VideoShown, section: SectionRow, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _place(found.video.video_id, section.start_second, span(section))
        per = "viewer who reaches it" if name == "Played again" else "viewer"
        st.markdown(f"**{name}:** played {decimal(section.plays_per_viewer)} times per {per}", width="content")
    if name == "Played again" and (line := found.line_at(section.start_second)):
        st.caption(line)


def _drop_off(found: VideoShown, point: DropOffRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _place(found.video.video_id, point.second, timestamp(point.second))
        share = percent_of_people(point.lost_percent)
        st.markdown(f"**{_people(point.viewers_lost, 'viewer')}** · {share} of those still watching", width="content")
        if point.is_cliff:
            st.badge("Cliff", icon=":material/trending_down:", color="red")
    if line := found.line_at(point.second):
        st.caption(line)


def _fall(found: VideoShown) -> None:
    fall = steepest_fall(found.curve)
    if fall is None:
        st.write("The curve does not fall: those who started it watched it to the end.")
        return
    st.markdown(f"{fall_sentence(found, fall)} The platform does not report the exact second.")
    second = fall.start.second
    if found.length_seconds and second is not None and (line := found.line_at(second)):
        st.caption(f"It begins at {line}")


def _place(video_id: UUID, second: int, label: str) -> None:
    """A link that marks the second in the chart."""
    show_link(
        video_link(video_id, second),
        label=label,
        icon=":material/play_arrow:",
        help="Mark this second in the chart and show what is said there",
    )


def _worth_showing(questions: pd.DataFrame) -> pd.DataFrame:
    """The most asked questions, followed by those answered badly or not at all."""
    trouble = questions["is_badly_answered"].astype(bool) | (questions["unanswered"] > 0)
    return pd.concat([questions.head(SHOWN), questions.iloc[SHOWN:][trouble.iloc[SHOWN:]].head(SHOWN)])


def _question(question: RelatedQuestionRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asked = f"{_people(question.people, 'student')}, {_people(question.messages, 'message')}"
        st.markdown(f"**{plain(excerpt(question.question, LONGEST_QUOTE))}** · {asked}", width="content")
        if question.unanswered:
            st.badge(f"{grouped(question.unanswered)} unanswered", icon=":material/hourglass_empty:", color="orange")
        if question.is_badly_answered:
            st.badge(
                f"Answers rated {percent(100 * (question.mean_rating or 0))}",
                icon=":material/thumb_down:",
                color="red",
            )


def _quiz(quiz: VideoQuizRow) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        show_link(quiz_link(quiz.quiz_id), label=plain(quiz.title), icon=":material/quiz:")
        if quiz.attempts:
            passed = f"**{percent_of_people(quiz.pass_rate_percent)}** passed"
            st.markdown(f"{passed} · {grouped(quiz.passed)} of {_people(quiz.attempts, 'attempt')}", width="content")
        else:
            st.markdown("No attempt yet.", width="content")
        if quiz.status == "draft":
            st.badge("Draft", color="gray")
        if quiz.is_struggling:
            st.badge("Mostly failed", icon=":material/warning:", color="red")


def _people(count: int, noun: str) -> str:
    return counted(count, noun)
