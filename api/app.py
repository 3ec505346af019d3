"""The API as an application: mounted under /api beside the dashboard, or alone by `uvicorn api.app:api`."""

from fastapi import FastAPI

api = FastAPI(title="Creator Dashboard", docs_url=None, redoc_url=None, openapi_url=None)


@api.get("/health")
def health() -> dict[str, str]:
    """Whether the process answers; nothing is asked of the database."""
    return {"status": "ok"}
