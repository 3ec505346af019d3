"""python manage.py api-key"""

import json

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from database.api_callers import known_key
from database.tenancy import platform_tx, tenant_tx
from manage import cli
from sources.events.tokens import signing_secret
from tests.api.asking import holding
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("shared_database")


def run(*arguments: str):
    return CliRunner().invoke(cli, ["api-key", *arguments])


def test_a_key_is_shown_once_works_and_can_be_revoked():
    creator = a_creator(name="Kay Moss")
    made = run("create", "--creator", "Kay Moss", "--scope", "read", "--name", "Nightly")
    key = made.stdout.strip()

    assert holding(key).get("/creator/preferences").status_code == 200
    listed = json.loads(run("list", "--creator", "Kay Moss", "--json").stdout)
    assert [(one["name"], one["scope"], one["state"]) for one in listed] == [("Nightly", "read", "active")]
    assert listed[0]["last_used"]
    assert key not in run("list").stdout
    assert key.startswith(listed[0]["begins_with"])

    assert run("revoke", listed[0]["id"]).exit_code == 0
    assert holding(key).get("/creator/preferences").json()["code"] == "revoked_key"
    assert run("revoke", listed[0]["id"]).exit_code == 2
    assert creator.id


def test_only_a_hash_is_kept():
    a_creator(name="Hal Moss")
    key = run("create", "--creator", "Hal Moss").stdout.strip()

    with platform_tx() as connection:
        rows = connection.execute(text("select row_to_json(api_keys)::text from api_keys")).scalars().all()

    assert rows
    assert not any(key[12:] in row for row in rows)


def test_a_key_for_pages_comes_with_the_secret_of_student_tokens():
    a_creator(name="Ivo Moss")

    secret = run("create", "--creator", "Ivo Moss", "--scope", "ingest")
    page = run("create", "--creator", "Ivo Moss", "--scope", "ingest", "--origin", "https://School.example/")
    of_page = known_key(page.stdout.strip())

    assert signing_secret(of_page.id) in " ".join(page.stderr.split())
    assert "cds_" not in secret.stderr
    assert of_page.origins == ("https://school.example",)
    assert run("create", "--creator", "Ivo Moss", "--scope", "ingest", "--origin", "school.example").exit_code == 2


def test_what_cannot_be_used_is_told_in_one_line():
    a_creator(name="Una Moss")

    for arguments in (
        ("create", "--creator", "Una Moss", "--scope", "everything"),
        ("create", "--creator", "Nobody"),
        ("create", "--creator", "Una Moss", "--name", " "),
        ("revoke", "7"),
    ):
        told = run(*arguments)
        assert told.exit_code == 2
        assert told.stderr.startswith("error: ")
        assert told.stderr.count("\n") == 1


def test_a_creator_sees_no_key_at_all():
    creator = a_creator(name="Ona Moss")
    run("create", "--creator", "Ona Moss")

    with pytest.raises(Exception, match="permission denied"), tenant_tx(creator.id) as connection:
        connection.execute(text("select 1 from api_keys"))
