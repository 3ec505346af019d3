"""Unsubscribing through the link in an email, without a login; and bounced email."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from actions.mail_suppressions import EVERY, EmailLink, email_of_link, note_returned, resubscribe, unsubscribe
from api.mail_pages import confirm_page, gone_page, left_page, returned_page
from api.parameters import refuse_parameters
from mail.bounces import Bounce, bounce_in_report
from mail.kinds import kinds
from mail.return_address import returned_delivery
from mail.unsubscribe_link import is_unsubscribe_link

mail = APIRouter(include_in_schema=False)

LONGEST_REPORT = 1_000_000  # bytes


class Link(BaseModel):
    """A link from an email."""

    creator_id: UUID
    delivery_id: UUID
    query: str
    reader: EmailLink

    @property
    def noun(self) -> str:
        kind = kinds().get(self.reader.kind)
        return kind.noun if kind else "emails like this one"


def link(request: Request, c: str = "", d: str = "", s: str = "") -> Link | None:
    """The email of the link; None unless we signed it and the email exists."""
    try:
        creator_id, delivery_id = UUID(c), UUID(d)
    except ValueError:
        return None
    reader = email_of_link(creator_id, delivery_id) if is_unsubscribe_link(creator_id, delivery_id, s) else None
    if reader is None:
        return None
    return Link(creator_id=creator_id, delivery_id=delivery_id, query=request.url.query, reader=reader)


Followed = Annotated[Link | None, Depends(link)]


@mail.get("/unsubscribe", response_class=HTMLResponse)
def ask(followed: Followed) -> HTMLResponse:
    """Ask first: programs that scan emails follow every link."""
    if followed is None:
        return gone_page()
    return confirm_page(followed.reader.creator_name, followed.noun, followed.query)


@mail.post("/unsubscribe", response_class=HTMLResponse)
def leave(followed: Followed, scope: Annotated[str, Form()] = "kind") -> HTMLResponse:
    """Unsubscribe the reader: the page's button, or an email program's one click (RFC 8058)."""
    if followed is None:
        return gone_page()
    unsubscribe(followed.creator_id, followed.reader, EVERY if scope == EVERY else followed.reader.kind)
    noun = "mail" if scope == EVERY else followed.noun
    return left_page(followed.reader.creator_name, noun, followed.query)


@mail.post("/resubscribe", response_class=HTMLResponse)
def come_back(followed: Followed) -> HTMLResponse:
    """Subscribe the reader again."""
    if followed is None:
        return gone_page()
    resubscribe(followed.creator_id, followed.reader)
    return returned_page(followed.reader.creator_name, followed.noun)


class BounceNotice(BaseModel):
    """What a mail service's webhook reports: the return address, signed by us, and what happened."""

    model_config = ConfigDict(extra="forbid")  # a misspelt status would make a dead address a busy one

    return_address: str = Field(max_length=254)
    kind: str = Field(pattern="^(bounced|complained)$")
    status: str = Field(default="", max_length=20)  # such as 5.1.1


@mail.post("/mail/bounce", status_code=204)
async def bounce(request: Request) -> None:
    """Record bounced email: a service's notice as JSON, or the report itself as message/rfc822.

    The only secret is the return address, which we signed and only servers that handled the email know.
    """
    refuse_parameters(request.query_params.multi_items(), frozenset())
    told = _bounce(request.headers.get("content-type", ""), await _body(request))
    delivery_id = returned_delivery(told.return_address) if told else None
    if told is None or delivery_id is None:
        raise HTTPException(400, "It has no return address of ours, or reports no permanent failure.")
    await run_in_threadpool(note_returned, delivery_id, told.reason, told.status, told.is_address_dead)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_REPORT:
            raise HTTPException(413, "The report is longer than a megabyte; send only its headers and its second part.")
    return body


def _bounce(content_type: str, body: bytes) -> Bounce | None:
    if content_type.partition(";")[0].strip() != "application/json":
        return bounce_in_report(body)
    try:
        notice = BounceNotice.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    return Bounce.told(notice.return_address, notice.kind, notice.status)
