"""No loop over creators, students, mails, exports, digests or jobs that one of them could stop for the rest."""

import ast
import importlib
from pathlib import Path
from textwrap import dedent

import pytest

from database.settings import PROJECT_DIR
from tests.loops import READ, Offender, offenders
from tests.program import SURVIVORS, Program
from ui.staff.failures import WHAT

ONE_FILE = "part of one report or mail: with a row left out it would say something false, so it fails as one item"
DEMO = "the demo is loaded whole or not at all"
IMPORT = "an import is whole or not at all: whoever runs it is told file, row and value, and loads it again"
PORTION = "a portion of an import is whole or not at all; what a line may not say is refused before, line by line"
SHOWN = "the rows of one table on a screen"
ONE_PERSON = "one form of one person, who is told at once what to mend; nothing is stored of the rest"
LEFT = "left by killed runs: what cannot be removed stays for the next start, and the next one is tried"
SAME_PROGRAM = "over the program's own parts, not over anybody's rows: a failure is one of the installation"

A_FILE = "a line is refused by itself; what cannot be read at all is told to whoever gave the file"
A_MAPPING = "the parts of one mapping: it fits the file, or whoever chose it is told why not"
ONE_STUDENT = "everything of one student goes, or nothing does"
ONE_CREATOR = "portions of one creator; many creators go through each"
ONE_CREATOR_REMOVED = "one creator goes with everything, or the next call continues: nothing may be left out"
STATEMENTS = "statements that were checked when they were stored, as the database has just returned them"
A_REQUEST = "the statements of one request: all of them are stored, or none"
EXCEPTIONS = {
    ("database/embedded_server.py", "_orphans"): SAME_PROGRAM,
    ("jobs/xapi.py", "_of_creator"): ONE_CREATOR,
    ("sources/xapi/again.py", "_reread"): STATEMENTS,
    ("sources/xapi/again.py", "mark_everything"): ONE_CREATOR,
    ("sources/xapi/arrivals.py", "_arrival"): A_REQUEST,
    ("sources/xapi/erasing.py", "erase_statements"): ONE_STUDENT,
    ("sources/xapi/erasing.py", "statements_about"): ONE_STUDENT,
    ("sources/xapi/overview.py", "forget_statements"): ONE_CREATOR,
    ("sources/xapi/overview.py", "overview"): STATEMENTS,
    ("sources/xapi/reading.py", "described_activity"): STATEMENTS,
    ("sources/xapi/reading.py", "files_of"): STATEMENTS,
    ("sources/xapi/storing.py", "_attach"): A_REQUEST,
    ("sources/xapi/storing.py", "erased_among"): A_REQUEST,
    ("sources/xapi/taking_back.py", "_named"): PORTION,
    ("sources/xapi/taking_back.py", "take_back"): PORTION,
    ("sources/xapi/working.py", "_as_many_as_fit"): PORTION,
    ("sources/xapi/working.py", "_groups"): PORTION,
    ("sources/xapi/working.py", "_keep"): PORTION,
    ("sources/xapi/working.py", "understand"): ONE_CREATOR,
    ("sources/events/receipts.py", "added"): "ids that the database has just returned",
    ("sources/events/receipts.py", "known_digests"): "ids that the database has just returned",
    ("sources/events/taking.py", "_landed"): "what the landing refused, each with an index of the batch",
    ("sources/events/taking.py", "take"): "tries the same batch again while others change what it refers to",
    ("sources/freshness.py", "_door"): "sums that the database has just returned",
    ("sources/freshness.py", "doors"): "the few doors of one creator, as they are counted",
    ("database/account_directory.py", "mail_addresses"): "an address is deliverable or is not, and raises nothing",
    ("database/each.py", "each"): "it is the one that goes on",
    ("database/each.py", "_begun"): "the threads of the one that goes on",
    ("database/failures.py", "note_failure"): "tries to note one failure again while the database restarts",
    ("actions/exports.py", "_same_or_new"): "asks again for one export while others come and go",
    (
        "actions/announcements.py",
        "announce",
    ): "the emails that `addressed` made, each with the instant that they are due",
    ("actions/invitations.py", "invite"): "every address was tried by `addressed` before the transaction",
    ("actions/mail_schedules.py", "queue_digest"): "`mail_addresses` gives only readers whom mail can be addressed to",
    ("actions/quizzes.py", "_must_be_complete"): ONE_PERSON,
    ("actions/quizzes.py", "_saved"): "the questions of one quiz, as they are stored: nothing is checked",
    ("actions/erasures.py", "module"): SAME_PROGRAM,
    ("actions/archive_erasures.py", "without_student"): ONE_STUDENT,
    ("actions/archive_erasures.py", "take_out"): ONE_STUDENT,
    ("actions/archives.py", "archive_old_rows"): ONE_CREATOR,
    ("actions/archive_restores.py", "restore_archives"): ONE_CREATOR,
    ("actions/archives.py", "_is_closed"): SAME_PROGRAM,
    ("actions/archive_restores.py", "_put_back"): SAME_PROGRAM,
    ("actions/erasures.py", "_erased"): ONE_STUDENT,
    ("commands/digest_preview.py", "_as_page"): "the pictures of one mail, shown to whoever asks",
    ("commands/docs.py", "main"): "writes a page of the documentation after the other, for whoever asks",
    ("commands/exports_page.py", "_section"): "words about what an export holds, for one page of the documentation",
    ("commands/exports_page.py", "exports_page"): "words about what an export holds, for one page of the documentation",
    ("commands/reports.py", "_summary"): "words from what is known already; the reports are written",
    ("database/checks.py", "tenancy_gaps"): SAME_PROGRAM,
    ("database/refresh.py", "Refreshing._built_at_once"): ONE_CREATOR,
    ("database/refresh.py", "rebuild"): ONE_CREATOR,
    ("database/refresh.py", "refresh"): ONE_CREATOR,
    ("database/refresh.py", "refresh_within"): ONE_CREATOR,
    ("database/demo/activity_rows.py", "_attempts"): DEMO,
    ("database/demo/chatting.py", "chat"): DEMO,
    ("database/demo/directory.py", "add_accounts"): DEMO,
    ("database/demo/directory.py", "add_creators"): DEMO,
    ("database/creator_removal.py", "_empty"): ONE_CREATOR_REMOVED,
    ("database/creator_removal.py", "_clear_figures"): ONE_CREATOR_REMOVED,
    ("database/creator_removal.py", "_remove_written_mails"): ONE_CREATOR_REMOVED,
    ("database/creator_removal.py", "remove_creator"): ONE_CREATOR_REMOVED,
    ("database/storage.py", "remove_folders_of"): ONE_CREATOR_REMOVED,
    ("database/demo/directory.py", "remove_demo"): DEMO,
    ("database/demo/load.py", "_remove"): DEMO,
    ("database/demo/load.py", "_load_course"): DEMO,
    ("database/demo/load.py", "_Load.batch"): DEMO,
    ("database/demo/load.py", "_Load.course"): DEMO,
    ("database/demo/load.py", "load_demo"): DEMO,
    ("database/demo/planted.py", "_Students.gone"): DEMO,
    ("database/demo/quizzing.py", "attempts"): DEMO,
    ("commands/imports.py", "list_errors"): SHOWN,
    ("commands/imports.py", "list_imports"): SHOWN,
    ("database/erased.py", "Erased.knows"): PORTION,
    ("sources/landing/after_undo.py", "Settling._keep_replaced"): PORTION,
    ("sources/landing/after_undo.py", "Settling._recall_replaced"): PORTION,
    ("sources/landing/conversations.py", "_by_gaps"): PORTION,
    ("sources/landing/derived.py", "_settle_arrivals"): PORTION,
    ("sources/landing/derived.py", "number_attempts"): PORTION,
    ("sources/landing/derived.py", "settle"): PORTION,
    ("sources/landing/dry.py", "Overlaid.named"): PORTION,
    ("sources/landing/dry.py", "Overlaid.rows"): PORTION,
    ("sources/landing/dry.py", "Overlaid.taken_numbers"): PORTION,
    ("sources/landing/dry.py", "Overlay._keep_courses"): PORTION,
    ("sources/landing/dry.py", "Overlay.add"): PORTION,
    ("sources/landing/editions.py", "_write"): PORTION,
    ("sources/landing/editions.py", "settle"): PORTION,
    ("sources/landing/landing.py", "_after"): PORTION,
    ("sources/landing/landing.py", "_dry_run"): PORTION,
    ("sources/landing/landing.py", "_landed"): PORTION,
    ("sources/landing/landing.py", "land"): PORTION,
    ("sources/landing/occurrences.py", "Occurrences.noted"): PORTION,
    ("sources/landing/portion.py", "Portion._made"): PORTION,
    ("sources/landing/portion.py", "Portion._named"): PORTION,
    ("sources/landing/portion.py", "Portion._need_runs"): PORTION,
    ("sources/landing/portion.py", "Portion._of_erased"): PORTION,
    ("sources/landing/portion.py", "Portion._read"): PORTION,
    ("sources/landing/portion.py", "Portion._refer"): PORTION,
    ("sources/landing/portion.py", "Portion._said"): PORTION,
    ("sources/landing/portion.py", "Portion.say"): PORTION,
    ("sources/landing/register.py", "_forget"): PORTION,
    ("sources/landing/rows.py", "Rows._drop"): PORTION,
    ("sources/landing/stored.py", "entries_of"): PORTION,
    ("sources/landing/tables.py", "_arrays"): PORTION,
    ("sources/landing/undoing.py", "SaidTheSame.owners"): PORTION,
    ("sources/landing/undoing.py", "Undo._own_rows"): PORTION,
    ("sources/landing/undoing.py", "Undo._remove"): PORTION,
    ("sources/landing/undoing.py", "Undo._replace"): PORTION,
    ("sources/landing/undoing.py", "Undo._spoken_of"): PORTION,
    ("sources/landing/undoing.py", "Undo.run"): PORTION,
    ("sources/landing/writing.py", "_note"): PORTION,
    ("sources/landing/writing.py", "put_into_sessions"): PORTION,
    ("sources/landing/writing.py", "write"): PORTION,
    ("database/importers/futurelearn_export.py", "_enrolments"): IMPORT,
    ("database/importers/futurelearn_export.py", "_responses"): IMPORT,
    ("database/importers/futurelearn_export.py", "_visits"): IMPORT,
    ("database/importers/futurelearn_known.py", "_renumber"): IMPORT,
    ("database/importers/futurelearn_known.py", "_shared"): IMPORT,
    ("database/importers/futurelearn_known.py", "own_videos"): IMPORT,
    ("database/importers/futurelearn_report.py", "report_table"): IMPORT,
    ("database/importers/futurelearn_rows.py", "rows"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_activity_events"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_enrolments"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_quiz_answers"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_quiz_attempts"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_quiz_questions"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_quizzes"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_students"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_video_progress"): IMPORT,
    ("database/importers/futurelearn_tables.py", "_videos"): IMPORT,
    ("database/importers/futurelearn_tables.py", "load"): IMPORT,
    ("rules/preferences.py", "Preferences.__post_init__"): ONE_PERSON,
    ("database/embedded_owner.py", "remove_left_clusters"): LEFT,
    ("database/embedded_server.py", "remove_left_sockets"): LEFT,
    ("database/embedded_server.py", "stop"): SAME_PROGRAM,
    ("database/logs.py", "log_as_json"): SAME_PROGRAM,
    ("database/objects/__init__.py", "edition_of_objects"): SAME_PROGRAM,
    ("database/server_log.py", "keep_rows_out_of_server_log"): SAME_PROGRAM,
    ("database/sql_files.py", "run_files"): SAME_PROGRAM,
    ("database/throwaway.py", "remove_left_folders"): LEFT,
    ("jobs/app.py", "module"): SAME_PROGRAM,
    ("jobs/media/arrived.py", "_Joined.chunks"): "the parts of one file, which is whole or none",
    ("jobs/media/child.py", "facts"): "the tracks of one file, in a process of its own",
    ("jobs/media/heartbeat.py", "beating.beat_until_ended"): "says again and again that one upload is alive",
    ("jobs/child.py", "_KeptWorker._keep"): "starts one worker again and again",
    ("jobs/worker.py", "_begin_with_what_is_overdue"): SAME_PROGRAM,
    ("jobs/worker.py", "_work"): SAME_PROGRAM,
    ("mail/alert.py", "write_alert"): "the sections of one mail, which goes out whole or not at all",
    ("reports/chart_files.py", "chart_pdf"): ONE_FILE,
    ("reports/chart_files.py", "_drawn"): "draws one chart once more where the renderer died",
    ("mail/digest/gather.py", "_courses"): ONE_FILE,
    ("mail/digest/gather.py", "_days"): ONE_FILE,
    ("mail/digest/gather.py", "_new_students"): ONE_FILE,
    ("mail/digest/outcome.py", "outcome_of"): ONE_FILE,
    ("mail/digest/people.py", "_section"): ONE_FILE,
    ("reports/exports/analytics.py", "_day_figures"): ONE_FILE,
    ("reports/exports/analytics.py", "_figures_of_the_period"): ONE_FILE,
    ("reports/exports/analytics.py", "_key_figures"): ONE_FILE,
    ("reports/exports/heartbeat.py", "Heartbeat._beat_until_ended"): "says again and again that one export is alive",
    ("reports/exports/reading.py", "read_ahead"): ONE_FILE,
    ("reports/exports/result.py", "_ended"): "waits for one export",
    ("reports/exports/writing.py", "_counted"): ONE_FILE,
    ("reports/exports/xlsx_file.py", "PlainSheet.write_batch"): ONE_FILE,
    ("mail/bounces.py", "_addressees"): "parts of one report about one mail",
    ("mail/bounces.py", "_recipients"): "parts of one report about one mail",
    ("mail/bounces.py", "bounce_in_report"): "parts of one report about one mail",
    ("mail/delivery.py", "_turn"): "claims one mail after the other; `send_next` notes what fails for one",
    ("mail/delivery.py", "send_due"): "rounds until nothing is left; each round goes through `each`",
    ("mail/message.py", "_body"): ONE_FILE,
    ("reports/report_zip.py", "_added"): "one file of a zip: broken off halfway it must not look whole",
    (
        "reports/report_zip.py",
        "zipped",
    ): "`_readable` notes a file that cannot be opened; one that breaks off must break the download",
    ("reports/snapshot/figures.py", "all_videos"): ONE_FILE,
    ("reports/snapshot/figures.py", "watched_videos"): ONE_FILE,
    ("reports/snapshot/course.py", "_worst"): ONE_FILE,
    ("reports/snapshot/pdf.py", "_definitions"): ONE_FILE,
    ("reports/snapshot/people.py", "_courses"): ONE_FILE,
    ("reports/snapshot/people_sheets.py", "at_risk"): ONE_FILE,
    ("reports/snapshot/course_sheets.py", "drop_offs"): ONE_FILE,
    ("reports/snapshot/course_sheets.py", "retention"): ONE_FILE,
    ("reports/student_pdf.py", "_attempts"): ONE_FILE,
    ("reports/student_pdf.py", "_course"): ONE_FILE,
    ("reports/student_pdf.py", "_profile"): ONE_FILE,
    ("reports/student_pdf.py", "_questions"): ONE_FILE,
    ("reports/student_pdf.py", "_timeline"): ONE_FILE,
    ("sources/files/given.py", "encoding_of"): A_FILE,
    ("sources/files/layout.py", "column_names"): A_FILE,
    ("sources/files/reading.py", "_lines"): A_FILE,
    ("sources/files/tracking.py", "_Log._watched"): A_FILE,
    ("sources/files/tracking.py", "_Log.rows"): A_FILE,
    ("sources/mappings/by_hand.py", "mapping_by_hand"): A_MAPPING,
    ("sources/mappings/columns.py", "Columns.like"): A_MAPPING,
    ("sources/mappings/compiled.py", "Compiled.__init__"): A_MAPPING,
    ("sources/mappings/compiled.py", "Compiled._made"): A_MAPPING,
    ("sources/mappings/compiled.py", "Compiled._rule"): A_MAPPING,
    ("sources/mappings/compiled.py", "Compiled._say"): A_FILE,
    ("sources/mappings/compiled.py", "Compiled._source"): A_MAPPING,
    ("sources/mappings/compiled.py", "Compiled.line"): A_FILE,
    ("sources/mappings/preview.py", "tried"): A_FILE,
    ("sources/mappings/reading.py", "Read._in_order"): A_FILE,
    ("sources/mappings/reading.py", "Read.lines"): A_FILE,
    ("sources/mappings/saved.py", "saved_mappings"): "a mapping that is not understood any more is left out",
}

