"""Sentences about what data there is, and what is missing."""

from queries.overview.data_there import DataThere
from tests.sentences.case import CannotBe, Cases, says

ALWAYS_KNOWN = CannotBe("what is in the database is always known")


def there(students: int, videos: int, quizzes: int = 0, questions: int = 0, *, has_activity: bool = False) -> DataThere:
    return DataThere(students, questions, videos, quizzes, has_activity)


CASES: Cases = {
    "ui.own_data.missing.missing_in_words": {
        "empty": says("There are no students and no videos yet.", there(0, 0)),
        "one": says("No activity of students has arrived yet.", there(1, 1)),
        "two": says("There are no videos yet.", there(2, 0)),
        "all": says(None, there(12, 3, has_activity=True)),
        "none": says("There are no students yet.", there(0, 3)),
        "unknown": ALWAYS_KNOWN,
        "contradiction": says("There are no videos yet.", there(2, 0, has_activity=True)),
    },
    "ui.own_data.inventory.there_in_words": {
        "empty": says("0 students, 0 videos, 0 quizzes, 0 questions of students.", there(0, 0)),
        "one": says("1 student, 1 video, 1 quiz, 1 question of students.", there(1, 1, 1, 1)),
        "two": says("2 students, 2 videos, 2 quizzes, 2 questions of students.", there(2, 2, 2, 2)),
        "all": says("1,200 students, 40 videos, 12 quizzes, 3,000 questions of students.", there(1_200, 40, 12, 3_000)),
        "none": says("0 students, 3 videos, 0 quizzes, 0 questions of students.", there(0, 3)),
        "unknown": ALWAYS_KNOWN,
        "contradiction": says("0 students, 0 videos, 0 quizzes, 5 questions of students.", there(0, 0, 0, 5)),
    },
}
