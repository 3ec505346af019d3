"""The API as an application: mounted under /api next to the dashboard, or on its own with `uvicorn api.app:api`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.browser_session import configured_sessions
from api.docs import described, documentation
from api.downloads import downloads
from api.ingest.routes import ingest
from api.invitations import invitations
from api.mail import mail
from api.metrics import measure, metrics
from api.middleware import RequestMiddleware
from api.posters import posters
from api.problems import answer_problems
from api.refused_lines import refused_lines
from api.report_downloads import report_downloads
from api.routes.account import account
from api.routes.course_changes import course_changes
from api.routes.courses import courses
from api.routes.exports import exports
from api.routes.figures import figures
from api.routes.health import health
from api.routes.preferences import choices, preferences
from api.routes.runs import runs
from api.routes.students import students
from api.routes.videos import changes, videos
from api.uploads import uploads
from api.xapi.headers import XapiHeaders
from api.xapi.routes import opened, unlisted, xapi
from database.logs import log_as_json


@asynccontextmanager
async def alone(_app: FastAPI) -> AsyncIterator[None]:
    """Start logging under `uvicorn api.app:api`; next to the dashboard this never runs."""
    log_as_json()
    yield


api = FastAPI(
    title="Creator Dashboard",
    version="1",
    docs_url=None,
    redoc_url=None,
    openapi_url=None,  # see api.docs
    redirect_slashes=False,
    lifespan=alone,
)
api.state.browser_sessions = configured_sessions()
api.add_middleware(RequestMiddleware, measure=measure)
api.add_middleware(XapiHeaders)  # around it: every answer has these headers
answer_problems(api)
for router in (
    account,
    figures,
    students,
    videos,
    changes,
    courses,
    course_changes,
    runs,
    exports,
    preferences,
    choices,
    downloads,
    report_downloads,
    uploads,
    posters,
    refused_lines,
    mail,
    invitations,
    ingest,
    health,
    metrics,
    xapi,
    opened,
    unlisted,
    documentation,
):
    api.include_router(router)
api.openapi = lambda: described(api)  # type: ignore[method-assign]
