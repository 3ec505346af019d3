import time

import pytest

from drafts.quiz import BLANK, FEWEST, MOST, TooLittleText, draft_quiz
from drafts.terms import key_terms, term_weights
from drafts.transcript import sentences

LESSON = (
    "Welcome back to the course on watercolour painting. "
    "A wash covers the paper with one thin layer of pigment. "
    "Granulation happens when heavy pigment settles in the hollows of rough paper. "
    "Masking fluid protects the white of the paper while you paint over it. "
    "Glazing puts one transparent layer over another that has dried. "
    "A hake brush carries plenty of water for a wide sky. "
    "Blooms appear when water runs back into pigment that is half dry. "
    "Stretching keeps thin paper from buckling under water. "
    "Lifting takes pigment away again with a damp brush."
)
OTHER_LESSONS = [
    "Welcome back to the course on watercolour painting. Today we choose brushes and paper for a wide sky."
]


@pytest.mark.parametrize("count", [3, 4, 6])
def test_a_draft_has_as_many_questions_as_were_asked_for(count):
    assert len(draft_quiz(LESSON, 600, count, OTHER_LESSONS)) == count


def test_the_same_transcript_gives_the_same_draft():
    assert draft_quiz(LESSON, 600, 6, OTHER_LESSONS) == draft_quiz(LESSON, 600, 6, OTHER_LESSONS)


def test_every_question_hides_its_answer_and_names_its_sentence():
    for question in draft_quiz(LESSON, 600, 6, OTHER_LESSONS):
        assert BLANK in question.prompt
        assert question.correct_answer.casefold() not in question.prompt.casefold().split()
        assert question.source in LESSON
        assert question.correct_answer in question.source


def test_a_choice_holds_the_answer_once_among_options_that_all_differ():
    choices = [question for question in draft_quiz(LESSON, 600, 6, OTHER_LESSONS) if question.options]

    assert choices
    for question in choices:
        lowered = [option.casefold() for option in question.options]
        assert len(set(lowered)) == len(lowered) == 4
        assert question.options.count(question.correct_answer) == 1


def test_no_distractor_stands_in_the_sentence_itself():
    for question in draft_quiz(LESSON, 600, 6, OTHER_LESSONS):
        wrong = {option.casefold() for option in question.options} - {question.correct_answer.casefold()}
        assert not wrong & set(question.source.casefold().replace(".", "").split())


def test_questions_come_in_the_order_of_the_video_and_from_all_of_it():
    seconds = [question.second for question in draft_quiz(LESSON, 600, 4)]

    assert seconds == sorted(seconds)
    assert seconds[0] < 200 < 400 < seconds[-1]


def test_words_of_every_lesson_tell_less_than_words_of_this_one():
    ranked = key_terms(term_weights(LESSON, [LESSON.replace("Granulation", "It"), *OTHER_LESSONS]))

    assert ranked.index("granulation") < ranked.index("watercolour")


@pytest.mark.parametrize("transcript", ["", "   ", "Too short.", "One two three four five six seven."])
def test_a_transcript_that_is_too_short_says_what_to_do(transcript):
    with pytest.raises(TooLittleText, match="Extend the video's transcript"):
        draft_quiz(transcript, 60, 3)


@pytest.mark.parametrize("count", [FEWEST - 1, MOST + 1])
def test_other_numbers_of_questions_are_refused(count):
    with pytest.raises(ValueError, match=str(count)):
        draft_quiz(LESSON, 600, count)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script> ![x](https://evil.example/x.png) {{7*7}} %s $x$ :red[x] ",
        "\x00\x07\x1b[31m control characters stand between these words here ",
        "مرحبا بكم في هذا الدرس الطويل عن الرسم بالألوان المائية. ",
        "これは水彩画についてのとても長い文章です。 ",
        "a" * 5_000 + " ",
    ],
)
def test_hostile_text_neither_breaks_nor_hangs(hostile):
    questions = draft_quiz(hostile * 20 + LESSON, 600, 5)

    assert 3 <= len(questions) <= 5
    assert not any(character in question.prompt for question in questions for character in "\x00\x07\x1b")


def test_a_transcript_of_a_million_characters_is_read_in_seconds():
    long = " ".join(
        f"Part{number} of the machine drives gear{number} and wheel{number} together." for number in range(20_000)
    )

    began = time.process_time()
    questions = draft_quiz(long[:1_000_000], 3_600, 20)

    assert len(questions) == 20
    assert time.process_time() - began < 10  # this catches a hang, not a speed


def test_sentences_begin_in_proportion_to_their_length():
    spoken = sentences("Four words are here. Four words are here. Eight eight eight words are here now too.", 100)

    assert [sentence.second for sentence in spoken] == [0, 24, 49]
