"""The description of the API: OpenAPI for programs, and one page for people that loads nothing from other hosts."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.parameters import StrictRoute
from api.problems import KINDS
from api.schemas.problem import ProblemAnswer

ASSETS = Path(__file__).parent / "assets"
METHODS = ("get", "post", "put", "patch", "delete")
NOTHING_FROM_ELSEWHERE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
INTRODUCTION = (
    "The figures of the Creator Dashboard for programs. Part of the ENTERPRISE tier. "
    "Send `Authorization: Bearer` with a key from `python manage.py api-key create`. "
    "Parameters and fields that are not described here, or are given twice, are refused with 422."
)

documentation = APIRouter(include_in_schema=False, route_class=StrictRoute)


@dataclass(frozen=True)
class Operation:
    """A method of an address as the page shows it."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[dict[str, Any]]
    body: str | None
    answers: list[tuple[str, str, str | None]]


@documentation.get("/openapi.json")
async def openapi(request: Request) -> JSONResponse:
    """The description for programs."""
    return JSONResponse(_described_here(request))


@documentation.get("/docs")
async def page(request: Request) -> HTMLResponse:
    """The description for people, readable without any script."""
    return HTMLResponse(
        _page(json.dumps(_described_here(request))), headers={"Content-Security-Policy": NOTHING_FROM_ELSEWHERE}
    )


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, generated once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title,
            version=app.version,
            routes=app.routes,
            summary=INTRODUCTION,
        )
        schemas = made["components"]["schemas"]
        problem = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(problem.pop("$defs"))
        schemas["ProblemAnswer"] = problem
        schemas.pop("HTTPValidationError", None)
        schemas.pop("ValidationError", None)
        app.openapi_schema = made
    return app.openapi_schema


def _described_here(request: Request) -> dict[str, Any]:
    """The description with the API's base address: /api next to the dashboard, the root on its own."""
    app: FastAPI = request.app
    return app.openapi() | {"servers": [{"url": request.scope.get("root_path") or "/"}]}


@lru_cache(maxsize=2)
def _page(told: str) -> str:
    description = json.loads(told)
    environment = Environment(loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("docs.html").render(
        description=description, operations=list(_operations(description)), problems=KINDS
    )


def _operations(description: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in description["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(description, path, method, methods[method])


def _operation(description: dict[str, Any], path: str, method: str, told: dict[str, Any]) -> Operation:
    base = description["servers"][0]["url"].rstrip("/")
    content = told.get("requestBody", {}).get("content", {})
    return Operation(
        method=method.upper(),
        path=base + path,
        summary=told.get("summary", ""),
        description=told.get("description", ""),
        parameters=[_parameter(one) for one in told.get("parameters", [])],
        body=_example(description, content.get("application/json", {}).get("schema")),
        answers=[
            (status, answer["description"], _answer_example(description, status, answer))
            for status, answer in told["responses"].items()
        ],
    )


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    schema = told["schema"]
    options = schema.get("anyOf", [schema])
    choices = [choice for option in options for choice in option.get("enum", [])]
    kinds = [option.get("format") or option.get("type", "") for option in options if option.get("type") != "null"]
    return {
        "name": told["name"],
        "place": told["in"],
        "kind": " | ".join(map(str, choices)) or " or ".join(kinds),
        "default": schema.get("default"),
        "description": told.get("description", ""),
    }


def _answer_example(description: dict[str, Any], status: str, answer: dict[str, Any]) -> str | None:
    if not status.startswith("2"):
        return None
    return _example(description, answer.get("content", {}).get("application/json", {}).get("schema"))


def _example(description: dict[str, Any], schema: dict[str, Any] | None) -> str | None:
    if not schema:
        return None
    return json.dumps(_sample(description, schema), indent=2, ensure_ascii=False)


def _sample(description: dict[str, Any], schema: dict[str, Any]) -> Any:
    """The schema's own example, or one built from its parts."""
    if "$ref" in schema:
        return _sample(description, description["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "example" in schema:
        return schema["example"]
    if "examples" in schema:
        return schema["examples"][0]
    if "properties" in schema:
        return {name: _sample(description, part) for name, part in schema["properties"].items()}
    if "anyOf" in schema:
        return _sample(description, schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "array":
        return [_sample(description, schema.get("items", {}))]
    samples = {"integer": 12, "number": 0.5, "boolean": True, "object": {}, "string": "text"}
    formats = {"uuid": "7f1c…", "date": "2026-03-04", "date-time": "2026-03-04T12:00:00Z"}
    return formats.get(schema.get("format", "")) or samples.get(schema.get("type", "string"), "text")
