"""Plain text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from fusion.ingest.decode import decode
from fusion.ingest.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(data: bytes) -> Iterator[Draft]:
    """One report: the text as it stands; its title and date are found when it is cleaned."""
    yield Draft(unwrap(decode(data)), "text")


def unwrap(text: str) -> str:
    """Join the lines of hard-wrapped paragraphs, which blank lines separate.

    Text is taken as hard-wrapped where it has paragraphs of several lines and nearly all lines
    but a paragraph's last are of one width, 50 to 100 characters.
    """
    lines = text.splitlines()
    inner = [len(a) for a, b in pairwise(lines) if a.strip() and b.strip()]
    if len(inner) < 4 or max(map(len, lines)) > 100:
        return text
    filled = sum(50 <= width <= 100 for width in inner)
    if filled < 0.9 * len(inner):
        return text
    paragraphs: list[str] = []
    open_paragraph = False
    for line in lines:
        if open_paragraph and line.strip():
            paragraphs[-1] += " " + line.strip()
        else:
            paragraphs.append(line.strip())
        open_paragraph = bool(line.strip())
    return "\n".join(paragraphs)
