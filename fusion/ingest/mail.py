"""Mail (`.eml`) and saved web pages (`.mhtml`): the same MIME container."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.ingest.decode import decode
from fusion.ingest.draft import Draft, Unusable
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator


def read(data: bytes) -> Iterator[Draft]:
    """One report: a mail's plain text, else its HTML; a saved page's HTML."""
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unusable("The file is no mail: it has no header.")
    saved_page = "snapshot-content-location" in message or message.get_content_type() == (
        "multipart/related"
    )
    plain, page = _part(message, "text/plain"), _part(message, "text/html")
    if page is not None and (saved_page or plain is None):
        yield _web_page(message, page, saved_page)
    elif plain is not None:
        yield Draft(_text(plain), "eml", _headers(message))
    else:
        raise Unusable("The mail has no text part.")


def _part(message: EmailMessage, kind: str) -> EmailMessage | None:
    """The first part of this content type that is not an attachment."""
    for part in message.walk():
        if (
            isinstance(part, EmailMessage)
            and part.get_content_type() == kind
            and part.get_content_disposition() != "attachment"
        ):
            return part
    return None


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    return decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset())


def _web_page(message: EmailMessage, page: EmailMessage, saved: bool) -> Draft:
    from fusion.ingest import html

    if saved:
        draft = html.article(_text(page))
        url = _header(message, "snapshot-content-location") or _header(page, "content-location")
        known = draft.metadata
        return replace(
            draft,
            format="mhtml",
            metadata=replace(known, url=known.url or url or None),
        )
    return Draft(html.fragment_text(_text(page)), "eml", _headers(message))


def _headers(message: EmailMessage) -> Metadata:
    """Subject, sender and date. The sender passed the text on: the outlet, not the byline."""
    sent = parse_stamp(_header(message, "date"))
    name, _ = parseaddr(_header(message, "from"))
    language = _header(message, "content-language")[:2].lower()
    return Metadata(
        headline=_header(message, "subject").strip() or None,
        outlet=name or None,
        published=sent.when if sent else None,
        date_only=sent.date_only if sent else False,
        language=language or None,
    )


def _header(message: EmailMessage, name: str) -> str:
    """What a header says; "" where there is none, or it is too damaged to parse."""
    try:
        return str(message[name] or "")
    except Exception:  # the standard library's parser fails in many ways
        return ""
