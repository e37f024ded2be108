"""A photo leaves what it tells about its sender behind, and only photos get in."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from civic.kit import images

LIMIT = 10 * 1024 * 1024


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), exif: bool = False) -> bytes:
    image = Image.new("RGB", size, "green")
    out = io.BytesIO()
    if exif:
        data = Image.Exif()
        data[0x010F] = "SecretCamera"
        data.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
        image.save(out, kind, exif=data)
    else:
        image.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_photos_of_the_usual_kinds_are_taken(kind: str) -> None:
    clean = images.clean(photo(kind), LIMIT)
    with Image.open(io.BytesIO(clean.data)) as image:
        assert (image.width, image.height) == (clean.width, clean.height) == (64, 48)


def test_place_and_camera_are_removed() -> None:
    dirty = photo(exif=True)
    assert b"SecretCamera" in dirty
    clean = images.clean(dirty, LIMIT)
    assert b"SecretCamera" not in clean.data
    with Image.open(io.BytesIO(clean.data)) as image:
        assert not dict(image.getexif())


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"<svg onload=alert(1)>", b"%PDF-1.4", b"\xff\xd8\xff\xe0broken", b"GIF89a"]
)
def test_what_is_not_a_photo_is_refused_whatever_it_claims(data: bytes) -> None:
    with pytest.raises(images.NotAnImage):
        images.clean(data, LIMIT)


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(images.TooLarge):
        images.clean(photo(size=(500, 500)), 100)


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < LIMIT
    with pytest.raises(images.TooLarge):
        images.clean(out.getvalue(), LIMIT)


def test_a_large_photo_is_made_smaller() -> None:
    clean = images.clean(photo(size=(4000, 1000)), LIMIT)
    assert (clean.width, clean.height) == (images.MAX_SIDE, 512)
