"""Courses, runs and enrolments changed by programs: all or nothing, and only the creator's own."""

from typing import Any
from uuid import uuid4

import pytest

from tests import oracle
from tests.api.asking import by_key
from tests.builders import a_creator, a_quiz, a_student, a_video

pytestmark = pytest.mark.usefixtures("shared_database")

CURRENT = {"figuresAreCurrent": True}


@pytest.fixture
def owned(shared_database):
    """A creator of one course, with two students, a video and a quiz."""
    rows = (a_student("Ada"), a_student("Bo"), a_video("Loops"), a_quiz("Loops quiz"))
    return a_creator(*rows), *(row.id for row in rows)


def writing(creator):
    return by_key(creator.id, "write")


def courses_by_title(creator) -> dict[str, Any]:
    return {one["title"]: one for one in writing(creator).get("/creator/courses").json()["courses"]}


def enrolled_in(creator, run_id) -> set[Any]:
    rows = oracle.rows_of(creator.id, "enrolments")
    return {row["student_id"] for row in rows if str(row["run_id"]) == run_id and row["ended_at"] is None}


def test_a_course_is_added_named_closed_opened_and_put_in_order(owned):
    creator = owned[0]
    ask = writing(creator)

    added = ask("POST", "/creator/courses", json={"title": "Sorting"})
    course = added.json()["id"]
    assert added.status_code == 201
    assert added.json() | {"runs": []} == {"id": course, "title": "Sorting", "closedAt": None, "runs": []}
    assert len(added.json()["runs"]) == 1

    changed = ask("PATCH", f"/creator/courses/{course}", json={"title": "Searching", "closed": True})
    assert (changed.json()["title"], changed.json()["closedAt"]) == ("Searching", "2026-03-04T12:00:00Z")
    named = ask("PATCH", f"/creator/courses/{course}", json={"title": "Sorting again"})
    assert named.json()["closedAt"] == "2026-03-04T12:00:00Z"
    opened = ask("PATCH", f"/creator/courses/{course}", json={"closed": False})
    assert (opened.json()["title"], opened.json()["closedAt"]) == ("Sorting again", None)

    first = courses_by_title(creator)[""]["id"]
    assert ask("PUT", "/creator/courses/order", json={"courseIds": [course, first]}).status_code == 204
    assert list(courses_by_title(creator)) == ["Sorting again", ""]


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"title": "Sorting"}, 'There is already a course called "Sorting"'),
        ({"title": "Anew", "closed": True}, "This is the only open course"),
    ],
)
def test_a_change_of_a_course_is_made_whole_or_not_at_all(owned, changes, detail):
    creator = owned[0]
    ask = writing(creator)
    other = ask("POST", "/creator/courses", json={"title": "Sorting"}).json()["id"]
    ask("PATCH", f"/creator/courses/{other}", json={"closed": True})
    first = courses_by_title(creator)[""]["id"]

    answer = ask("PATCH", f"/creator/courses/{first}", json=changes)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert detail in answer.json()["detail"]
    assert courses_by_title(creator)[""]["closedAt"] is None


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, None, 5])
def test_a_title_that_is_none_is_refused(owned, title):
    answer = writing(owned[0])("POST", "/creator/courses", json={"title": title})

    assert answer.status_code in (409, 422)
    assert list(courses_by_title(owned[0])) == [""]


def test_an_order_that_does_not_name_every_course_once_is_refused(owned):
    [course] = courses_by_title(owned[0]).values()

    for ids in ([], [course["id"], course["id"]], [str(uuid4())]):
        assert writing(owned[0])("PUT", "/creator/courses/order", json={"courseIds": ids}).status_code == 409


def test_a_run_is_added_and_changed_field_by_field(owned):
    creator = owned[0]
    ask, course = writing(creator), courses_by_title(creator)[""]["id"]
    dates = {"startsAt": "2026-04-01T00:00:00+02:00", "endsAt": "2026-07-01T00:00:00Z"}

    added = ask("POST", f"/creator/courses/{course}/runs", json={"title": "Spring", **dates})
    run = added.json()["id"]
    told = {"id": run, "title": "Spring", "startsAt": "2026-03-31T22:00:00Z", "endsAt": "2026-07-01T00:00:00Z"}
    assert (added.status_code, added.json()) == (201, told)

    assert ask("PATCH", f"/creator/runs/{run}", json={"title": "April"}).json() == told | {"title": "April"}
    endless = ask("PATCH", f"/creator/runs/{run}", json={"endsAt": None}).json()
    assert endless == told | {"title": "April", "endsAt": None}
    assert ask("PATCH", f"/creator/runs/{run}", json={}).json() == endless


