"""A photo leaves what it tells about its sender behind, and only photos get in."""

from __future__ import annotations

import io

import pytest
from PIL import ExifTags, Image

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


def test_where_the_camera_was_is_read_before_it_is_removed() -> None:
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "N",
        ExifTags.GPS.GPSLatitude: (51.0, 30.0, 6.192),
        ExifTags.GPS.GPSLongitudeRef: "W",
        ExifTags.GPS.GPSLongitude: (1.0, 14.0, 36.276),
    }
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    cleaned = images.clean(out.getvalue(), 10_000_000)
    assert cleaned.taken_at == pytest.approx((51.50172, -1.24341), abs=1e-5)
    with Image.open(io.BytesIO(cleaned.data)) as again:
        assert not again.getexif() and not again.getexif().get_ifd(ExifTags.IFD.GPSInfo)


@pytest.mark.parametrize(
    "said",
    [
        {},
        {1: "N", 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
    ],
)
def test_a_camera_that_writes_nonsense_was_nowhere(said: dict[int, object]) -> None:
    exif = Image.Exif()
    exif[ExifTags.IFD.GPSInfo] = said
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    assert images.clean(out.getvalue(), 10_000_000).taken_at is None
