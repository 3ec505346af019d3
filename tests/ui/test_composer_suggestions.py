"""The text that a message to students begins with."""

import pytest

from database.announcements import LONGEST_SUBJECT
from queries.students.reasons import SIGNALS
from tests.builders import a_creator, a_student, a_video, a_watch
from ui.composer.suggestions import NO_SUBJECT, Text, content_about, suggested_text, suggested_text_to
from ui.students.panels import SIGNAL_BADGES


@pytest.mark.parametrize("kind", SIGNALS)
def test_every_signal_has_a_text_that_fits_and_a_badge(kind):
    subject, said = content_about(kind, "why " * 5_000)

    assert 0 < len(subject) <= LONGEST_SUBJECT
    assert said
    assert kind in SIGNAL_BADGES


@pytest.mark.parametrize("about", ["silent", "came_back", "finished", "never_started"])
def test_several_students_are_greeted_each_by_name(about):
    text = suggested_text(about, "Mira\nVale")

    assert text.body.startswith("Hi {first name},\n\n")
    assert text.body.endswith("\n\nBest wishes,\nMira Vale")


@pytest.mark.parametrize("about", [*NO_SUBJECT, "nonsense", ""])
def test_what_is_about_one_students_video_or_quiz_is_no_text_for_several(about):
    assert suggested_text(about, "Mira Vale") == Text("", "")


def test_one_student_is_written_to_about_the_worst_signal_and_its_subject(shared_database):
    ada, video = a_student("Ada Moss", enrolled_days_ago=60), a_video("Loops", duration_seconds=600)
    creator = a_creator(ada, video, a_watch(ada, video, days_ago=9, seconds=300))
    outsider = a_creator()

    text = suggested_text_to(creator.id, ada.id, "Mira Vale")

    assert (text.subject, "in the course for a while" in text.body) == ("How are you getting on?", True)
    assert suggested_text_to(outsider.id, ada.id, "Eve").subject == "How is the course going?"
