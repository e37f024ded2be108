"""Photos: cleaned, bound to their conversation, refused when they are none."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.webchat import uploads
from civic.conversation.models import Attachment
from civic.kit.files import FileStore, StoreFull
from civic.kit.remote_files import open_store
from civic.kit.services import Services
from tests.bot.conftest import Wire
from tests.s3 import keys, s3

__all__ = ["s3"]

pytestmark = pytest.mark.one_database


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def send(chat: TestClient, data: bytes, name: str = "p.jpg", **fields: str) -> Any:
    return chat.post("/chat/attachments", files={"file": (name, data)}, data=fields)


@pytest.mark.both_databases
def test_a_photo_is_stored_without_what_the_camera_wrote(chat: TestClient, services: Services) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    data = photo(exif=exif)
    assert b"SecretCamera" in data
    response = send(chat, data)
    assert response.status_code == 201
    stored = services.get(FileStore).get(response.json()["attachment"])
    assert b"SecretCamera" not in stored
    with Image.open(io.BytesIO(stored)) as image:
        assert image.size == (60, 40)
        assert not dict(image.getexif())


@pytest.mark.both_databases
def test_a_photo_goes_with_a_message_of_its_own_conversation_only(chat: TestClient, wire: Wire) -> None:
    uploaded = send(chat, photo()).json()
    body = {"message_id": "1", "attachment": uploaded["attachment"]}
    mine = chat.post("/chat/messages", json={**body, "session": uploaded["session"]})
    assert mine.status_code == 200
    assert wire.asked[0]["intent"] == "share_photo"
    assert wire.asked[0]["metadata"]["attachment_id"] == uploaded["attachment"]
    strangers = chat.post("/chat/messages", json=body)
    assert strangers.status_code == 422
    assert strangers.json()["code"] == "unknown_attachment"


def test_a_photo_joins_the_conversation_that_is_there(chat: TestClient, services: Services) -> None:
    session = chat.post("/chat/messages", json={"message_id": "1", "text": "hello"}).json()["session"]
    assert send(chat, photo(), session=session).json()["session"] == session


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "p.svg"),
        (b"<!doctype html><script>alert(1)</script>", "p.jpg"),
        (b"%PDF-1.7\n", "p.png"),
        (b"MZ" + b"\0" * 200, "p.jpg"),
        (photo()[:200], "p.jpg"),
        (b"", "p.jpg"),
    ],
)
def test_what_is_no_photo_is_refused_whatever_its_name(
    chat: TestClient, services: Services, data: bytes, name: str
) -> None:
    response = send(chat, data, name)
    assert response.status_code == 422, response.text
    assert response.json()["detail"] == services.text("webchat-photo-type", "en")
    with services.sessions() as db:
        assert db.query(Attachment).count() == 0


def test_a_photo_above_the_limit_is_refused_by_its_announced_size(chat: TestClient) -> None:
    response = send(chat, b"\xff\xd8\xff" + b"\0" * 10 * 1024 * 1024 + b"\0" * 20_000)
    assert response.status_code == 413
    assert "10 MB" in response.json()["detail"]


def test_a_photo_above_the_limit_is_refused_while_it_streams(chat: TestClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n'
        for _ in range(40):
            sent += 1
            yield b"\0" * 1024 * 1024

    response = chat.post(
        "/chat/attachments", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )
    assert response.status_code == 413


def test_a_small_file_that_unpacks_to_a_giant_is_refused(chat: TestClient) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    response = send(chat, bomb + chunk(b"IEND", b""), "bomb.png")
    assert response.status_code == 413


@pytest.mark.parametrize(
    "request_",
    [
        {"json": {"file": "x"}},
        {"data": {"file": "only text"}},
        {"files": {"other": b"x"}},
        {"content": b"--b", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"rubbish", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    ],
)
def test_a_form_without_a_file_is_refused(chat: TestClient, request_: dict[str, Any]) -> None:
    response = chat.post("/chat/attachments", **request_)
    assert response.status_code == 422
    assert response.json()["code"] == "broken_form"


def test_a_session_that_can_be_none_is_refused_with_its_photo(chat: TestClient) -> None:
    assert send(chat, photo(), session="short").status_code == 422


@pytest.mark.both_databases
def test_nobody_fills_the_disk_with_photos(
    chat: TestClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PER_HOUR", 2)
    session = send(chat, photo()).json()["session"]
    assert send(chat, photo(), session=session).status_code == 201
    refused = send(chat, photo(), session=session)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "3600"


def test_where_photos_cannot_be_kept_this_is_said_and_the_words_arrive_without(
    chat: TestClient, wire: Wire, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = chat.post("/chat/messages", json={"message_id": "1", "text": "hello"}).json()["session"]
    with monkeypatch.context() as full:
        full.setattr(FileStore, "put", _full)
        refused = send(chat, photo(), session=session)
        assert refused.status_code == 503
        assert refused.json()["detail"] == services.text("webchat-photo-not-kept", "en")
        body = {"message_id": "2", "text": "the lamp is out", "session": session}
        assert chat.post("/chat/messages", json=body).status_code == 200
        assert wire.asked[-1]["text"] == "the lamp is out"
    again = send(chat, photo(), session=session)
    assert (again.status_code, again.json()["session"]) == (201, session)


def test_an_object_store_that_is_away_costs_a_photo_and_no_words(
    chat: TestClient, wire: Wire, services: Services, s3: ThreadedMotoServer
) -> None:
    services.provide(FileStore, lambda parts: open_store("s3://town/photos", parts.settings.home))
    session = send(chat, photo()).json()["session"]
    (kept,) = keys()
    s3.stop()
    refused = send(chat, photo(), session=session)
    assert refused.status_code == 503
    assert refused.json()["detail"] == services.text("webchat-photo-not-kept", "en")
    body = {"message_id": "1", "text": "the lamp is out", "session": session}
    assert chat.post("/chat/messages", json=body).status_code == 200
    assert wire.asked[-1]["text"] == "the lamp is out"
    with services.sessions() as rows:
        # Only the photo that is there has a row.
        (row,) = rows.scalars(select(Attachment.id))
        assert kept.endswith(f"/{row}")


def _full(*_: Any) -> None:
    raise StoreFull
