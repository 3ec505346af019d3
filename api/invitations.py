"""Accepting an invitation through the link in its email, without a login."""

from html import escape
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from actions.invitations import LONGEST_NAME, Invitation, accept, invitation
from api.mail_pages import page
from mail.invitation_link import is_invitation_link

invitations = APIRouter(include_in_schema=False)


class Link(BaseModel):
    """A link from an invitation, signed by us."""

    creator_id: UUID
    invitation_id: UUID
    signature: str
    invitation: Invitation

    @property
    def query(self) -> str:
        return f"c={self.creator_id}&i={self.invitation_id}&s={self.signature}"


def link(c: str = "", i: str = "", s: str = "") -> Link | None:
    """The invitation of the link; None unless we signed it and the invitation exists."""
    try:
        creator_id, invitation_id = UUID(c), UUID(i)
    except ValueError:
        return None
    found = invitation(creator_id, invitation_id) if is_invitation_link(creator_id, invitation_id, s) else None
    if found is None:
        return None
    return Link(creator_id=creator_id, invitation_id=invitation_id, signature=s, invitation=found)


Followed = Annotated[Link | None, Depends(link)]


@invitations.get("/invitation", response_class=HTMLResponse)
def ask(followed: Followed) -> HTMLResponse:
    """Ask first: programs that scan emails follow every link."""
    if followed is None:
        return _no_link()
    if followed.invitation.is_accepted:
        return _welcome(followed.invitation)
    return _question(followed) if followed.invitation.is_open else _too_late(followed.invitation)


@invitations.post("/invitation", response_class=HTMLResponse)
def enrol(followed: Followed, name: Annotated[str, Form()] = "") -> HTMLResponse:
    """Enrol the person with the link; a second click changes nothing."""
    if followed is None:
        return _no_link()
    known_as = "".join(letter for letter in " ".join(name.split()) if letter.isprintable())
    if not accept(followed.creator_id, followed.invitation_id, known_as):
        return _too_late(followed.invitation)
    return _welcome(followed.invitation)


def _question(followed: Link) -> HTMLResponse:
    creator, email = escape(followed.invitation.creator_name), escape(followed.invitation.email)
    return page(
        "Join the course?",
        f"<p><strong>{creator}</strong> invites <strong>{email}</strong> to their course.</p>"
        f'<form method="post" action="invitation?{escape(followed.query)}">'
        f'<p><label>Your name<br><input name="name" maxlength="{LONGEST_NAME}" autocomplete="name"></label></p>'
        "<button>Join the course</button></form>",
    )


def _welcome(joined: Invitation) -> HTMLResponse:
    return page(
        "You are in", f"<p>You are enrolled in the course of <strong>{escape(joined.creator_name)}</strong>.</p>"
    )


def _too_late(missed: Invitation) -> HTMLResponse:
    return page(
        "This invitation was withdrawn" if missed.is_withdrawn else "This invitation has expired",
        f"<p>Ask <strong>{escape(missed.creator_name)}</strong> to invite you again.</p>",
        410,
    )


def _no_link() -> HTMLResponse:
    return page(
        "This link does not work",
        "<p>It is incomplete, or the invitation no longer exists. Open the link again from the email itself.</p>",
        404,
    )
