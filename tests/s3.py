"""S3 on the loopback, as an object store of its own would be: the real protocol, by moto."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import s3fs
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """The server, empty but for the bucket `town`; a test may stop it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    s3fs.S3FileSystem.clear_instance_cache()
    s3_backends.reset()
    s3fs.S3FileSystem().mkdir("town")
    yield server
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


def keys() -> list[str]:
    """Everything in the bucket."""
    files = s3fs.S3FileSystem(use_listings_cache=False)
    return sorted(str(key) for key in files.find("town"))