# A package in which `reach` opens a transaction through another module, and `judge` raises.
PLANTED = {
    "database/tenancy.py": """
        def platform_tx(): ...
    """,
    "database/each.py": """
        def each(items, doing, kind): ...
    """,
    "database/far.py": """
        from database.tenancy import platform_tx

        class Reached:
            def look(self):
                with platform_tx():
                    pass

        def reach(item):
            Reached().look()

        def judge(item):
            if not item:
                raise ValueError(item)
            return item

        def harmless(item):
            return str(item).strip()
    """,
}
OFFENDING = {
    "a for": "for one in things:\n    reach(one)",
    "a for over creators that can raise": "for creator in creators:\n    judge(creator)",
    "a for with the call deep inside": "for one in things:\n    if one:\n        x = [1, (reach(one), 2)]",
    "a list": "found = [reach(one) for one in things]",
    "the condition of a list": "found = [one for one in things if reach(one)]",
    "a set": "found = {reach(one) for one in things}",
    "a dict": "found = {one: reach(one) for one in things}",
    "a generator in sum": "total = sum(reach(one) for one in things)",
    "a generator given away": "use(judge(mail) for mail in mails)",
    "an inner generator": "found = [other for one in things for other in reach(one)]",
    "map": "found = list(map(reach, things))",
    "map with lambda": "found = list(map(lambda one: reach(one), things))",
    "a pool's map": "found = pool.map(reach, things)",
    "filter": "found = list(filter(reach, things))",
    "map of what can raise": "found = list(map(judge, exports))",
    "while": "while things:\n    reach(things.pop())",
    "an async for": "async def run():\n    async for job in jobs:\n        await reach(job)",
    "a method of an object": "for one in things:\n    one.look()",
    "a function handed on": "for one in things:\n    retried(reach, one)",
    "a module's function": "import database.far as far\nfor one in things:\n    far.reach(one)",
    "a name for it": "from database.far import reach as go\nfor one in things:\n    go(one)",
    "rows under another name": "listed = waiting_exports()\nfor one in listed:\n    judge(one)",
    "rows by their declared type": "def run(listed: list[Creator]):\n    for one in listed:\n        judge(one)",
    "an unknown library's function": "import zoneinfo\nzones = [zoneinfo.ZoneInfo(x.timezone) for x in creators]",
    "an items expression inside each": "for one in things:\n    each(reach(one), str, 'x')",
}
FINE = {
    "each": "each(creators, reach, 'x')",
    "each with a lambda": "total = sum(each(creators, lambda one: reach(one), 'x'))",
    "each inside a loop": "for one in things:\n    each([one], reach, 'x')",
    "words": "names = [creator.name.strip().lower() for creator in creators]",
    "a harmless function": "names = [harmless(creator) for creator in creators]",
    "what can raise, over other things": "for number in (1, 2):\n    judge(number)",
    "a call before the loop": "for creator in reach(1):\n    pass",
}


