"""Renders templates: an email is `<name>-subject`, `<name>-text` and `<name>-html`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mail.message import one_line
from mail.plain_text import in_one_line
from queries.periods.changes import Unit, change_in_words
from rules.formatting import counted, grouped, listed, round_half_up
from rules.sentences import always, figure

TEMPLATES = Path(__file__).resolve().parent / "templates"

# Rules for dark screens and small ones cannot be inlined; they stay in the head.
INLINER = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)


@dataclass(frozen=True)
class Written:
    subject: str
    text: str
    html: str


def written(name: str, **values: Any) -> Written:
    """The rendered email. A missing value raises UndefinedError."""
    subject = one_line(_templates().get_template(f"{name}-subject").render(values))
    text = _templates().get_template(f"{name}-text").render(values)
    html = _templates().get_template(f"{name}-html").render(values)
    return Written(subject, text.strip() + "\n", INLINER.inline(html))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=_is_html,  # noqa: S701  # subjects and text parts are no markup
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "counted": counted,
        "listed": listed,
        "figure": _figure,
        "line": in_one_line,
        "signed": _signed,
    }
    made.globals["always"] = always  # as a filter it would be evaluated once, when the template is compiled
    return made


def _is_html(name: str | None) -> bool:
    return name is None or name.endswith("-html")


@figure
def _figure(value: float | None, unit: str = "") -> str:
    """1,240; 64%; a dash for nothing."""
    if value is None:
        return "-"
    return f"{grouped(round_half_up(value))}{unit}"


def _signed(change: int, unit: Unit) -> str:
    return change_in_words(change, unit) if change else "no change"
