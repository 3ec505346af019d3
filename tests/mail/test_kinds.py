"""The workers know every kind of email, and every email has its three parts."""

import pkgutil
from importlib import import_module

import mail
from database.settings import PROJECT_DIR
from mail.kind import MailKind
from mail.kinds import KINDS

TEMPLATES = PROJECT_DIR / "mail" / "templates"
PARTS = {"subject", "text", "html"}


def test_every_kind_is_known_to_the_workers() -> None:
    modules = [import_module(found.name) for found in pkgutil.walk_packages(mail.__path__, "mail.")]
    made = {value.name: value for module in modules for value in vars(module).values() if isinstance(value, MailKind)}

    assert len(made) > 3
    assert {kind.name: kind for kind in KINDS} == made


def test_names_of_kinds_are_told_apart() -> None:
    assert len({kind.name for kind in KINDS}) == len({kind.title for kind in KINDS}) == len(KINDS)


def test_every_mail_has_a_subject_a_text_and_a_page() -> None:
    parts: dict[str, set[str]] = {}
    for path in TEMPLATES.iterdir():
        name, _, part = path.name.rpartition("-")
        parts.setdefault(name, set()).add(part)

    assert parts.pop("layout") == {"html"}
    assert len(parts) >= len(KINDS)
    assert dict.fromkeys(parts, PARTS) == parts
