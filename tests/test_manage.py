"""The command line, run as people run it."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from database.settings import PROJECT_DIR
from tests import oracle
from tests.builders import NOW, a_chat, a_creator, a_progress, a_question, a_student, a_watch, an_answer, an_attempt
from tests.data_futurelearn import small_export
from tests.queries import expected

STATS_KEYS = {
    "students": ["total", "active", "activePercentage", "newThisMonth", "trends"],
    "progress": ["avgCompletion", "videosWatched", "quizzesPassed"],
    "engagement": ["dailyActiveUsers", "peakHours", "avgSessionTime"],
    "support": ["questionsAsked", "aiAnswered", "satisfactionRate"],
}


def manage(*arguments, **environment):
    """Run a command in a separate process; None unsets a variable."""
    combined = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment}
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=PROJECT_DIR,
        env={name: str(value) for name, value in combined.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def answer_of(*arguments, **environment):
    """The output of a command that succeeds."""
    done = manage(*arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refusal_of(*arguments, **environment):
    """The one line on stderr of a command that could not do what it was asked to."""
    (line,) = lines_of_refusal(*arguments, **environment)
    return line


def lines_of_refusal(*arguments, **environment):
    """The contents of stderr, including the progress of a command that shows it; the last line is the error."""
    done = manage(*arguments, **environment)
    assert done.returncode == 2, done.stderr
    assert done.stdout.strip() == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert [line.startswith("error: ") for line in lines] == [False] * (len(lines) - 1) + [True]
    return lines


@pytest.fixture(scope="module")
def creator(shared_database):
    ada, bo = a_student("Ada Moss", enrolled_days_ago=2), a_student("Bo Lind", enrolled_days_ago=40)
    return a_creator(
        [ada, bo],
        a_watch(ada, days_ago=1, seconds=150),
        a_progress(bo, days_ago=10, watch_percentage=62.5, completed=True),
        an_attempt(ada, passed=True, days_ago=3),
        a_chat(a_question(rating=0.25), an_answer(), student=bo, days_ago=35),
        name="Nova Reyes",
        timezone="Asia/Kolkata",
    )


@pytest.mark.parametrize(("period", "days"), [("7d", 7), ("30d", 30), ("90d", 90)])
def test_stats_are_the_published_shape_with_the_figures_of_plain_python(creator, period, days):
    answer = json.loads(answer_of("stats", "--creator", "Nova Reyes", "--period", period))

    assert {section: list(entries) for section, entries in answer.items()} == STATS_KEYS
    assert list(answer["students"]["trends"]) == ["active", "new"]
    assert [list(day) for day in answer["engagement"]["dailyActiveUsers"]] == [["date", "count"]] * days
    assert [list(hour) for hour in answer["engagement"]["peakHours"]] == [["hour", "count"]] * 24
    assert answer == expected.dashboard(oracle.source(creator.id), NOW, days)


def test_stats_are_of_30_days_and_found_by_id_too(creator):
    by_default = answer_of("stats", "--creator", creator.id)

    assert len(json.loads(by_default)["engagement"]["dailyActiveUsers"]) == 30


def test_creators_for_programs(creator):
    a_creator(name="Élan “Quoted”", subscription_tier="basic")

    listed = json.loads(answer_of("creators", "--json"))

    known = {entry["name"]: entry for entry in listed}
    assert known["Nova Reyes"] == {
        "id": str(creator.id),
        "name": "Nova Reyes",
        "subscription_tier": "enterprise",
        "timezone": "Asia/Kolkata",
        "timezone_was": None,
        "is_demo": False,
        "students": 2,
        "last_refresh": NOW.isoformat(),
    }
    assert known["Élan “Quoted”"]["subscription_tier"] == "basic"


def test_time_zones_are_listed_and_found_by_a_part_of_their_name(creator):
    assert answer_of("time-zones").splitlines()[0] == "UTC"
    assert answer_of("time-zones", "berlin").splitlines() == ["Europe/Berlin"]
    assert '"mars"' in refusal_of("time-zones", "mars")


def test_an_unknown_creator_is_named_with_those_who_are_known(creator):
    line = refusal_of("stats", "--creator", "Nobody")

    assert '"Nobody"' in line
    assert '"Nova Reyes"' in line


def test_a_name_that_repeats_asks_for_the_id(creator):
    twins = [a_creator(name="Twin"), a_creator(name="Twin")]

    line = refusal_of("stats", "--creator", "Twin")

    assert all(str(twin.id) in line for twin in twins)


@pytest.mark.parametrize("period", ["31d", "", "7D", "week"])
def test_an_unknown_period_is_named_with_those_that_are_known(creator, period):
    line = refusal_of("stats", "--creator", "Nova Reyes", "--period", period)

    assert f'"{period}"' in line
    assert "7d, 30d, 90d" in line


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nonsense", "DATABASE_URL"),
        ("postgresql://localhost:port/dashboard", "DATABASE_URL"),
        ("sqlite:///dashboard.db", "sqlite"),
        ("postgresql://someone:secret@127.0.0.1:1/dashboard", "refused"),
        ("postgresql://someone:secret@127.0.0.1:1/dashboard?nonsense=1", "nonsense"),
        ("postgresql://someone:secret@host.invalid/dashboard", "host.invalid"),
    ],
)
def test_a_broken_address_of_the_database(address, reason):
    line = refusal_of("creators", "--json", DATABASE_URL=address)

    assert reason in line
    assert "secret" not in line


def test_something_that_is_no_database():
    with a_server_that_answers(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        line = refusal_of("creators", DATABASE_URL=f"postgresql://someone:secret@127.0.0.1:{port}/dashboard")

    assert f":{port}/dashboard does not answer" in line
    assert "secret" not in line


def test_a_database_that_was_never_migrated_says_what_to_do(empty_database):
    assert "manage.py migrate" in refusal_of("creators")


@pytest.mark.parametrize("place", ["", "deeper/still"])
def test_a_data_folder_that_is_a_file(tmp_path, place):
    in_the_way = tmp_path / "data"
    in_the_way.write_text("not a folder")

    line = refusal_of("creators", DATABASE_URL=None, DASHBOARD_DATA_DIR=in_the_way / place)

    assert str(in_the_way) in line
    assert "DASHBOARD_DATA_DIR" in line


def test_a_fixed_time_that_is_none(creator):
    line = refusal_of("stats", "--creator", "Nova Reyes", DASHBOARD_NOW="yesterday")

    assert '"yesterday"' in line


def test_a_course_run_is_imported_and_its_stats_are_there(shared_database, tmp_path):
    folder = small_export(tmp_path / "run")
    at_its_end = {"DASHBOARD_NOW": "2018-10-02T00:00:00Z"}

    report = answer_of("import-futurelearn", folder, "--creator", "Knots", "--timezone", "Asia/Kolkata", **at_its_end)

    assert "Knots" in report
    stats = json.loads(answer_of("stats", "--creator", "Knots", "--period", "90d", **at_its_end))
    assert stats["students"]["total"] == 9
    assert stats["progress"]["quizzesPassed"] > 0


def test_a_folder_without_a_course_run_is_refused(shared_database, tmp_path):
    lines = lines_of_refusal("import-futurelearn", tmp_path / "nowhere", "--creator", "Nowhere")

    assert "nowhere" in lines[-1]


def test_the_demo_is_loaded_once_and_replaced_on_request(database):
    small = ("--students", 12, "--videos", 6, "--days", 30)
    answer_of("demo", *small)
    listed = json.loads(answer_of("creators", "--json"))

    assert len(listed) == 3
    assert max(creator["students"] for creator in listed) == 12
    assert all(creator["last_refresh"] for creator in listed)
    assert "already loaded" in lines_of_refusal("demo", *small)[-1]
    answer_of("demo", *small, "--replace")
    assert json.loads(answer_of("creators", "--json")) == listed


def test_a_demo_that_cannot_be_is_refused(shared_database):
    assert "students=-1" in lines_of_refusal("demo", "--students", -1)[-1]


def test_the_embedded_database_is_migrated_by_the_first_command(tmp_path):
    assert json.loads(answer_of("creators", "--json", DATABASE_URL=None, DASHBOARD_DATA_DIR=tmp_path / "new")) == []


def test_an_embedded_database_that_is_to_be_empty_stays_so(tmp_path):
    of_its_own = {"DATABASE_URL": None, "DASHBOARD_DATA_DIR": tmp_path / "new"}

    answer_of("setup", "--empty", **of_its_own)
    answer_of("setup", **of_its_own)  # as a server does when it starts
    answer_of("creator", "add", "My school", "--timezone", "Europe/Berlin", **of_its_own)

    (known,) = json.loads(answer_of("creator", "list", "--json", **of_its_own))
    assert (known["name"], known["timezone"], known["is_demo"]) == ("My school", "Europe/Berlin", False)


def test_the_demo_is_removed_on_request(database):
    answer_of("demo", "--students", 3, "--videos", 3, "--days", 30)
    answer_of("creator", "add", "My school")

    assert "Removed 3 demo creators." in answer_of("demo", "--remove")
    assert [one["name"] for one in json.loads(answer_of("creators", "--json"))] == ["My school"]
    assert "No demo is loaded." in answer_of("demo", "--remove")


@contextmanager
def a_server_that_answers(reply: bytes) -> Iterator[int]:
    """The port of a server that says the same to everyone and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    visitor, _ = listening.accept()
                except OSError:  # closed
                    return
                with visitor:
                    visitor.recv(1024)
                    visitor.sendall(reply)

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
