"""Pages with players, for proofs: of a school, at an origin of its own, beside the dashboard's server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECONDS = 60  # of the recording

# A recording of silence, built by the page itself: every browser plays it, exactly this long, and seeks in it.
RECORDING = """
function recording(seconds) {
  const rate = 8000, samples = rate * seconds, bytes = new DataView(new ArrayBuffer(44 + samples));
  const text = (place, told) => [...told].forEach((one, index) => bytes.setUint8(place + index, one.charCodeAt(0)));
  text(0, "RIFF"); bytes.setUint32(4, 36 + samples, true); text(8, "WAVEfmt "); bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); bytes.setUint16(22, 1, true); bytes.setUint32(24, rate, true);
  bytes.setUint32(28, rate, true); bytes.setUint16(32, 1, true); bytes.setUint16(34, 8, true);
  text(36, "data"); bytes.setUint32(40, samples, true);
  for (let place = 44; place < 44 + samples; place += 1) bytes.setUint8(place, 128);
  return URL.createObjectURL(new Blob([bytes.buffer], { type: "audio/wav" }));
}
"""


@contextmanager
def school() -> Iterator["School"]:
    """A server of pages; stopped afterwards."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield School(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class School:
    """Its origin, and the pages that it serves."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.origin = f"http://localhost:{server.server_port}"
        self._pages: dict[str, str] = {}
        server.pages = self._pages  # type: ignore[attr-defined]

    def lesson(self, video: str, snippet: str, **attributes: str) -> str:
        """The address of a page with a <video>, and the snippet as docs/events.md has it."""
        told = " ".join(f"data-{name}={json.dumps(value)}" for name, value in attributes.items())
        return self.page(
            f"/{video}-{len(self._pages)}",
            f"<script src='{snippet}' {told}></script><video data-video={json.dumps(video)} controls></video>"
            f"<script>{RECORDING} document.querySelector('video').src = recording({SECONDS})</script>",
        )

    def page(self, path: str, content: str) -> str:
        """The address of a page with this content."""
        self._pages[path] = f"<!doctype html><title>A lesson</title>{content}"
        return self.origin + path


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = self.server.pages.get(self.path)  # type: ignore[attr-defined]
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((content or "").encode())

    def log_message(self, *_: object) -> None:
        """Quiet."""
