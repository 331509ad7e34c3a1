"""What readers give back, and the limits they keep to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

# 20 MB: a hundred times the longest article; larger files are archives, scans or mistakes.
MAX_FILE_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as a reader found it. `item` is its place in its container, `#2`, `!a.txt` or ""."""

    text: str
    format: str
    metadata: Metadata = field(default_factory=Metadata)
    item: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """An item of a container that is not to be used, and why."""

    item: str
    reason: str


class Unusable(Exception):
    """The whole file is of no use; the message is the sentence that the user reads."""


def embargo_end(stated: str) -> datetime:
    """When an embargo ends. Raises `Unusable` where that cannot be read: then it has no end."""
    stamp = parse_stamp(stated)
    if stamp is None:
        raise Unusable("It is embargoed, and until when is not stated in a way that can be read.")
    return stamp.when


if TYPE_CHECKING:
    Reader = Callable[[bytes], Iterable[Draft | Refused]]


def megabytes(size: int) -> str:
    """A size for people: `21.5 MB`."""
    return f"{size / 1e6:.1f} MB"