@pytest.mark.parametrize("field", ["startsAt", "endsAt"])
@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2026-04-01T00:00:00", "the time zone is missing; write it as 2026-03-04T12:00:00Z"),
        ("2026-04-01", "the time zone is missing"),
        ("in spring", "this is not a time; write it as"),
        (1_775_000_000, "a time is text"),
        ("1989-12-31T23:59:59Z", "it must be between 1990 and 2100"),
        ("2100-01-01T00:00:00Z", "it must be between 1990 and 2100"),
    ],
)
def test_a_date_that_cannot_be_used_is_named_with_what_to_write(owned, field, written, message):
    creator = owned[0]
    ask, course = writing(creator), courses_by_title(creator)[""]
    wanted = {"startsAt": "2026-03-30T00:00:00Z", "endsAt": "2026-07-01T00:00:00Z"} | {field: written}

    for method, path in (
        ("POST", f"/creator/courses/{course['id']}/runs"),
        ("PATCH", f"/creator/runs/{course['runs'][0]['id']}"),
    ):
        answer = ask(method, path, json=wanted)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["value"]) == (422, field, written)
        assert message in error["message"]


def test_a_run_cannot_end_before_it_begins(owned):
    creator = owned[0]
    run = courses_by_title(creator)[""]["runs"][0]["id"]
    writing(creator)("PATCH", f"/creator/runs/{run}", json={"startsAt": "2026-04-01T00:00:00Z"})

    answer = writing(creator)("PATCH", f"/creator/runs/{run}", json={"endsAt": "2026-03-01T00:00:00Z"})

    assert answer.status_code == 409
    assert "would end on 1 March 2026, which is not after its start on 1 April 2026" in answer.json()["detail"]


def test_a_zone_far_from_utc_is_taken(owned):
    run = courses_by_title(owned[0])[""]["runs"][0]["id"]

    answer = writing(owned[0])("PATCH", f"/creator/runs/{run}", json={"startsAt": "2026-04-01T00:00:00-22:11"})

    assert answer.json()["startsAt"] == "2026-04-01T22:11:00Z"


def test_videos_and_quizzes_go_to_another_course_all_or_none(owned):
    creator, _, _, video, quiz = owned
    ask = writing(creator)
    course = ask("POST", "/creator/courses", json={"title": "Sorting"}).json()["id"]
    foreign = a_video("Lists")
    a_creator(foreign)

    for missing in (uuid4(), foreign.id):
        for what, ids in (("videos", [str(video), str(missing)]), ("quizzes", [str(quiz), str(missing)])):
            field = {"videos": "videoIds", "quizzes": "quizIds"}[what]
            answer = ask("PUT", f"/creator/courses/{course}/{what}", json={field: ids})
            [error] = answer.json()["errors"]
            assert (answer.status_code, error["field"], error["value"]) == (404, field, str(missing))
    assert ask.get(f"/creator/videos?course={course}").json()["total"] == 0

    assert ask("PUT", f"/creator/courses/{course}/videos", json={"videoIds": [str(video)]}).json() == CURRENT
    assert ask("PUT", f"/creator/courses/{course}/quizzes", json={"quizIds": [str(quiz)]}).json() == CURRENT
    assert ask.get(f"/creator/videos?course={course}").json()["videos"][0]["id"] == str(video)
    assert [one["quizId"] for one in ask.get(f"/creator/quizzes?course={course}").json()["quizzes"]] == [str(quiz)]


def test_students_are_enrolled_moved_and_ended_and_the_figures_follow(owned):
    creator, ada, bo, _, _ = owned
    ask = writing(creator)
    course = ask("POST", "/creator/courses", json={"title": "Sorting"}).json()
    first = course["runs"][0]["id"]
    second = ask("POST", f"/creator/courses/{course['id']}/runs", json={"title": "Summer"}).json()["id"]
    both = {"studentIds": [str(ada), str(bo), str(bo)]}

    begun = ask("POST", f"/creator/runs/{first}/enrolments", json={**both, "accessExpiresAt": "2026-09-01T00:00:00Z"})
    assert begun.json() == {"changed": 2, "unchanged": 0}
    again = ask("POST", f"/creator/runs/{first}/enrolments", json={**both, "accessExpiresAt": "2026-09-01T00:00:00Z"})
    assert again.json() == {"changed": 0, "unchanged": 2}
    assert ask.get(f"/creator/dashboard?run={first}").json()["students"]["total"] == 2

    moved = ask("POST", f"/creator/runs/{first}/enrolments/move", json={"toRunId": second, "studentIds": [str(bo)]})
    assert moved.json() == {"changed": 1, "unchanged": 0}
    assert (enrolled_in(creator, first), enrolled_in(creator, second)) == ({ada}, {bo})

    ended = ask("POST", f"/creator/runs/{second}/enrolments/end", json=both)
    assert ended.json() == {"changed": 1, "unchanged": 1}
    assert ask.get(f"/creator/dashboard?course={course['id']}").json()["students"]["total"] == 1


