"""Which reader a file goes to, and the border where every reader's failure becomes a sentence."""

from __future__ import annotations

import hashlib
import importlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fusion.ingest.draft import Draft, Unusable
from fusion.types import RawArticle, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion.ingest.draft import Reader

# Suffix to the module of this package that reads it.
_BY_SUFFIX = {
    "": "text",
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
READABLE = ", ".join(suffix for suffix in _BY_SUFFIX if suffix)
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def read_file(name: str, data: bytes) -> Iterator[RawArticle | Skipped]:
    """The reports in one file; whatever goes wrong is one `Skipped`, never an exception."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        for item in _reader(name, data)(data):
            if not isinstance(item, Draft):
                yield Skipped(name + item.item, item.reason)
            elif not item.text.strip():
                yield Skipped(name + item.item, "There is no text in it.")
            else:
                yield RawArticle(name + item.item, item.format, item.text, item.metadata, sha256)
    except Unusable as error:
        yield Skipped(name, str(error))
    except Exception as error:  # foreign bytes can break a library in any way; the rest goes on
        kind = type(error).__name__
        yield Skipped(name, f"The file is damaged or not what its name says ({kind}).")


def _reader(name: str, data: bytes) -> Reader:
    if not data:
        raise Unusable("The file is empty.")
    module = _BY_SUFFIX.get(PurePosixPath(name).suffix.lower())
    if module is None:
        raise Unusable(f"This kind of file is not read; convert it to one of {READABLE}.")
    if module == "text" and _HTML.match(data):
        module = "html"
    reader: Reader = importlib.import_module(f"fusion.ingest.{module}").read
    return reader
