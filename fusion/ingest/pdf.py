"""PDF with a text layer."""

from __future__ import annotations

import io
import logging
import re
from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.ingest.draft import Draft, Unusable
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pypdf import PdfReader

_MAX_PAGES = 100  # a report has a few; a longer file is a book or an archive
_PDF_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?")


def read(data: bytes) -> Iterator[Draft]:
    """One report: the pages' text, their line breaks joined to paragraphs."""
    import pypdf

    # What pypdf mends it reports as a warning of its own; the user is told only what is lost.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unusable("The PDF is protected by a password; save it without one.")
        if (pages := len(reader.pages)) > _MAX_PAGES:
            raise Unusable(f"The PDF has {pages} pages; the limit is {_MAX_PAGES}.")
        text = "\n\n".join(paragraphs(page.extract_text()) for page in reader.pages)
        metadata = _metadata(reader)
    except Unusable:
        raise
    except Exception as error:  # pypdf fails on damaged files in more ways than it names
        raise Unusable(f"The PDF is damaged ({error}).") from error
    if not text.strip():
        raise Unusable("The PDF has no text layer; run text recognition (OCR) on it first.")
    yield Draft(text, "pdf", metadata)


def paragraphs(page: str) -> str:
    """Join the lines of a column: a paragraph ends where a line ends a sentence and is short.

    Line breaks are all that a page's text has. A line belongs to the next one unless it is blank,
    or clearly shorter than the page's full lines.
    """
    lines = [line.strip() for line in page.splitlines()]
    widths = sorted(len(line) for line in lines if line)
    if not widths:
        return ""
    full = 0.8 * widths[int(0.9 * (len(widths) - 1))]
    joined: list[str] = []
    goes_on = False
    for line in lines:
        if not line:
            goes_on = False
            continue
        if goes_on and joined[-1].endswith("-") and line[0].islower():
            joined[-1] = joined[-1][:-1] + line
        elif goes_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
        goes_on = len(line) >= full
    return "\n".join(joined)


def _metadata(reader: PdfReader) -> Metadata:
    """Title, author and date of the document information, where they are more than a file name."""
    info = reader.metadata
    if info is None:
        return Metadata()

    def text(name: str) -> str | None:
        value = info.get(name)
        return " ".join(value.split()) or None if isinstance(value, str) else None

    title = text("/Title")
    match = _PDF_DATE.match(text("/CreationDate") or "")
    created = None
    if match:
        year, month, day, hour, minute, second, zulu, offset, rest = match.groups()
        zone = "Z" if zulu else f"{offset}:{rest or '00'}" if offset else ""
        clock = f"T{hour}:{minute}:{second or '00'}{zone}" if hour else ""
        created = parse_stamp(f"{year}-{month}-{day}{clock}")
    return Metadata(
        headline=title if title and len(title.split()) >= 3 else None,
        byline=text("/Author"),
        published=created.when if created else None,
        date_only=created.date_only if created else False,
    )
