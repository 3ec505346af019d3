"""When a process of the embedded server is killed, its log says so without the statement."""

import json
import subprocess
import sys

from database.settings import PROJECT_DIR
from tests.planted_errors import NAME

PROGRAM = """
import json, os, signal, sys, threading, time
from pathlib import Path
import psycopg2
from database.embedded import embedded_url

data = Path(sys.argv[1])
address = embedded_url(data).set(drivername="postgresql").render_as_string(hide_password=False)
connection = psycopg2.connect(address)
process = connection.get_backend_pid()

def wait():
    try:
        connection.cursor().execute("select pg_sleep(60), %s", [sys.argv[2]])
    except psycopg2.Error:
        pass

waiting = threading.Thread(target=wait)
waiting.start()
time.sleep(1)
os.kill(process, signal.SIGKILL)
waiting.join()
deadline = time.monotonic() + 60
while "ready to accept connections" not in (data / "postgres" / "log").read_text().partition("signal 9")[2]:
    assert time.monotonic() < deadline, "the server did not come back"
    time.sleep(0.1)
print(json.dumps((data / "postgres" / "log").read_text()))
"""


def test_a_killed_process_of_the_server_does_not_tell_its_statement(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path / "d", NAME],
        capture_output=True,
        text=True,
        cwd=PROJECT_DIR,
        timeout=300,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    log = json.loads(done.stdout)
    assert "signal 9" in log
    assert NAME not in log
    assert "pg_sleep" not in log
