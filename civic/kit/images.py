"""Photos from citizens: checked by content, stripped of what they tell about the sender."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import SupportsFloat

import filetype
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from civic.kit.errors import Invalid

ALLOWED = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
MAX_PIXELS = 50_000_000
MAX_SIDE = 2048


class NotAnImage(Invalid):
    """The bytes are no image of a kind we take, whatever the name or header says."""

    code = "attachment_not_an_image"
    title = "Only photos can be attached: JPEG, PNG, WebP or GIF"


class TooLarge(Invalid):
    """The file is larger than the setting allows."""

    code = "attachment_too_large"
    status = 413
    title = "This photo is too large"


@dataclass(frozen=True)
class CleanImage:
    """An image re-encoded by us: no EXIF, no comments, at most `MAX_SIDE` pixels a side."""

    data: bytes
    media_type: str
    width: int
    height: int
    # Latitude and longitude that the camera had written into it; they are not in `data` any more.
    taken_at: tuple[float, float] | None = None


def clean(data: bytes, max_bytes: int) -> CleanImage:
    """Re-encodes a photo without its metadata.

    Raises `TooLarge` above `max_bytes` or `MAX_PIXELS`, and `NotAnImage` for anything that is not
    a readable JPEG, PNG, WebP or GIF by its content.
    """
    if len(data) > max_bytes:
        raise TooLarge
    kind = filetype.guess(data)
    if kind is None or kind.mime not in ALLOWED:
        raise NotAnImage
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise TooLarge
                taken_at = _position(opened)
                image = ImageOps.exif_transpose(opened)
                image.thumbnail((MAX_SIDE, MAX_SIDE))
                return replace(_encode(image), taken_at=taken_at)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise NotAnImage from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge from error


def _position(image: Image.Image) -> tuple[float, float] | None:
    """Where the camera says that it was; None when it says nothing, or nothing that can be a place."""
    try:
        said = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(said[ExifTags.GPS.GPSLatitude], said[ExifTags.GPS.GPSLatitudeRef] == "S")
        long = _degrees(said[ExifTags.GPS.GPSLongitude], said[ExifTags.GPS.GPSLongitudeRef] == "W")
    except Exception:  # cameras write what they like there: whatever is wrong, there is no place
        return None
    usable = abs(lat) <= 90 and abs(long) <= 180 and (lat, long) != (0.0, 0.0)
    return (lat, long) if usable else None


def _degrees(parts: Iterable[SupportsFloat], negative: bool) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if negative else value


def _encode(image: Image.Image) -> CleanImage:
    opaque = image.mode in ("RGB", "L", "CMYK", "YCbCr")
    # A fresh image carries pixels only: what the camera wrote about itself stays behind.
    bare = image.convert("RGB" if opaque else "RGBA")
    bare.info.clear()
    out = io.BytesIO()
    if opaque:
        bare.save(out, "JPEG", quality=85, optimize=True)
        media_type = "image/jpeg"
    else:
        bare.save(out, "PNG", optimize=True)
        media_type = "image/png"
    return CleanImage(out.getvalue(), media_type, bare.width, bare.height)