ENROLMENTS = ["enrolments", "enrolments/end", "enrolments/move"]


@pytest.mark.parametrize("path", ENROLMENTS)
def test_a_student_who_is_not_there_is_named_and_nobody_is_changed(owned, path):
    creator, ada = owned[:2]
    ask, course = writing(creator), courses_by_title(owned[0])[""]
    run = course["runs"][0]["id"]
    to = ask("POST", f"/creator/courses/{course['id']}/runs", json={}).json()["id"]
    foreign = a_student("Dan")
    a_creator(foreign)
    before = (enrolled_in(creator, run), enrolled_in(creator, to))

    for missing in (uuid4(), foreign.id):
        body = {"studentIds": [str(ada), str(missing)]} | ({"toRunId": to} if path.endswith("move") else {})
        answer = ask("POST", f"/creator/runs/{run}/{path}", json=body)
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["field"], error["value"]) == (404, "studentIds", str(missing))
    assert (enrolled_in(creator, run), enrolled_in(creator, to)) == before


def test_students_move_to_another_run_of_the_creators_own(owned):
    creator, ada = owned[:2]
    run = courses_by_title(creator)[""]["runs"][0]["id"]
    foreign = courses_by_title(a_creator(a_student("Dan")))[""]["runs"][0]["id"]

    for to in (foreign, str(uuid4())):
        body = {"toRunId": to, "studentIds": [str(ada)]}
        answer = writing(creator)("POST", f"/creator/runs/{run}/enrolments/move", json=body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "toRunId")
    same = writing(creator)("POST", f"/creator/runs/{run}/enrolments/move", json={"toRunId": run, "studentIds": []})
    assert same.status_code == 409
    assert ada in enrolled_in(creator, run)


def test_too_many_students_at_once_are_refused(owned):
    run = courses_by_title(owned[0])[""]["runs"][0]["id"]

    answer = writing(owned[0])("POST", f"/creator/runs/{run}/enrolments", json={"studentIds": [str(owned[1])] * 10_001})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "studentIds")


def test_another_creators_courses_and_runs_cannot_be_changed(owned):
    creator, ada = owned[:2]
    [course] = courses_by_title(creator).values()
    run, outsider = course["runs"][0]["id"], writing(a_creator(a_student("Dan")))
    before = oracle.rows_of(creator.id, "enrolments")

    for method, path, body in (
        ("PATCH", f"/creator/courses/{course['id']}", {"title": "Mine"}),
        ("POST", f"/creator/courses/{course['id']}/runs", {"title": "Mine"}),
        ("PUT", f"/creator/courses/{course['id']}/videos", {"videoIds": []}),
        ("PUT", f"/creator/courses/{course['id']}/quizzes", {"quizIds": []}),
        ("PATCH", f"/creator/runs/{run}", {"title": "Mine"}),
        ("POST", f"/creator/runs/{run}/enrolments", {"studentIds": [str(ada)]}),
        ("POST", f"/creator/runs/{run}/enrolments/end", {"studentIds": [str(ada)]}),
        ("POST", f"/creator/runs/{run}/enrolments/move", {"toRunId": str(uuid4()), "studentIds": [str(ada)]}),
    ):
        foreign, missing = outsider(method, path, json=body), outsider(method, with_other_id(path), json=body)
        assert (foreign.status_code, foreign.content) == (404, missing.content), path
    assert list(courses_by_title(creator)) == [""]
    assert oracle.rows_of(creator.id, "enrolments") == before


def with_other_id(path: str) -> str:
    beginning, what, _, *rest = path.strip("/").split("/")
    return "/".join(["", beginning, what, str(uuid4()), *rest])


def test_what_changes_shows_in_the_next_answer(owned):
    creator = owned[0]
    ask = writing(creator)
    before = ask.get("/creator/courses")

    ask("POST", "/creator/courses", json={"title": "Sorting"})
    after = ask.get("/creator/courses", **{"if-none-match": before.headers["etag"]})

    assert [one["title"] for one in after.json()["courses"]] == ["", "Sorting"]
    assert after.json()["courses"][1]["figures"]["students"] == 0
