"""Every decision has a date, and a line in the index that leads to it."""

import re
from datetime import date

from database.settings import PROJECT_DIR

PAGE = (PROJECT_DIR / "docs" / "decisions.md").read_text(encoding="utf-8")
DECISION = re.compile(r"^## (?P<title>.+)\n\n\*(?P<date>\d{4}-\d{2}-\d{2})\*\n\n\S", re.MULTILINE)
ENTRY = re.compile(r"^- \[(?P<title>.+)\]\(#(?P<anchor>[\w-]+)\), (?P<date>[\d-]+)$", re.MULTILINE)


def test_every_decision_has_a_date() -> None:
    dated = [found["title"] for found in DECISION.finditer(PAGE)]

    assert len(dated) > 50
    assert dated == re.findall(r"^## (.+)$", PAGE, re.MULTILINE), (
        "a heading, an empty line, *2026-11-28*, an empty line"
    )
    assert all(date.fromisoformat(found["date"]) for found in DECISION.finditer(PAGE))


def test_the_index_lists_every_decision_with_its_date_in_the_same_order() -> None:
    assert [(entry["title"], entry["date"]) for entry in ENTRY.finditer(PAGE)] == [
        (decision["title"], decision["date"]) for decision in DECISION.finditer(PAGE)
    ]


def test_every_entry_of_the_index_leads_to_its_heading() -> None:
    for entry in ENTRY.finditer(PAGE):
        assert entry["anchor"] == re.sub(r"[^\w\- ]", "", entry["title"].lower()).replace(" ", "-")


def test_no_two_decisions_share_a_heading() -> None:
    titles = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)

    assert len(set(titles)) == len(titles)
