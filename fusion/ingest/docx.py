"""Word documents (`.docx`)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from fusion.ingest.archive import check_archive
from fusion.ingest.draft import Draft, Unusable
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(data: bytes) -> Iterator[Draft]:
    """One report: its paragraphs, and the title and author of the document's properties."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unusable("The Word document is protected by a password or of the old .doc kind.")
    check_archive(data)
    import docx
    from docx.opc.exceptions import OpcError

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError) as error:
        raise Unusable("The Word document is damaged or is no .docx file.") from error
    about = document.core_properties  # its dates are the file's, not the article's
    lines = [paragraph.text for paragraph in document.paragraphs]
    yield Draft(
        "\n".join(lines),
        "docx",
        Metadata(
            headline=about.title.strip() or None,
            byline=about.author.strip() or None,
            language=about.language[:2].lower() or None,
        ),
    )
