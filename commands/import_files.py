"""`manage.py import`: a file of rows, by a mapping."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from commands.one_line import in_one_line
from rules.errors import InputError
from rules.formatting import counted
from sources.files.given import GivenFile, file_at, file_hash
from sources.files.reading import ReadAs, opened
from sources.importing import Author, Outcome, check, errors_csv, import_file, must_be_faultless
from sources.mappings.answered import answered
from sources.mappings.fields import KINDS, PLURALS
from sources.mappings.known import mapping_in_file, recognised, shipped_mappings
from sources.mappings.model import Mapping, known_zone
from sources.mappings.reading import HowToRead
from sources.mappings.saved import saved_mappings
from sources.mappings.templates import template_csv, template_mapping
from sources.mappings.wrong import Question

screen = Console()
SHOWN_ERRORS = 10


@in_one_line
def import_rows(
    file: Annotated[Path, typer.Argument(help="A CSV file, an Excel workbook, or a tracking log.")],
    creator: Annotated[str, typer.Option("--creator", help="The creator's name, or id if names repeat.")],
    mapping: Annotated[
        str | None, typer.Option(help="A mapping: a saved one, a known export such as zoom/participants, or a file.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="The file is a filled template of this kind of fact.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and write nothing.")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Import the good lines although others are refused.")
    ] = False,
    zone: Annotated[str | None, typer.Option(help="The time zone of times that do not say it.")] = None,
    dates: Annotated[str | None, typer.Option(help="day-first, month-first, unix or unix-milliseconds.")] = None,
    numbers: Annotated[str | None, typer.Option(help='How numbers are written: "1,234.5" or "1.234,5".')] = None,
    answer: Annotated[
        list[str] | None, typer.Option(help="What a mapping asks, such as --answer quiz='Week 1'; repeat it.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Which sheet of a workbook; the first one by default.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Of a text that is neither UTF-8 nor Windows-1252.")] = None,
    errors: Annotated[Path | None, typer.Option(help="Write what was refused to this CSV file.")] = None,
) -> None:
    """Import a CSV file or an Excel workbook; importing it again changes nothing."""
    from database.creators import creator_named
    from database.refresh import refresh_each

    creator_id = creator_named(creator).id
    given, read_as = file_at(file), ReadAs(encoding, sheet)
    chosen, version = _mapping(creator_id, given, read_as, mapping, kind)
    how = HowToRead(_styled(chosen, zone, dates, numbers), _answers(answer), read_as)
    found = _checked_or_imported(creator_id, given, how, version, dry_run=dry_run, skip_bad_rows=skip_bad_rows)
    if errors:
        errors.write_bytes(errors_csv(found.errors))
    screen.print(_table(found, is_done=not dry_run))
    if not dry_run:
        refresh_each([creator_id])
    for note in found.notes:
        screen.print(note, highlight=False)
    for one in found.errors[:SHOWN_ERRORS]:
        print(f"line {one.line}, {one.column or 'the line'}: {one.value!r}: {one.rule}")


@in_one_line
def template(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.")],
) -> None:
    """Print a CSV file to fill in, for one kind of fact."""
    print(template_csv(_kind(kind)), end="")


@in_one_line
def list_mappings(
    creator: Annotated[str | None, typer.Option("--creator", help="With those that this creator saved.")] = None,
    show: Annotated[str | None, typer.Option(help="Print this one as JSON, to change it.")] = None,
) -> None:
    """List the mappings: of known exports, of templates, and saved ones."""
    from database.creators import creator_named

    known = dict(shipped_mappings())
    if creator:
        known |= {one.name: one.mapping for one in saved_mappings(creator_named(creator).id)}
    if show:
        if show not in known:
            raise InputError(f'There is no mapping "{show}". Omit it to see all.')
        print(json.dumps(known[show].document(), indent=2, ensure_ascii=False))
        return
    table = Table("Name", "What it reads", "Kinds of facts")
    for name, one in known.items():
        table.add_row(name, one.name, ", ".join(dict.fromkeys(PLURALS[rule.kind] for rule in one.facts)))
    screen.print(table)


def _checked_or_imported(
    creator_id: UUID, given: GivenFile, how: HowToRead, version: int | None, *, dry_run: bool, skip_bad_rows: bool
) -> Outcome:
    with screen.status("Reading …") as status:

        def read(lines: int) -> None:
            status.update(f"{counted(lines, 'line')} read")

        if dry_run:
            return check(creator_id, given, how, read)
        if not skip_bad_rows:
            must_be_faultless(check(creator_id, given, how, read))
        author = Author("the command line")
        return import_file(creator_id, given, how, file_hash(given), author, mapping_version=version, progress=read)


def _mapping(
    creator_id: UUID, given: GivenFile, read_as: ReadAs, name: str | None, kind: str | None
) -> tuple[Mapping, int | None]:
    """The mapping that was asked for, else the one whose columns the file has, and the version of a saved one."""
    if kind is not None:
        return template_mapping(_kind(kind)), None
    saved = {one.name: one for one in saved_mappings(creator_id)}
    shipped = shipped_mappings()
    if name is None:
        with opened(given, read_as) as found:
            header = found.table.header
        fitting = recognised(header, [*(one.mapping for one in saved.values()), *shipped.values()])
        if not fitting:
            raise InputError(
                f"No mapping is known for a file with the columns {', '.join(header[:20])}. "
                "Name one with --mapping, or a template with --kind."
            )
        version = saved[fitting[0].name].version if fitting[0].name in saved else None
        return fitting[0], version
    if name in saved:
        return saved[name].mapping, saved[name].version
    if name in shipped:
        return shipped[name], None
    if Path(name).suffix.lower() in (".toml", ".json"):
        return mapping_in_file(Path(name)), None
    raise InputError(f'There is no mapping "{name}"; `manage.py mappings` lists those that there are.')


def _styled(mapping: Mapping, zone: str | None, dates: str | None, numbers: str | None) -> Mapping:
    told: dict[Question, str] = {}
    if zone:
        told["zone"] = known_zone(zone).key
    if dates:
        told["dates"] = dates
    if numbers:
        told["numbers"] = numbers
    return answered(mapping, told, {})


def _answers(given: list[str] | None) -> dict[str, str]:
    found = {}
    for one in given or ():
        name, is_answer, text = one.partition("=")
        if not is_answer:
            raise InputError(f'"{one}" is no answer; write NAME=TEXT such as quiz=Week 1.')
        found[name.strip()] = text
    return found


def _kind(kind: str) -> str:
    found = kind.replace("-", " ")
    if found not in KINDS:
        raise InputError(f'"{kind}" is no kind of fact; use one of {", ".join(KINDS)}.')
    return found


def _table(found: Outcome, *, is_done: bool) -> Table:
    table = Table("", *(["New", "Changed", "The same"] if is_done else ["Would be new", "Would change", "The same"]))
    for kind in KINDS:
        if kind in found.facts:
            told = (found.new.get(kind, 0), found.changed.get(kind, 0), found.same.get(kind, 0))
            table.add_row(PLURALS[kind].capitalize(), *(f"{count:,}" for count in told))
    lines = f"{counted(found.lines, 'line')} read, {found.silent:,} without anything to say, {found.refused:,} refused"
    print(lines + (f"; {found.capped:,} percentages above 100 count as 100" if found.capped else ""))
    return table
