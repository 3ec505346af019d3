"""What all routes of a creator's data share: caller, edition, thread, ETag."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

from fastapi import APIRouter, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from api import metrics
from api.callers import Caller, Right, let_in
from api.levels import ChosenCourse, asking_about, level_asked_for
from api.parameters import refuse_unknown
from api.remembered import RememberedAnswers
from api.schemas.base import ChosenCreator
from api.schemas.problem import responses
from api.threads import done_in_api_thread, in_api_thread
from database.canonical import digest
from database.levels import at_level
from database.settings import settings
from queries.cache.editions import Edition, Looks, one_look
from queries.cache.shared_cache import program_version

P = ParamSpec("P")
T = TypeVar("T")
Answer = Callable[[Request], Awaitable[Response]]

ANSWERS = RememberedAnswers()
metrics.ANSWERS_BYTES.set_function(lambda: ANSWERS.held_bytes)

# For the description only: the route itself checks the header before it reads anything else.
BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="A key from `python manage.py api-key create`.")


class CreatorRoute(APIRoute):
    """A route that admits a caller before it reads anything of the request, and works in the API's threads.

    Then it refuses unknown parameters, before it looks for a cached response.
    """

    right: Right = "read"
    chooses_course = False

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, done_in_api_thread(self.read_together(endpoint)), **options)

    @staticmethod
    def read_together(endpoint: Callable[P, T]) -> Callable[P, T]:
        """The same, reading in one transaction that ends before the response is written."""

        @wraps(endpoint)
        def read(*arguments: P.args, **options: P.kwargs) -> T:
            with one_look() as looks, closing(looks):
                return endpoint(*arguments, **options)

        return read

    def get_route_handler(self) -> Answer:  # type: ignore[override]
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            caller = await in_api_thread(let_in, request, self.right)
            request.state.caller = caller
            await refuse_unknown(request, self)
            with one_look() as looks:
                looks.take(caller.edition)
                return await self.answered(request, caller, looks, work)

        return answer

    async def answered(self, request: Request, caller: Caller, looks: Looks, work: Answer) -> Response:
        del caller, looks
        return await work(request)


class FiguresRoute(CreatorRoute):
    """A route whose response depends only on the address and the edition, so it has an ETag.

    Its figures are limited to the course or run in the address.
    """

    chooses_course = True

    @staticmethod
    def read_together(endpoint: Callable[P, T]) -> Callable[P, T]:
        """The same, from one edition: if the data changed since the caller was admitted, everything is read again."""

        def at_level_asked_for(*arguments: P.args, **options: P.kwargs) -> T:
            with at_level(level_asked_for()):
                return endpoint(*arguments, **options)

        @wraps(endpoint)
        def read(*arguments: P.args, **options: P.kwargs) -> T:
            with one_look() as looks, closing(looks):
                answer = at_level_asked_for(*arguments, **options)
                return at_level_asked_for(*arguments, **options) if looks.has_moved_on else answer

        return read

    async def answered(self, request: Request, caller: Caller, looks: Looks, work: Answer) -> Response:
        with asking_about(request, caller.creator_id):
            return await self._answered(request, caller, looks, work)

    async def _answered(self, request: Request, caller: Caller, looks: Looks, work: Answer) -> Response:
        tag = entity_tag(request, caller.edition)
        if tag in _known_tags(request):
            return Response(status_code=304, headers=_validators(tag))
        response = ANSWERS.answer(tag, caller.creator_id)
        if response is None:
            response = await work(request)
            if response.status_code != 200:
                return response
            tag = entity_tag(request, looks.edition(caller.creator_id))
            ANSWERS.keep(tag, caller.creator_id, response)
        response.headers.update(_validators(tag))
        return response


class EveryCourseRoute(FiguresRoute):
    """Figures of all courses side by side: a course parameter is refused."""

    chooses_course = False


class WritingRoute(CreatorRoute):
    right = "write"


class ExportingRoute(CreatorRoute):
    right = "export"


def routes(kind: type[CreatorRoute], subject: str) -> APIRouter:
    """A router of a creator's data under /creator, described in the documentation."""
    of_course = [Security(ChosenCourse)] if kind.chooses_course else []
    return APIRouter(
        prefix="/creator",
        route_class=kind,
        tags=[subject],
        dependencies=[Security(_described_key), Security(ChosenCreator), *of_course],
        responses=responses(),
    )


def entity_tag(request: Request, edition: Edition) -> str:
    """An ETag that changes with the data, every five minutes (figures move with the clock), and with the program.

    The order of the parameters matters, because links in the response repeat it.
    Weak: two processes may compute the same figures at different seconds of the five minutes.
    """
    told = digest(
        program_version(),
        str(edition.creator_id),
        str(edition.version),
        str(edition.five_minutes),
        str(edition.fixed_now),
        settings().public_url,  # links begin with it
        request.url.path,
        *(text for parameter in request.query_params.multi_items() for text in parameter),
    )
    return f'W/"{told[:32]}"'


def _known_tags(request: Request) -> set[str]:
    return {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}


def _validators(tag: str) -> dict[str, str]:
    # Stored by the browser, but revalidated each time: a refresh shows immediately.
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


async def _described_key(_key: Annotated[Any, Security(BEARER)]) -> None:
    """Does nothing: see BEARER."""
