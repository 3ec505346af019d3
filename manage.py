"""The command line: python manage.py COMMAND --help."""

import json
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from commands.api_keys import api_keys
from commands.archives import archives
from commands.creators import creator, list_creators
from commands.digests import digests
from commands.exports import export
from commands.failures import failures_told
from commands.imports import imports
from commands.one_line import in_one_line
from commands.periods import PERIOD_HELP, period_of
from commands.psql import psql
from commands.reports import report
from commands.users import users
from database.logs import log_as_json, log_uncaught
from rules.errors import InputError

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
cli.add_typer(creator, name="creator")
cli.command("creators")(list_creators)
cli.add_typer(users, name="user")
cli.command()(report)
cli.command()(export)
cli.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(psql)
cli.add_typer(api_keys, name="api-key")
cli.add_typer(archives, name="archive")
cli.add_typer(digests, name="digest")
cli.add_typer(imports, name="imports")
screen = Console()

CreatorName = Annotated[str, typer.Option("--creator", help="The creator's name, or id if names repeat.")]


@in_one_line
def prepared_database() -> None:
    """Migrate the embedded database, and check that a hosted one is reachable."""
    from database.engine import check_connection, is_embedded
    from database.migrate import migrate as run

    if is_embedded():
        run()
    else:
        check_connection()


@cli.callback()
def before_each_command(context: typer.Context) -> None:
    """The command line of the Creator Dashboard. See python manage.py COMMAND --help for details."""
    if context.invoked_subcommand in (None, "migrate", "setup"):
        return
    prepared_database()


@cli.command()
@in_one_line
def migrate() -> None:
    """Migrate the database to the latest schema."""
    from database.migrate import migrate as run

    run()
    screen.print("The database is up to date.")


@cli.command()
@in_one_line
def setup(
    empty: Annotated[bool, typer.Option("--empty", help="Load no demo data, now or when the server starts.")] = False,
) -> None:
    """Migrate, and load the demo data if the embedded database is empty."""
    from database.demo import do_without_demo
    from database.setup import prepare

    if empty:
        do_without_demo()
    prepare()


@cli.command("time-zones")
@in_one_line
def time_zones(
    part: Annotated[str, typer.Argument(help="Only those whose name contains this, such as berlin.")] = "",
) -> None:
    """List the time zones a creator can have."""
    from database.time_zones import time_zones as known

    found = [name for name in known() if part.lower() in name.lower()]
    if not found:
        raise InputError(f'No time zone has "{part}" in its name. Omit it to see all.')
    print("\n".join(found))


@cli.command()
@in_one_line
def stats(
    creator: CreatorName,
    period: Annotated[str, typer.Option(help=PERIOD_HELP)] = "30d",
) -> None:
    """Print a creator's dashboard as JSON, in the same shape as the API."""
    from database.creators import creator_named
    from queries.overview.dashboard import dashboard_response

    creator_id = creator_named(creator).id
    print(json.dumps(dashboard_response(creator_id, period_of(creator_id, period, "before")), indent=2))


@cli.command()
@in_one_line
@failures_told
def refresh(
    creator: Annotated[str | None, typer.Option("--creator", help="Only this creator.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Recalculate everything, not only what changed.")] = False,
) -> None:
    """Bring figures up to date, for one creator or for all. Can be stopped at any time; the next one continues."""
    from commands.refresh_progress import keys_left_shown
    from database import refresh as work
    from database.creators import creator_named
    from database.creators import creators as known

    named = [creator_named(creator)] if creator else known()
    chosen = [one.id for one in named]
    with keys_left_shown({one.id: one.name for one in named}) as told:
        if rebuild:
            done = f"Rebuilt all figures of {work.rebuild_each(chosen, told)} creators."
        elif creator:
            done = f"Refreshed {work.refresh_each(chosen, told=told)} creators."
        else:
            done = f"Refreshed {work.refresh_stale(told)} creators."
    screen.print(done)


@cli.command("import-futurelearn")
@in_one_line
def import_futurelearn(
    folder: Annotated[Path, typer.Argument(help="The folder with the course's CSV files.")],
    creator: Annotated[str, typer.Option("--creator", help="Whose course it is; a new name adds a creator.")],
    tier: Annotated[str | None, typer.Option(help="basic, pro or enterprise (the default for a new creator).")] = None,
    timezone: Annotated[str | None, typer.Option(help="One of `manage.py time-zones`; UTC for a new creator.")] = None,
    course: Annotated[
        str | None, typer.Option(help="The title of the course it is a run of; a new title adds a course.")
    ] = None,
) -> None:
    """Load a FutureLearn course run; loading it again changes nothing."""
    from database.accounts import add_demo_account
    from database.engine import is_of_one_computer
    from database.importers.futurelearn import import_futurelearn as load
    from database.importers.futurelearn_report import progress_bar, report_table

    with progress_bar() as progress:
        report = load(folder, creator, tier, timezone, progress, course)
    if is_of_one_computer():
        add_demo_account(report.creator_id, report.creator_name)
    screen.print(report_table(report))


@cli.command()
@in_one_line
def demo(
    students: Annotated[int, typer.Option(help="Students of the largest creator.")] = 245,
    videos: Annotated[int, typer.Option(help="Videos of the largest creator.")] = 40,
    days: Annotated[int, typer.Option(help="Days of history.")] = 120,
    seed: Annotated[int, typer.Option(help="The same seed at the same time makes the same rows.")] = 1,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an earlier demo.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the demo with everything in it.")] = False,
) -> None:
    """Load three demo creators with realistic students, or remove them."""
    from database.demo import DemoSize, load_demo, remove_demo
    from database.demo.screen import report_table, shown_progress
    from rules.formatting import counted

    if remove:
        removed = remove_demo()
        screen.print(f"Removed {counted(removed, 'demo creator')}." if removed else "No demo is loaded.")
        return
    with shown_progress() as progress:
        report = load_demo(DemoSize(students, videos, days, seed), replace=replace, progress=progress)
    screen.print(report_table(report))


@cli.command()
@in_one_line
def worker(
    leave_with_parent: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Run background tasks until stopped; you can start several workers."""
    from database.data_folder import close_new_files
    from database.engine import is_of_one_computer
    from jobs.worker import run_worker

    log_as_json()
    if is_of_one_computer():
        close_new_files()
    run_worker(leave_with_parent)


def main() -> None:
    """Run a command; internal errors are reported without their message, which may name people."""
    log_as_json(logging.WARNING)
    try:
        cli()
    except Exception as error:
        log_uncaught(error)
        print("error: An internal error occurred; the line above says where. Send it to support.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