@pytest.fixture(scope="module")
def of_the_program() -> list[Offender]:
    return offenders(PROJECT_DIR)


def test_every_loop_over_rows_goes_through_each_or_is_excepted_by_name(of_the_program: list[Offender]):
    found = [each for each in of_the_program if each.place not in EXCEPTIONS]

    assert not found, "Let them go through database.each, or except them with a reason:\n" + "\n".join(map(told, found))


def test_every_exception_is_still_there_and_has_a_reason(of_the_program: list[Offender]):
    places = {each.place for each in of_the_program}

    assert [place for place in EXCEPTIONS if place not in places] == []
    assert all(len(reason.split()) >= 4 for reason in EXCEPTIONS.values())


@pytest.mark.parametrize("planted", OFFENDING.values(), ids=OFFENDING)
def test_an_offender_is_found(planted: str, tmp_path: Path):
    (found,) = {each.place for each in offenders(a_program(tmp_path, planted))}

    assert found[0] == "jobs/planted.py"


@pytest.mark.parametrize("planted", FINE.values(), ids=FINE)
def test_what_one_row_cannot_stop_is_left_alone(planted: str, tmp_path: Path):
    assert offenders(a_program(tmp_path, planted)) == []


@pytest.mark.parametrize("folder", ["jobs", "commands", "reports", "mail", "rules", "database", "actions"])
def test_each_folder_is_looked_at(folder: str, tmp_path: Path):
    found = offenders(a_program(tmp_path, OFFENDING["a for"], f"{folder}/deeper/planted.py"))

    assert [each.file for each in found] == [f"{folder}/deeper/planted.py"]


def test_every_kind_of_failure_has_words_for_staff():
    assert kinds_in_use() == set(WHAT)


def a_program(root: Path, planted: str, path: str = "jobs/planted.py") -> Path:
    imports = "from database.each import each\nfrom database.far import harmless, judge, reach\n"
    for name, source in (PLANTED | {path: imports + planted}).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(dedent(source), encoding="utf-8")
    return root


def told(offender: Offender) -> str:
    return f"  {offender.file}:{offender.line} {offender.function} calls {offender.calls}"


def kinds_in_use() -> set[str]:
    """The kinds that are passed to `each` and the like anywhere, as a literal or by a constant's name."""
    program = Program(PROJECT_DIR, (*READ, "jobs"))
    places = dict.fromkeys(SURVIVORS, 2) | {"database.each.Attempts": 0}
    found = set()
    for module in program.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and module.name != "database.each":
                place = places.get(program.meaning(node.func, module))
                if place is not None:
                    kind = node.args[place]
                    constant = kind.value if isinstance(kind, ast.Constant) else None
                    found.add(constant or getattr(importlib.import_module(module.name), ast.unparse(kind)))
    return found  # type: ignore[return-value]
