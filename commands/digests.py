"""python manage.py digest: the weekly digest."""

from typing import Annotated

import typer
from rich.console import Console

from commands.digest_preview import preview
from commands.failures import failures_told
from commands.one_line import in_one_line
from rules.errors import InputError

digests = typer.Typer(no_args_is_help=True, help="Preview and send the weekly digest.")
screen = Console()
digests.command()(preview)


@digests.command()
@in_one_line
@failures_told
def send(
    due: Annotated[bool, typer.Option("--due", help="All digests and other emails that are due.")] = False,
    creator: Annotated[str | None, typer.Option("--creator", help="Only this creator: a name or an id.")] = None,
    week: Annotated[str | None, typer.Option("--week", help="The week to report on, such as 2026-W40.")] = None,
) -> None:
    """Send everything that is due, or one week's digest of one creator. Nothing is sent twice."""
    if due == bool(creator and week) or bool(creator) != bool(week):
        raise InputError("Say what to send: --due, or --creator NAME with --week 2026-W40.")
    if creator and week:
        _queue(creator, week)
    else:
        _queue_due()
    _send_due()


def _queue(creator: str, week: str) -> None:
    from actions.mail_schedules import queue_digest
    from database.account_directory import mail_addresses
    from database.clock import now
    from database.creators import creator_named
    from database.tenancy import tenant_tx
    from mail.digest.week import ended_week, week_named

    week_named(week, "UTC")  # before anything is looked up
    known = creator_named(creator)
    creator_id, chosen = known.id, ended_week(week, known.timezone, now())
    readers = mail_addresses(creator_id)
    if not readers:
        raise InputError(
            f'No account of "{creator}" has an email address; '
            "add one with `python manage.py user add --email … --creator …`."
        )
    with tenant_tx(creator_id) as connection:
        queued = queue_digest(connection, creator_id, chosen.monday, readers, now())
    if queued < len(readers):
        screen.print(f"{len(readers) - queued} had been asked for before; the email log says what became of them.")


def _queue_due() -> None:
    from mail.schedule import queue_due_digests

    screen.print(f"Digests that fell due: {queue_due_digests()}.")


def _send_due() -> None:
    from mail.delivery import deliver_due

    outcomes = deliver_due()
    told = ", ".join(f"{count} {fate}" for fate, count in sorted(outcomes.items()))
    screen.print(f"Mail: {told}." if told else "No mail is due.")
