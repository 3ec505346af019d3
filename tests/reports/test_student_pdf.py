"""The progress report of one student: everything about them, under their name."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import URL

from queries.students.history import WATCHED_SHOWN
from reports.student_pdf import student_report
from rules.errors import InputError
from tests.builders import ACreator, a_chat, a_creator, a_question, a_quiz, a_student, a_video, a_watch, an_attempt

MANY = 60  # more than any list of the student's page shows at once
ADA = a_student("Ada Moss")
VIDEOS = [a_video(f"Lesson {number:02}", position=number) for number in range(1, 31)]


@pytest.fixture(scope="module")
def creator(shared_database: URL) -> ACreator:
    quiz = a_quiz("Loops quiz")
    return a_creator(
        [ADA, quiz, *VIDEOS],
        [a_watch(ADA, video, days_ago=number) for number, video in enumerate(VIDEOS, 1)],
        [an_attempt(ADA, quiz, attempt_number=number, days_ago=MANY - number / 2) for number in range(1, MANY + 1)],
        [
            a_chat(a_question(f"Why is it {number:03}?"), student=ADA, days_ago=number / 2)
            for number in range(1, MANY + 1)
        ],
    )


def test_every_row_is_there_under_the_students_name(creator: ACreator) -> None:
    document = PdfReader(BytesIO(student_report(creator.id, ADA.id)))
    text = "\n".join(page.extract_text() for page in document.pages)

    assert document.metadata.title == "Progress report on Ada Moss"
    assert f"the last {WATCHED_SHOWN} of {len(VIDEOS)} videos" in text
    assert [video.values["title"] for video in VIDEOS if video.values["title"] not in text] == []
    assert [number for number in range(1, MANY + 1) if f"Why is it {number:03}?" not in text] == []
    assert text.count("Loops quiz") >= 2 * MANY  # as an attempt, and as an event
    assert "None" not in text


def test_an_outsider_gets_no_report(creator: ACreator) -> None:
    with pytest.raises(InputError, match="has no student"):
        student_report(a_creator().id, ADA.id)
