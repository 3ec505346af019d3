"""A log line says what happened and where, and never to whom."""

import json
import logging
import subprocess
import sys

import pandas as pd
import psycopg2
import pytest
from pydantic import BaseModel

from database.logs import PROJECT, JsonLines, noting

SECRETS = ("Quirin", "Falkenrath", "quirin@example.net")
PERSON = "Quirin Falkenrath <quirin@example.net>"


class Form(BaseModel):
    number: int


def line(name: str, message: object, *arguments: object, error: BaseException | None = None, **more: object) -> dict:
    """What the log says about it; nobody is named."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 7, message, arguments, exc_info, "somewhere")
    record.__dict__.update(more)
    written = JsonLines().format(record)
    assert "\n" not in written
    assert not [secret for secret in SECRETS if secret in written], written
    told = json.loads(written)
    assert isinstance(told, dict)
    return told


def raised(doing) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # whatever it is
        doing()
    return caught.value


def test_a_line_of_ours_keeps_its_words():
    told = line("jobs.exports", "recovered %d exports of %s", 2, "worker 7", details={"creator": "4711"})

    assert (told["event"], told["creator"], told["level"]) == ("recovered 2 exports of worker 7", "4711", "error")
    assert "place" not in told


def test_a_line_of_ours_tells_an_errors_kind_and_no_address():
    assert line("jobs", "failed: %s", ValueError(PERSON))["event"] == "failed: ValueError"
    assert line("jobs", "no mail to %s", "quirin@example.net")["event"] == "no mail to …"


def test_words_of_others_are_kept_where_they_stand_in_their_program_and_values_are_numbers():
    assert line("uvicorn.error", "Application startup complete.\n")["event"] == "Application startup complete."
    assert line("pool", "%s has %d of %s", PERSON, 3, ValueError(PERSON))["event"] == "… has 3 of ValueError"
    assert line("pool", "%(who)s came", {"who": PERSON})["event"] == "… came"
    assert line("pool", "%d", PERSON)["event"] == "%d"


def test_words_that_others_made_are_left_out_and_their_place_is_told():
    told = line("asyncio", f"Task exception was never retrieved\nfuture: <Task exception={PERSON}>")

    assert told["event"] == "in words of its own"
    assert told["place"] == "tests/database/test_logs.py:7 somewhere"


def test_a_line_of_the_queue_says_which_job_and_not_its_arguments():
    job = {"id": 12, "task_name": "send_due_mail", "task_kwargs": {"to": PERSON}}

    told = line("procrastinate.worker", f"Job {PERSON}", action="job_error", job=job, exception=PERSON)

    assert (told["jobId"], told["task"], told["action"]) == (12, "send_due_mail", "job_error")


def test_every_line_says_what_it_belongs_to():
    with noting(requestId="one"), noting(jobId="2"):
        assert (line("api", "request")["requestId"], line("api", "request")["jobId"]) == ("one", "2")
    assert "requestId" not in line("api", "request")


@pytest.mark.parametrize(
    ("doing", "kind"),
    [
        (lambda: {}[PERSON], "KeyError"),
        (lambda: int(PERSON), "ValueError"),
        (lambda: pd.to_datetime(pd.Series([PERSON])), None),
        (lambda: pd.DataFrame({"a": [1]})[PERSON], "KeyError"),
        (lambda: json.loads(f'{{"{PERSON}"'), "json.decoder.JSONDecodeError"),
    ],
)
def test_an_error_that_quotes_its_input_is_told_by_kind_and_place(doing, kind):
    told = line("api", "a request failed", error=raised(doing))["exception"]

    assert kind in (None, told[0]["type"])
    assert any(place.startswith("tests/database/test_logs.py:") for place in told[0]["places"])
    assert not [place for found in told for place in found["places"] if PROJECT in place or place.startswith("/")]


def test_a_refused_model_tells_the_kinds_of_mistakes():
    error = raised(lambda: Form.model_validate({"number": PERSON}))

    (told,) = line("api", "a request failed", error=error)["exception"]

    assert told["mistakes"] == "int_parsing"


def test_an_error_of_the_system_tells_its_number():
    (told,) = line("api", "failed", error=raised(lambda: open(f"/{PERSON}")))["exception"]  # noqa: SIM115

    assert (told["type"], told["code"]) == ("FileNotFoundError", 2)


def test_causes_and_groups_are_told_once_each_and_however_they_are_knotted():
    cause, other = ValueError(PERSON), KeyError(PERSON)
    error = ExceptionGroup(PERSON, [cause, other])
    error.__cause__, cause.__context__, other.__cause__ = other, error, cause
    error.add_note(PERSON)

    kinds = [found["type"] for found in line("api", "failed", error=error)["exception"]]

    assert kinds == ["ExceptionGroup", "ValueError", "KeyError"]


def test_handlers_that_come_later_write_such_lines_too():
    program = (
        "import logging; from database.logs import log_as_json; log_as_json()\n"
        "late = logging.getLogger('late'); late.propagate = False; late.addHandler(logging.StreamHandler())\n"
        f"try: raise ValueError('{PERSON}')\n"
        "except ValueError: late.exception('found %s', '" + PERSON + "')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)

    assert json.loads(done.stderr)["exception"][0]["type"] == "ValueError"
    assert not [secret for secret in SECRETS if secret in done.stderr]


def test_the_drivers_own_error_has_a_code_in_the_line(shared_database):
    address = shared_database.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg2.connect(address) as connection, connection.cursor() as cursor:
        error = raised(lambda: cursor.execute("select cast(%s as uuid)", [PERSON]))
    connection.close()

    assert line("api", "failed", error=error)["exception"][0]["code"] == "22P02"
