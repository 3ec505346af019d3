"""An S3 bucket on this computer: moto's server, which speaks the real protocol."""

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from moto.server import ThreadedMotoServer


@contextmanager
def a_bucket() -> Iterator[None]:
    """An empty bucket that STORAGE_URL names while the block runs."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    try:
        _ask(f"{endpoint}/moto-api/reset", "POST")  # all its servers share their contents
        _ask(f"{endpoint}/course-files", "PUT")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("STORAGE_URL", "s3://course-files/dashboard")
            patch.setenv("AWS_ENDPOINT_URL", endpoint)
            patch.setenv("AWS_ALLOW_HTTP", "true")
            patch.setenv("AWS_ACCESS_KEY_ID", "key")
            patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
            patch.setenv("AWS_REGION", "us-east-1")
            yield
    finally:
        server.stop()


def _ask(address: str, method: str) -> None:
    with urllib.request.urlopen(urllib.request.Request(address, method=method)) as answer:
        assert answer.status == 200
