"""NewsML-G2 of the IPTC: one news item, or a news message with several."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.ingest.draft import Draft, Refused, Unusable, embargo_end
from fusion.ingest.nitf import nitf_metadata
from fusion.ingest.xmltree import block_text, find, find_all, local, parse_xml, words
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read(data: bytes) -> Iterator[Draft | Refused]:
    """One report a news item."""
    return reports(parse_xml(data))


def reports(root: Element) -> Iterator[Draft | Refused]:
    """The reports in a `newsItem` or `newsMessage`; withheld and cancelled ones are refused."""
    items = [root] if local(root) == "newsitem" else find_all(root, "newsitem")
    if not items:
        raise Unusable("The NewsML-G2 document holds no news item.")
    for number, item in enumerate(items, 1):
        place = f"#{number}" if len(items) > 1 else ""
        status = _code(find(item, "itemmeta", "pubstatus"))
        if status in ("canceled", "cancelled", "withheld"):
            yield Refused(place, f"Its publishing status is {status!r}.")
            continue
        try:
            yield Draft(_text(item), "newsml-g2", _metadata(item), place)
        except Unusable as error:
            yield Refused(place, str(error))


def _text(item: Element) -> str:
    """The body in `inlineXML` (XHTML or NITF), or else the plain text in `inlineData`."""
    for inline in find_all(item, "inlinexml"):
        body = next(iter(find_all(inline, "body.content", "body")), inline)
        content = next(iter(find_all(body, "body.content")), body)
        if text := block_text(content):
            return text
    return "\n".join("".join(data.itertext()) for data in find_all(item, "inlinedata"))


def _code(element: Element | None) -> str | None:
    """A concept's code without its scheme: `stat:usable` is `usable`."""
    return element.get("qcode", "").rpartition(":")[2] if element is not None else None


def _metadata(item: Element) -> Metadata:
    meta, content = find(item, "itemmeta"), find(item, "contentmeta")
    rights = find(item, "rightsinfo")

    def stated(element: Element | None, name: str) -> str:
        return (words(find(element, name)) or "") if element is not None else ""

    def named(element: Element | None, name: str) -> str | None:
        """A party's `name`, or the text of the element itself."""
        found = find(element, name) if element is not None else None
        return (words(find(found, "name")) or words(found)) if found is not None else None

    first = parse_stamp(stated(meta, "firstcreated") or stated(content, "contentcreated"))
    version = parse_stamp(stated(meta, "versioncreated") or stated(content, "contentmodified"))
    published = first or version
    embargoed = find(item, "itemmeta", "embargoed") is not None
    language = find(content, "language") if content is not None else None
    known = Metadata(
        headline=stated(content, "headline") or stated(meta, "title") or None,
        outlet=named(content, "infosource") or named(meta, "provider"),
        byline=(stated(content, "by") or "").removeprefix("By ") or named(content, "creator"),
        agency=stated(content, "creditline") or None,
        dateline=stated(content, "dateline") or named(content, "located"),
        published=published.when if published else None,
        updated=version.when if first and version and version.when != first.when else None,
        date_only=published.date_only if published else False,
        language=((language.get("tag") if language is not None else "") or item.get(_LANG) or "")[
            :2
        ].lower()
        or None,
        rights=stated(rights, "copyrightnotice") or named(rights, "copyrightholder")
        or stated(rights, "usageterms") or None,
        embargoed=embargo_end(stated(meta, "embargoed")) if embargoed else None,
    )  # fmt: skip
    inner = next(iter(find_all(item, "nitf")), None)
    if inner is not None and known.headline is None:
        known = replace(known, headline=nitf_metadata(inner).headline)
    return known
