"""Student tokens: signed by the platform's server, for one key, until they expire."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

import pytest

from sources.events.tokens import BadToken, ExpiredToken, anonymous_student, signing_secret, student_of

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
KEY, OTHER_KEY = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("student", ["ada", "ada@example.org", "Åda 😀", "0010", "x" * 500])
def test_a_signed_token_names_its_student(student):
    assert student_of(a_token(student), KEY, NOW) == student


@pytest.mark.parametrize(
    "token",
    [
        "",
        "ada",
        "a.b.c",
        "x" * 2_000,
        lambda: a_token("ada", key=OTHER_KEY),
        lambda: a_token("ada", secret="guessed"),
        lambda: a_token("ada").replace(a_token("ada").split(".")[0], a_token("bo").split(".")[0]),
        lambda: a_token("ada").replace(str(later()), str(later() + 1)),
        lambda: a_token("ada").upper(),
        lambda: a_token("ada\0"),
        lambda: a_token(""),
        lambda: a_token(b"\xff"),
        lambda: a_token("x" * 501),
    ],
    ids=range(13),
)
def test_any_other_token_names_nobody(token):
    with pytest.raises(BadToken):
        student_of(token() if callable(token) else token, KEY, NOW)


def test_a_token_expires():
    second = int(NOW.timestamp())

    assert student_of(a_token("ada", expires=second + 1), KEY, NOW) == "ada"
    with pytest.raises(ExpiredToken):
        student_of(a_token("ada", expires=second), KEY, NOW)


def test_anonymous_viewers_have_ids_that_no_guess_finds_and_that_are_theirs_alone():
    assert anonymous_student("0123456789abcdef") == "anonymous:0123456789abcdef"
    for guessed in ("ada", "", "0123456789abcde", "x" * 65, "0123456789abcde.", "0123456789abcdef\n"):
        with pytest.raises(BadToken):
            anonymous_student(guessed)


def a_token(student: str | bytes, expires: int | None = None, key: UUID = KEY, secret: str | None = None) -> str:
    named = student if isinstance(student, bytes) else student.encode()
    signed = f"{urlsafe_b64encode(named).decode().rstrip('=')}.{later() if expires is None else expires}"
    seal = hmac.new((secret or signing_secret(key)).encode(), signed.encode(), hashlib.sha256).hexdigest()
    return f"{signed}.{seal}"


def later() -> int:
    return int(NOW.timestamp()) + 3600
