"""Lists have one table, subjects one link, and the address one step at a time: in every page there is or will be."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

from database.settings import PROJECT_DIR

LINKS, CHOICES, PAGING = "ui/shared/links.py", "ui/shared/choices.py", "ui/shared/paging.py"
# What is only read: a few rows that nobody sorts, chooses from or opens. Everything else is a list of `ui/table`.
ONLY_READ = {"ui/mails/invitation_form.py", "ui/imports/outcome.py", "ui/imports/preview.py"}
EDITED = {"ui/quizzes/editor.py"}
# Which course is shown is no filter of a list: it stays for the visit, and without a word in the address too.
OF_THE_VISIT = {"ui/top_bar/course_choice.py"}
LISTS = {
    "pages/students.py": "ui.students.table",
    "pages/videos.py": "ui.videos.table",
    "pages/quizzes.py": "ui.quizzes.table",
    "pages/quiz.py": "ui.quizzes.table",
    "pages/delivery.py": "ui.mails.delivery_log",
    "pages/chat.py": "ui.chat.panels",
    "pages/courses.py": "ui.courses.panels",
    "pages/funnel.py": "ui.courses.funnel",
    "pages/staff.py": "ui.staff.creators",
    "pages/announcements.py": "ui.mails.announcement_table",
    "pages/announcement.py": "ui.mails.announcement_table",
    "pages/invitations.py": "ui.mails.invitation_table",
    "pages/student.py": "ui.students.history",
    "pages/announce.py": "ui.composer.recipients",
}


def files() -> list[str]:
    every = [path for folder in ("ui", "pages") for path in (PROJECT_DIR / folder).rglob("*.py")]
    return sorted(str(path.relative_to(PROJECT_DIR)) for path in every)


def calls(file: str) -> Iterator[tuple[str, ast.Call]]:
    """Each call in the file, by what it calls as it is written."""
    for node in ast.walk(ast.parse(Path(PROJECT_DIR / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def callers(*names: str, keyword: str = "") -> set[str]:
    """The files that call any of these; with a keyword, only where it is given."""
    return {
        file
        for file in files()
        for name, call in calls(file)
        if name in names and (not keyword or any(one.arg == keyword for one in call.keywords))
    }


def test_streamlits_table_shows_only_what_is_read() -> None:
    assert callers("st.dataframe") == ONLY_READ
    assert callers("st.dataframe", keyword="on_select") == set()
    assert callers("st.column_config.ButtonColumn", "st.column_config.LinkColumn", "st.table") == set()
    assert callers("st.data_editor") == EDITED


@pytest.mark.parametrize(("page", "module"), LISTS.items())
def test_a_page_with_a_list_takes_it_from_a_module_with_the_table(page: str, module: str) -> None:
    assert f"from {module} import" in (PROJECT_DIR / page).read_text(encoding="utf-8")
    assert "from ui.table.table import" in (PROJECT_DIR / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")


def test_every_module_with_the_table_belongs_to_a_page_above() -> None:
    """A list on a new page joins `LISTS`."""
    with_table = {file for file in files() if {name for name, _ in calls(file)} & {"list_table", "whole_list"}} - {
        "ui/table/table.py"
    }
    told = {f"{module.replace('.', '/')}.py" for module in LISTS.values()}

    assert with_table - told == {
        "ui/mails/mailings.py",  # on the page of emails, in place of the emails
        "ui/staff/accounts.py",  # further tabs of the staff page
        "ui/staff/failures.py",
    }


def test_links_to_subjects_are_made_in_one_place() -> None:
    assert callers("st.page_link", keyword="query_params") == {LINKS}
    assert callers("st.switch_page") == set()  # two steps in the browser's history: `go_to` makes one
    assert [file for file in files() if file != LINKS and "id" in written_ids(file)] == []


def written_ids(file: str) -> set[str]:
    """The keys of dictionaries that are handed to a `Link`."""
    return {
        str(key.value)
        for name, call in calls(file)
        if name == "Link"
        for argument in call.args
        if isinstance(argument, ast.Dict)
        for key in argument.keys
        if isinstance(key, ast.Constant)
    }


def test_filters_are_made_in_one_place() -> None:
    assert callers("take_from_address", "keep_in_address") == OF_THE_VISIT
    assert callers("st.pagination") == {PAGING}
    assert {
        file for file in files() for _, call in calls(file) if any(one.arg == "bind" for one in call.keywords)
    } == set()


def test_no_character_that_nobody_sees_is_put_into_a_text() -> None:
    texts = {file: (PROJECT_DIR / file).read_text(encoding="utf-8") for file in files()}

    assert [file for file, text in texts.items() if "\u2060" in text or "u2060" in text] == []


def test_no_table_or_chart_offers_a_file_of_its_own() -> None:
    """It would hold raw formulas, one page of rows, and times without a zone."""
    assert config.get_option("client.disableDataExport") is True
    server = (PROJECT_DIR / "streamlit_app.py").read_text(encoding="utf-8")
    assert 'config.set_option("client.disableDataExport", True)' in server


def test_a_call_that_is_forbidden_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "new.py").write_text(
        "st.dataframe(rows, on_select='rerun')\nst.switch_page(a, query_params={'id': 1})\n"
        "st.page_link(a, query_params={'id': 1})\nshow_link(Link(a, {'id': 1}), 'x')\n"
    )
    monkeypatch.setattr("tests.ui.test_lists.PROJECT_DIR", tmp_path)

    assert callers("st.dataframe", keyword="on_select") == {"pages/new.py"}
    assert callers("st.switch_page") == callers("st.page_link", keyword="query_params") == {"pages/new.py"}
    assert written_ids("pages/new.py") == {"id"}
