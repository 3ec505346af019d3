"""The dashboard's own sign-in, as the API reads it."""

import pytest
from starlette.responses import Response
from streamlit.web.server.starlette import starlette_app_utils

from api.browser_session import COOKIE, BrowserSessions, Identity, identity
from database.account_directory import disable
from tests.accounts import ISSUER, a_linked_account
from tests.api.asking import SESSIONS, claims_of, in_browser, signed, with_cookie
from tests.builders import a_creator, a_student

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture
def account():
    return a_linked_account(a_creator(a_student()))


def test_a_cookie_that_streamlit_signed_is_read(account):
    claims = claims_of(account)
    made = starlette_app_utils.create_signed_value(SESSIONS.cookie_secret, COOKIE, _json(claims)).decode()

    assert identity(SESSIONS, {COOKIE: made}) == Identity(ISSUER, account.email)
    assert with_cookie(made).get("/creator/dashboard").json()["students"]["total"] == 1


def test_a_long_cookie_comes_in_parts(account):
    whole = _json(claims_of(account))
    parts = {f"{COOKIE}_{place + 1}": whole[place * 60 : (place + 1) * 60] for place in range(len(whole) // 60 + 1)}
    cookies = {name: _signed(part, name) for name, part in parts.items()}
    cookies[COOKIE] = _signed(f"chunks-{len(parts)}", COOKIE)

    assert identity(SESSIONS, cookies) == Identity(ISSUER, account.email)
    del cookies[f"{COOKIE}_2"]
    assert identity(SESSIONS, cookies) is None


def test_a_forged_foreign_or_empty_cookie_is_nobody(account):
    claims = claims_of(account)
    other_secret = BrowserSessions("another secret, and long enough for one", SESSIONS.origin)
    for value in (
        signed(claims, other_secret),
        signed(claims, name="_streamlit_user_tokens"),
        another_signature(signed(claims)),
        signed(claims | {"origin": "https://elsewhere.example.com"}),
        signed(claims | {"is_logged_in": False}),
        signed({name: value for name, value in claims.items() if name != "sub"}),
        "",
        "a.b.c",
    ):
        assert identity(SESSIONS, {COOKIE: value}) is None
        assert with_cookie(value).get("/creator/dashboard").status_code == 401


def test_an_account_that_was_disabled_is_out_at_once(account):
    browser = in_browser(account)
    assert browser.get("/creator/dashboard").status_code == 200

    disable(account.id)

    assert browser.get("/creator/dashboard").status_code == 401


def test_staff_reading_stands_in_the_audit_log_once_an_hour(account):
    from queries.staff import audit_log

    staff = a_linked_account()
    for _ in range(3):
        in_browser(staff).get(f"/creator/dashboard?creatorId={account.creator_id}")

    noted = audit_log(staff.id)
    assert sum("read through the api" in str(entry) for entry in noted.to_dict("records")) == 1


def _json(claims) -> str:
    import json

    return json.dumps(claims)


def _signed(text: str, name: str) -> str:
    response = Response()
    response.set_cookie(name, starlette_app_utils.create_signed_value(SESSIONS.cookie_secret, name, text).decode())
    return response.headers["set-cookie"].split(";")[0].partition("=")[2]


def another_signature(value: str) -> str:
    """With its first character changed; the last one has bits that nothing reads."""
    told, _, signature = value.rpartition(".")
    return f"{told}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
