"""A course in which nearly everything is found, for tests of what is said about findings."""

from tests.rows import (
    Rows,
    a_chat,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
)

SPOKEN = "Here loops begin. Are you still there? This is the long rest of it. Goodbye."


def everything_found() -> Rows:
    """One of nearly every kind of finding, two of some: students leave, fail, ask, and stop coming."""
    loops = a_video("Loops", duration_seconds=900, transcript=SPOKEN)
    sorting = a_video("Sorting", position=1, duration_seconds=300)
    first, second = a_quiz("First quiz", video=loops), a_quiz("Second quiz", video=sorting, position=1)
    wrong = a_quiz_question(first, prompt="Which?")
    easy = [a_quiz_question(first, prompt=f"Easy {number}?", position=number) for number in (2, 3)]
    hard = [a_quiz_question(second, prompt=f"How {number}?", position=number) for number in (1, 2)]
    crowd = [a_student(f"Student {number}", enrolled_days_ago=60) for number in range(24)]
    lost = [a_student(f"Lost {number}", enrolled_days_ago=60) for number in range(2)]
    strong = set(crowd[:14])
    return [
        [*crowd, *lost],
        [loops, sorting, first, second, wrong, easy, hard],
        [a_watch(one, loops, days_ago=9 + number % 9, seconds=420) for number, one in enumerate(crowd)],
        [a_watch(one, loops, days_ago=9, start_second=100, seconds=60) for one in crowd[:16]],
        [a_watch(one, loops, days_ago=30, seconds=900) for one in lost],
        [a_watch(one, sorting, days_ago=9, seconds=100) for one in crowd[:6]],
        [
            an_attempt(
                one,
                first,
                passed=False,
                days_ago=10,
                answers={wrong: one not in strong, easy[0]: one in strong, easy[1]: one in strong},
            )
            for one in crowd
        ],
        [an_attempt(one, second, passed=False, days_ago=10, answers=dict.fromkeys(hard, False)) for one in crowd[:12]],
        [a_chat(a_question("What is recursion?", video=loops), student=one, days_ago=2) for one in crowd[:5]],
        [a_chat(a_question("Why twice?", rating=0), an_answer(), student=one, days_ago=3) for one in crowd[:4]],
    ]
