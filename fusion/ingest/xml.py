"""An `.xml` file: which news format it is, by its root element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.ingest import feed, newsml, nitf
from fusion.ingest.draft import Unusable
from fusion.ingest.xmltree import local, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion.ingest.draft import Draft, Refused

_FEEDS = frozenset(["rss", "feed", "rdf"])
_NEWSML = frozenset(["newsitem", "newsmessage", "packageitem"])


def read(data: bytes) -> Iterable[Draft | Refused]:
    """The reports in a NITF, NewsML-G2 or feed document."""
    root = parse_xml(data)
    name = local(root)
    if name in _FEEDS:
        return feed.read(data)
    if name in _NEWSML:
        return newsml.reports(root)
    if name == "nitf":
        return nitf.reports(root)
    raise Unusable(f"The XML is no news format that is read (its root element is {name!r}).")
