"""Which reader a file goes to, and the border where every reader's failure becomes a sentence."""

from __future__ import annotations

import hashlib
import importlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fusion.ingest.draft import Draft, Refused, Unusable
from fusion.types import RawArticle, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion.ingest.draft import Reader

# Suffix to the module of this package that reads it; modules are imported when first needed.
_BY_SUFFIX = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mail",
    ".mht": "mail",
    ".eml": "mail",
    ".json": "ninjs",
    ".xml": "xml",
    ".nitf": "xml",
    ".newsml": "xml",
    ".rss": "xml",
    ".atom": "xml",
    ".rdf": "xml",
    ".pdf": "pdf",
    ".docx": "docx",
    ".zip": "archive",
}
READABLE = ", ".join(suffix for suffix in _BY_SUFFIX if suffix)
# A file of another kind under a text file's name.
_SIGNS = (
    (re.compile(rb"%PDF-"), "pdf"),
    (re.compile(rb"(?:\xef\xbb\xbf)?<(?:!doctype\s+html|html)\b", re.IGNORECASE), "html"),
)


def read_file(name: str, data: bytes) -> Iterator[RawArticle | Skipped]:
    """The reports in one file; whatever goes wrong is a `Skipped`, never an exception."""
    sha256 = hashlib.sha256(data).hexdigest()
    for item in drafts(name, data):
        if isinstance(item, Refused):
            yield Skipped(name + item.item, item.reason)
        else:
            yield RawArticle(name + item.item, item.format, item.text, item.metadata, sha256)


def drafts(name: str, data: bytes, *, nested: bool = False) -> Iterator[Draft | Refused]:
    """As `read_file`, for a file by itself or in an archive; an archive in one is refused."""
    try:
        for item in _reader(name, data, nested)(data):
            if isinstance(item, Draft) and not item.text.strip():
                yield Refused(item.item, "There is no text in it.")
            else:
                yield item
    except Unusable as error:
        yield Refused("", str(error))
    except Exception as error:  # foreign bytes can break a library in any way; the rest goes on
        kind = type(error).__name__
        yield Refused("", f"The file is damaged or not what its name says ({kind}).")


def _reader(name: str, data: bytes, nested: bool) -> Reader:
    if not data:
        raise Unusable("The file is empty.")
    module = _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if module is None:
        raise Unusable(f"This kind of file is not read; convert it to one of {READABLE}.")
    if module == "archive" and nested:
        raise Unusable("An archive inside an archive is not read.")
    if module == "text":
        head = data[:2000].lstrip()
        module = next((kind for sign, kind in _SIGNS if sign.match(head)), module)
    reader: Reader = importlib.import_module(f"fusion.ingest.{module}").read
    return reader
