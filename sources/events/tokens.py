"""Student tokens: a page says who watches, and the platform's own server has signed it.

    token = base64url(student id) + "." + expiry in seconds since 1970 + "." + hex HMAC-SHA256(secret, all before it)

A few lines in any language; docs/events.md has them in Python, Node and PHP.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode
from datetime import datetime
from uuid import UUID

from database.signing import signature

PREFIX = "cds_"
LONGEST_TOKEN = 1_000
TOKEN = re.compile(r"(?P<signed>(?P<student>[A-Za-z0-9_-]{1,700})\.(?P<expires>[0-9]{1,12}))\.(?P<seal>[0-9a-f]{64})")
ANONYMOUS = re.compile(r"[A-Za-z0-9_-]{16,64}")
LONGEST_ID = 500
OF_NOBODY_KNOWN = "anonymous:"  # how the ids of anonymous viewers begin; no page can send another id without a token


class BadToken(ValueError):
    """The token was not signed with the secret of this key."""


class ExpiredToken(BadToken):
    """The token is right but old: the page needs a new one."""


def signing_secret(key_id: UUID) -> str:
    """The secret with which a platform's server signs tokens for a key; nothing is stored for it."""
    return PREFIX + signature("student tokens", str(key_id))


def student_of(token: str, key_id: UUID, now: datetime) -> str:
    """The student that the token names. Raises BadToken, and ExpiredToken once it has expired."""
    found = TOKEN.fullmatch(token) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        raise BadToken("the token has not the form student.expiry.signature")
    seal = hmac.new(signing_secret(key_id).encode(), found["signed"].encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(seal, found["seal"]):
        raise BadToken("the token was not signed with the secret of this key")
    if int(found["expires"]) <= now.timestamp():
        raise ExpiredToken("the token has expired")
    return _student(found["student"])


def anonymous_student(given: str) -> str:
    """The id of a viewer who is not signed in. Raises BadToken for an id that could be guessed."""
    if not ANONYMOUS.fullmatch(given):
        raise BadToken("an anonymous id has 16 to 64 letters, digits, - and _")
    return OF_NOBODY_KNOWN + given


def _student(encoded: str) -> str:
    try:
        student = urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except ValueError:
        raise BadToken("the student in the token is not base64url of UTF-8") from None
    if not 1 <= len(student) <= LONGEST_ID or "\0" in student:
        raise BadToken(f"a student's id has 1 to {LONGEST_ID} characters")
    return student
