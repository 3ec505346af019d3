"""What is shown of a creator: each page, email and file as its texts, with what was recorded in the meantime."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from database.settings import PROJECT_DIR
from mail.message import Mail
from queries.cache.caching import forget_everything
from rules.sentences import recorded

SECONDS = 60
FEWEST_WORDS = 3  # of a cell that says something
TABLES = {"arrow_data_frame", "arrow_table"}
KINDS_OF_BLOCK = ("expandable", "tab", "popover", "dialog")
LABELLED = ("label", "body", "delta", "delta_description", "text")


@dataclass(frozen=True)
class Rendered:
    """What one page, email or file says, and the sentences and figures that were recorded while it was created."""

    name: str
    texts: tuple[str, ...]
    said: tuple[str, ...]


def rendered(name: str, make: Callable[[], list[str]]) -> Rendered:
    """The resulting texts, without cached queries: what comes from the cache is not recorded again."""
    forget_everything()
    with recorded() as said:
        texts = make()
    return Rendered(name, tuple(texts), tuple(said))


def page_texts(app: AppTest, page: str, address: dict[str, str]) -> list[str]:
    """The page in a session that is already open."""
    app.switch_page(str(PROJECT_DIR / "pages" / f"{page}.py"))
    app.query_params.clear()
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, (page, app.exception)
    return [text for block in (app.main, app.sidebar) for text in _of_block(block)]


def mail_texts(mail: Mail) -> list[str]:
    return [mail.subject, *mail.text.splitlines(), *_words(mail.html)]


def pdf_texts(content: bytes, folder: Path) -> list[str]:
    """The paragraphs of a file, each on one line; the same program separates charts and tables."""
    path = folder / "printed.pdf"
    path.write_bytes(content)
    printed = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True, text=True).stdout
    return [" ".join(part.split()) for part in printed.replace("\f", "\n\n").split("\n\n") if part.strip()]


def workbook_texts(content: bytes) -> list[str]:
    """Names of sheets, titles of columns, and every sentence; other cells are figures and names in a table."""
    book = openpyxl.load_workbook(BytesIO(content))
    titles = [cell for sheet in book for row in sheet.iter_rows(max_row=1, values_only=True) for cell in row]
    cells = [cell for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True) for cell in row]
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell.split()) >= FEWEST_WORDS]
    return [*book.sheetnames, *(title for title in titles if title), *texts]


def _of_block(block: Block) -> Iterator[str]:
    yield from _labels(block.proto)
    for kind in KINDS_OF_BLOCK:
        yield from _labels(getattr(block.proto, kind, None))
    for child in block.children.values():
        if isinstance(child, Block):
            yield from _of_block(child)
        elif child.type not in TABLES:
            yield from _labels(child.proto)


def _labels(proto: Any) -> Iterator[str]:
    for name in LABELLED:
        value = getattr(proto, name, None)
        if isinstance(value, str) and value.startswith("<!DOCTYPE"):
            yield from _words(value)
        elif isinstance(value, str) and value:
            yield value


def _words(page: str) -> list[str]:
    read = _Words()
    read.feed(page)
    return read.texts


class _Words(HTMLParser):
    """The texts of a page, and the alternative texts of its pictures."""

    APART = frozenset(("p", "td", "tr", "h1", "h2", "h3", "li", "title", "br"))

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = [""]
        self._is_style = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._is_style = tag == "style"
        if tag in self.APART:
            self.texts.append("")
        self.texts += [text for name, text in attributes if name == "alt" and text]

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False
        if tag in self.APART:
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.texts[-1] += data
