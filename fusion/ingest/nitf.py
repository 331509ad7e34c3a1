"""NITF 3.x, the News Industry Text Format of the IPTC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.ingest.draft import Draft, Unusable, embargo_end
from fusion.ingest.xmltree import block_text, find, find_all, parse_xml, words
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element


def read(data: bytes) -> Iterator[Draft]:
    """One report."""
    return reports(parse_xml(data))


def reports(root: Element) -> Iterator[Draft]:
    """The report in a `nitf` element: `body.content`, and what head and `body.head` state.

    Raises `Unusable` if it is cancelled, withheld, or embargoed without end.
    """
    if (status := _status(root)) in ("canceled", "cancelled", "withheld"):
        raise Unusable(f"Its publishing status is {status!r}.")
    content = next(iter(find_all(root, "body.content")), None)
    yield Draft(block_text(content) if content is not None else "", "nitf", nitf_metadata(root))


def _status(root: Element) -> str | None:
    docdata = next(iter(find_all(root, "docdata")), None)
    return docdata.get("management-status") if docdata is not None else None


def nitf_metadata(root: Element) -> Metadata:
    """What the document's head and `body.head` state."""

    def stamp(name: str) -> str:
        element = next(iter(find_all(root, name)), None)
        return (element.get("norm") or words(element) or "") if element is not None else ""

    # The day of release is that of publication, and an embargoed document's is its embargo's end.
    embargoed = _status(root) == "embargoed"
    release = "" if embargoed else stamp("date.release")
    published = parse_stamp(release or stamp("date.issue") or stamp("story.date"))
    head = next(iter(find_all(root, "body.head")), root)
    titles = find_all(head, "hl1") or find_all(head, "headline") or find_all(root, "title")
    byline = words(next(iter(find_all(head, "byline")), None))
    holder = next(iter(find_all(root, "doc.copyright")), None)
    publication = next(iter(find_all(root, "pubdata")), None)
    distributor = words(find(head, "distributor"))
    return Metadata(
        headline=words(titles[0]) if titles else None,
        outlet=publication.get("name") if publication is not None else None,
        byline=byline.removeprefix("By ").removeprefix("by ") if byline else None,
        agency=distributor,
        dateline=words(next(iter(find_all(head, "dateline")), None)),
        published=published.when if published else None,
        date_only=published.date_only if published else False,
        language=(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].lower() or None,
        rights=holder.get("holder") if holder is not None else words(find(head, "rights")),
        embargoed=embargo_end(stamp("date.release")) if embargoed else None,
    )
