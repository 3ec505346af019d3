"""Students: the list with every filter, and one student."""

from dataclasses import asdict
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request, Response

from api.callers import CallerOf
from api.problems import CONFLICT, Problem, not_found
from api.routing import FiguresRoute, routes
from api.schemas.base import MOST_ROWS_SKIPPED, Text, rows
from api.schemas.problem import responses
from api.schemas.students import StudentList, StudentProfile
from database.settings import settings
from queries.students.details import StudentDetails, student_details
from queries.students.lists import PAGE_LIMIT, LastActive, ProgressRange, SortBy, SortOrder, Status, StudentFilters
from queries.students.lists import students as students_of
from queries.students.paging import Cursor, cursor

students = routes(FiguresRoute, "Students")


AFTER = "Continue after this student; take it from the `Link` to the next page. Nobody is skipped when others enrol."
CURSOR = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(~[0-9T:.+-]{1,40})?$"


@students.get("/students", response_model=StudentList, responses=responses(CONFLICT))
def student_list(
    request: Request,
    response: Response,
    caller: CallerOf,
    status: Status = "all",
    progress: ProgressRange | None = None,
    last_active: Annotated[LastActive | None, Query(alias="lastActive")] = None,
    search: Annotated[
        Text,
        Query(description="Words, each of which begins a word of the name or email, in any order.", max_length=100),
    ] = "",
    sort_by: Annotated[SortBy, Query(alias="sortBy")] = "lastActive",
    sort_order: Annotated[SortOrder, Query(alias="sortOrder")] = "desc",
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_ROWS_SKIPPED)] = 0,
    after: Annotated[str | None, Query(pattern=CURSOR, description=AFTER)] = None,
) -> Any:
    """One page of the students that match, sorted."""
    found = students_of(
        caller.creator_id,
        StudentFilters(
            status=status,
            progress=progress,
            last_active=last_active,
            search=search,
            sort_by=sort_by,
            sort_order=sort_order,
            limit=limit,
            offset=offset,
            after=_cursor(after, sort_by),
        ),
    )
    if found.next_cursor:
        response.headers["Link"] = _link_to_next(request, found.next_cursor)
    return {
        "students": rows(found.students),
        "total": found.total,
        "page": found.page,
        "page_size": limit,
        "has_more": found.has_more,
    }


@students.get("/students/{studentId:uuid}", response_model=StudentProfile)
def student_profile(caller: CallerOf, studentId: UUID) -> Any:  # from the address
    """Everything about one student."""
    details = student_details(caller.creator_id, studentId)
    if details is None:
        raise not_found()
    return _profile(details)


def _cursor(written: str | None, sort_by: SortBy) -> Cursor | None:
    try:
        return cursor(written, sort_by) if written else None
    except ValueError as error:
        raise Problem(CONFLICT, f'after is "{written}", which does not match sortBy={sort_by}. {error}') from error


def _link_to_next(request: Request, behind: Cursor) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in ("after", "offset")]
    query = urlencode([*kept, ("after", str(behind))])
    return f'<{settings().public_url}/api/creator/students?{query}>; rel="next"'


def _profile(details: StudentDetails) -> dict[str, Any]:
    return {
        "student": asdict(details.student),
        "signals": rows(details.signals),
        "course": rows(details.course),
        "attempts": rows(details.attempts),
        "questions": rows(details.questions),
        "timeline": rows(details.timeline.rows),
    }
