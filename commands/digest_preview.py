"""python manage.py digest preview: a week's digest without sending it."""

import sys
from base64 import b64encode
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from commands.one_line import in_one_line

if TYPE_CHECKING:
    from mail.message import Mail


@in_one_line
def preview(
    creator: Annotated[str, typer.Option("--creator", help="Whose digest: a name or an id.")],
    week: Annotated[
        str | None,
        typer.Option("--week", help="The week to report on, such as 2026-W40; by default the last full week."),
    ] = None,
    form: Annotated[Literal["html", "text", "eml"], typer.Option("--format", help="html, text or eml.")] = "text",
) -> None:
    """Print the digest as it would be sent now: one part of it, or the whole email as a file for an email program."""
    from database.clock import now
    from database.creators import creator_named
    from mail.digest.gather import gathered
    from mail.digest.mail import digest_mail
    from mail.digest.week import ended_week, last_full_week
    from mail.kind import NothingToSay

    known = creator_named(creator)
    chosen = ended_week(week, known.timezone, now()) if week else last_full_week(now(), known.timezone)
    mail = digest_mail(gathered(known, chosen))
    if isinstance(mail, NothingToSay):
        print(f"No digest would be sent: {mail.reason}", file=sys.stderr)
        return
    if form == "eml":
        sys.stdout.buffer.write(_as_file(mail))
    else:
        print(_as_page(mail) if form == "html" else f"Subject: {mail.subject}\n\n{mail.text}")


def _as_page(mail: "Mail") -> str:
    """The page for a browser, with the images embedded: it cannot see the email's other parts."""
    page = mail.html
    for image in mail.images:
        page = page.replace(f"cid:{image.name}", f"data:image/png;base64,{b64encode(image.png).decode()}")
    return page


def _as_file(mail: "Mail") -> bytes:
    from database.clock import now
    from database.settings import settings
    from mail.message import Heading, as_email

    heading = Heading(
        from_name="Creator Dashboard",
        from_address="preview@example.org",
        recipient="reader@example.org",
        message_id="<preview@example.org>",
        written_at=now(),
        list_name="Weekly digest",
        list_id="digest.example.org",
        unsubscribe_url=settings().public_url,
    )
    return as_email(mail, heading)
