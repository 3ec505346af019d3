"""Videos: the library, one video's analytics, and changes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from actions.videos import VideoUpdates, delete_video, reorder_videos, stored_details, update_video
from api.callers import Caller, CallerOf
from api.problems import CONFLICT, Problem, not_found
from api.routing import FiguresRoute, WritingRoute, routes
from api.schemas.base import MOST_ROWS_SKIPPED, Text, rows
from api.schemas.problem import responses
from api.schemas.videos import Changed, VideoAnalyticsAnswer, VideoChanges, VideoDetails, VideoList, VideoOrder
from queries.students.lists import PAGE_LIMIT, SortOrder
from queries.videos.drop_offs import drop_off_points
from queries.videos.library import VideoToEdit, video_to_edit
from queries.videos.lists import Band, SortBy, Status, VideoFilters
from queries.videos.lists import videos as videos_of
from queries.videos.one_video import quiz_results_of_video, related_questions, video_analytics
from queries.videos.playback import retention_curve, sections
from rules.errors import InputError

videos = routes(FiguresRoute, "Videos")
changes = routes(WritingRoute, "Videos")


@videos.get("/videos", response_model=VideoList)
def video_list(
    caller: CallerOf,
    status: Status = "all",
    category: Annotated[Text | None, Query(max_length=80)] = None,
    band: Band | None = None,
    search: Annotated[Text, Query(description="Part of a title.", max_length=100)] = "",
    sort_by: Annotated[SortBy, Query(alias="sortBy")] = "position",
    sort_order: Annotated[SortOrder, Query(alias="sortOrder")] = "asc",
    limit: Annotated[int, Query(ge=1, le=PAGE_LIMIT)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_ROWS_SKIPPED)] = 0,
) -> Any:
    """One page of the videos that match, sorted."""
    filters = VideoFilters(status, category, band, search, sort_by, sort_order, limit, offset)
    found = videos_of(caller.creator_id, filters)
    return {
        "videos": rows(found.videos),
        "total": found.total,
        "page": found.page,
        "page_size": limit,
        "has_more": found.has_more,
    }


@videos.get("/videos/{videoId:uuid}", response_model=VideoAnalyticsAnswer)
def one_video(caller: CallerOf, videoId: UUID) -> Any:  # from the address
    """One video's figures: retention, drop-off points, questions."""
    creator_id = caller.creator_id
    figures = video_analytics(creator_id, videoId)
    if figures is None:
        raise not_found()
    told = {name: getattr(figures, name) for name in (*figures.__dataclass_fields__, "completion_band")}
    return told | {
        "retention": rows(retention_curve(creator_id, videoId)),
        "drop_off_points": rows(drop_off_points(creator_id, videoId)),
        "sections": rows(sections(creator_id, videoId)),
        "related_questions": rows(related_questions(creator_id, videoId)),
        "quizzes": rows(quiz_results_of_video(creator_id, videoId)),
    }


@changes.put("/videos/order", response_model=Changed, responses=responses(CONFLICT))
def reorder(caller: CallerOf, order: VideoOrder) -> Any:
    """Put the videos in order; the list must name every video exactly once."""
    try:
        return {"figures_are_current": reorder_videos(caller.author, caller.creator_id, order.video_ids)}
    except InputError as error:
        raise Problem(CONFLICT, str(error)) from error


@changes.patch("/videos/{videoId:uuid}", response_model=VideoDetails)
def update(caller: CallerOf, videoId: UUID, wanted: VideoChanges) -> Any:  # from the address
    """Edit the details of a video; fields that are left out stay as they are."""
    before = _details(caller, videoId)
    given = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    kept = {name: getattr(before, name) for name in VideoUpdates.__dataclass_fields__}
    wanted_details = VideoUpdates(**_cleared(kept | given))
    update_video(caller.author, caller.creator_id, videoId, wanted_details, opened=stored_details(**kept))
    return VideoDetails.model_validate(_details(caller, videoId), from_attributes=True)


@changes.delete("/videos/{videoId:uuid}", status_code=204)
def delete(caller: CallerOf, videoId: UUID) -> Response:  # from the address
    """Delete a video from the course and from all figures; its history stays."""
    delete_video(caller.author, caller.creator_id, videoId)
    return Response(status_code=204)


def _details(caller: Caller, video_id: UUID) -> VideoToEdit:
    found = video_to_edit.fresh(caller.creator_id, video_id)
    if found is None:
        raise not_found()
    return found


def _cleared(values: dict[str, Any]) -> dict[str, Any]:
    """null clears a field."""
    empty = {"description": "", "tags": ()}
    return {name: empty.get(name) if value is None else value for name, value in values.items()}
