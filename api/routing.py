"""How every route of a creator's data begins and ends: caller, edition, thread, ETag."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response, Security
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from api import metrics
from api.callers import Caller, Right, let_in
from api.parameters import refuse_unknown
from api.remembered import RememberedAnswers
from api.schemas.base import ChosenCreator
from api.schemas.problem import responses
from api.threads import done_in_api_thread, in_api_thread
from database.canonical import digest
from database.settings import settings
from queries.caching import reading
from queries.shared_cache import program_version

Answer = Callable[[Request], Awaitable[Response]]

ANSWERS = RememberedAnswers()
metrics.ANSWERS_BYTES.set_function(lambda: ANSWERS.held_bytes)

# Only for the description: the route itself looks at the header, before it reads anything else.
BEARER = HTTPBearer(auto_error=False, scheme_name="key", description="A key of `python manage.py api-key create`.")


class CreatorRoute(APIRoute):
    """A route that lets a caller in before anything of the request is read, and works in the API's threads.

    Then it refuses what it does not know: before an answer is looked for in memory.
    """

    right: Right = "read"

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, done_in_api_thread(endpoint), **options)

    def get_route_handler(self) -> Answer:  # type: ignore[override]
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            caller = await in_api_thread(let_in, request, self.right)
            request.state.caller = caller
            await refuse_unknown(request, self)
            with reading(caller.edition):
                return await self.answered(request, caller, work)

        return answer

    async def answered(self, request: Request, caller: Caller, work: Answer) -> Response:
        del caller
        return await work(request)


class FiguresRoute(CreatorRoute):
    """A route whose answer depends on nothing but the address and the edition: it has an ETag."""

    async def answered(self, request: Request, caller: Caller, work: Answer) -> Response:
        tag = entity_tag(request, caller)
        if tag in _known_tags(request):
            return Response(status_code=304, headers=_validators(tag))
        response = ANSWERS.answer(tag, caller.creator_id)
        if response is None:
            response = await work(request)
            if response.status_code != 200:
                return response
            ANSWERS.keep(tag, caller.creator_id, response)
        response.headers.update(_validators(tag))
        return response


class WritingRoute(CreatorRoute):
    right = "write"


class ExportingRoute(CreatorRoute):
    right = "export"


def routes(kind: type[CreatorRoute], subject: str) -> APIRouter:
    """A router of a creator's data under /creator, described in the documentation."""
    return APIRouter(
        prefix="/creator",
        route_class=kind,
        tags=[subject],
        dependencies=[Security(_described_key), Security(ChosenCreator)],
        responses=responses(),
    )


def entity_tag(request: Request, caller: Caller) -> str:
    """Changes with the data, every five minutes (figures move with the clock), and with the program.

    The parameters count in their order, in which links of the answer repeat them.
    Weak: two processes may compute the same figures at different seconds of the five minutes.
    """
    edition = caller.edition
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
    # Kept by the browser, but asked about each time: a refresh shows at once.
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


async def _described_key(_key: Annotated[Any, Security(BEARER)]) -> None:
    """Nothing to do: see BEARER."""
