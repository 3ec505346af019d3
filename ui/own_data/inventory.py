"""What a creator's data consists of so far, in words."""

import streamlit as st

from queries.overview.data_there import DataThere
from rules.formatting import counted
from rules.sentences import sentence
from ui.own_data.missing import missing_in_words

DEMO = "This is the dashboard of a demo creator: everything in it is invented."


def inventory(there: DataThere, *, is_demo: bool) -> None:
    """What there is, what is missing, and when figures follow."""
    if is_demo:
        st.info(DEMO, icon=":material/science:")
    if there.students or there.videos:
        st.markdown(there_in_words(there))
    if lacking := missing_in_words(there):
        st.markdown(f"**{lacking}** Choose a way in below; figures appear within a minute of the data.")


@sentence
def there_in_words(there: DataThere) -> str:
    """How many of each kind."""
    return (
        f"{counted(there.students, 'student')}, {counted(there.videos, 'video')}, "
        f"{counted(there.quizzes, 'quiz', 'quizzes')}, {counted(there.questions, 'question')} of students."
    )
