"""Zip archives of the other formats, with limits that a zip bomb runs into before it unfolds."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fusion.ingest.draft import MAX_FILE_BYTES, Draft, Refused, Unusable, megabytes

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 2000
MAX_UNPACKED_BYTES = 200_000_000
# Text packs 3 to 10 times, markup up to 50; bombs begin at a thousand.
MAX_RATIO = 200


def check_archive(data: bytes) -> list[zipfile.ZipInfo]:
    """The members, if the archive keeps to the limits by its own directory; else `Unusable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise Unusable("The archive is damaged or is no zip archive.") from error
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        raise Unusable(f"The archive has {len(members)} files; the limit is {MAX_MEMBERS}.")
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * max(len(data), 1):
        raise Unusable(
            f"The archive of {megabytes(len(data))} would unpack to {megabytes(unpacked)}, "
            "which is more than news text does."
        )
    return members


def read(data: bytes) -> Iterator[Draft | Refused]:
    """Every report of every file in the archive, named `!path` in it; nothing is written."""
    from fusion.ingest.formats import drafts

    members = check_archive(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in sorted(members, key=lambda member: member.filename):
            path = PurePosixPath(member.filename.replace("\\", "/"))
            if not member.filename:
                yield Refused("!", "A file in the archive has no name.")
                continue
            if member.is_dir() or _hidden(path):
                continue
            place = f"!{member.filename}"
            content = _content(archive, member, path)
            if isinstance(content, str):
                yield Refused(place, content)
                continue
            for item in drafts(path.name, content, nested=True):
                if isinstance(item, Draft):
                    yield Draft(item.text, item.format, item.metadata, place + item.item)
                else:
                    yield Refused(place + item.item, item.reason)


def _hidden(path: PurePosixPath) -> bool:
    """Whether it is what systems leave in archives (`.DS_Store`, `__MACOSX/…`)."""
    return any(p == "__MACOSX" or (p.startswith(".") and p != "..") for p in path.parts)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: PurePosixPath) -> bytes | str:
    """A member's bytes, or the reason why it is not read."""
    if path.is_absolute() or ".." in path.parts:
        return "Its name points out of the archive."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "A link in an archive is not followed."
    if member.flag_bits & 1:
        return "It is protected by a password."
    if member.file_size > MAX_FILE_BYTES:
        size, limit = megabytes(member.file_size), megabytes(MAX_FILE_BYTES)
        return f"The file has {size}; the limit is {limit}."
    try:
        with archive.open(member) as file:
            # The directory may lie about the size; one byte more than the limit tells.
            content = file.read(MAX_FILE_BYTES + 1)
    # RuntimeError is what zipfile says of a compression or an encryption that it does not know.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError):
        return "It is damaged in the archive."
    return content if len(content) <= MAX_FILE_BYTES else "It is larger than the archive states."
