"""No package is older than the version that fixed what would harm us.

A scanner without network access says "ok" without having checked anything; this list needs none.
"""

from dataclasses import dataclass
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from database.settings import PROJECT_DIR


@dataclass(frozen=True)
class Floor:
    package: str
    lowest: str
    reason: str


FLOORS = (
    Floor("authlib", "1.6.11", "older ones let another site finish a sign-in that the visitor did not begin"),
    Floor("h11", "0.16", "older ones and a proxy can disagree where a request ends, so that one hides in another"),
    Floor(
        "jinja2", "3.1.6", "the 3.1 line escapes as the mails' templates expect; 3.1.6 closed the last way out of it"
    ),
    Floor("redis", "4.5.5", "after a request that broke off, older ones gave its answer to the next one who asked"),
    Floor("reportlab", "4", "older ones run Python that stands in a paragraph's colour"),
    Floor("starlette", "1.3.1", "in older ones a Host header or a path changes which address a request seems to have"),
    Floor("streamlit", "1.67", "`st.App`, which holds dashboard and API in one server, is as we use it from there"),
)

every_floor = pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.package)


@every_floor
def test_what_is_installed_is_not_older(floor: Floor) -> None:
    assert Version(version(floor.package)) >= Version(floor.lowest), floor.reason


@every_floor
def test_what_is_locked_is_not_older(floor: Floor) -> None:
    locked = [Version(pin.version) for pin in requirement(floor, "requirements.txt").specifier]

    assert locked, f"{floor.package} is not pinned in requirements.txt; run `make lock`."
    assert min(locked) >= Version(floor.lowest), floor.reason


@every_floor
def test_the_next_lock_cannot_choose_an_older_one(floor: Floor) -> None:
    lower_bounds = [
        Version(bound.version)
        for bound in requirement(floor, "requirements.in").specifier
        if bound.operator in (">=", "==", "~=")
    ]

    assert lower_bounds, f"{floor.package} has no lower bound in requirements.in: {floor.reason}."
    assert max(lower_bounds) >= Version(floor.lowest), floor.reason


def requirement(floor: Floor, file: str) -> Requirement:
    lines = (line.partition(" #")[0].strip() for line in (PROJECT_DIR / file).read_text(encoding="utf-8").splitlines())
    wanted = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    named = [one for one in wanted if one.name.lower() == floor.package]
    assert named, f"{file} does not name {floor.package}: {floor.reason}."
    return named[0]
