"""The process that draws charts: `python -m reports.chart_renderer FONTS`, controlled by `reports.chart_files`.

Each input line is a chart as JSON: its specification and its options. Each response is a line, "drawn" or "failed" and
a number of bytes, followed by these bytes: the file, or what was wrong. It ends when nobody can send any more charts.
"""

import json
import os
import signal
import sys
from typing import IO, Any

import vl_convert

from database.logs import log_as_json


def main(fonts: str) -> None:
    """Draw the requested charts, one after the other."""
    log_as_json()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is meant for the parent process
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # output of the engine must not be mistaken for a response
    vl_convert.register_font_directory(fonts)
    for line in sys.stdin.buffer:
        _answer(answers, *_drawn(json.loads(line)))


def _drawn(asked: dict[str, Any]) -> tuple[bytes, bytes]:
    try:
        return b"drawn", vl_convert.vegalite_to_pdf(asked["spec"], **asked["options"])
    except Exception as error:  # whatever it is, the next chart may work
        return b"failed", str(error).encode()


def _answer(answers: IO[bytes], said: bytes, body: bytes) -> None:
    answers.write(b"%s %d\n" % (said, len(body)))
    answers.write(body)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
