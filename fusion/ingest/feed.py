"""RSS and Atom files: one report an entry that has content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fusion.clean.dates import parse_stamp
from fusion.ingest.draft import Draft, Refused, Unusable
from fusion.ingest.html import fragment_text
from fusion.ingest.xmltree import parse_xml
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAX_ENTRIES = 1000
# A summary of fewer words only announces an article that is elsewhere.
_MIN_WORDS = 30


def read(data: bytes) -> Iterator[Draft | Refused]:
    """Each entry's full content, or its summary where that is long enough to be a report."""
    parse_xml(data)  # refuses what feedparser would mend or expand
    import feedparser  # type: ignore[import-untyped]

    parsed: Any = feedparser.parse(data, response_headers={"content-location": ""})
    if not parsed.entries:
        raise Unusable("The feed has no entries.")
    for number, entry in enumerate(parsed.entries[:_MAX_ENTRIES], 1):
        text = _text(entry)
        if len(text.split()) < _MIN_WORDS:
            yield Refused(f"#{number}", "The feed's entry has no content beyond a teaser.")
        else:
            yield Draft(text, "feed", _metadata(entry, parsed.feed), f"#{number}")
    if len(parsed.entries) > _MAX_ENTRIES:
        yield Refused(f"#{_MAX_ENTRIES + 1}", f"A feed is read up to {_MAX_ENTRIES} entries.")


def _text(entry: Any) -> str:
    bodies = [part.get("value", "") for part in entry.get("content", ())]
    return max(
        (fragment_text(body) for body in (*bodies, entry.get("summary", ""))), key=len, default=""
    )


def _metadata(entry: Any, channel: Any) -> Metadata:
    # `dict.get`: feedparser's own would give `published` for a missing `updated`, and warn of it.
    first, last = (dict.get(entry, name, "") for name in ("published", "updated"))
    published = parse_stamp(first or last)
    updated = parse_stamp(last) if first else None
    language = entry.get("language") or channel.get("language") or ""
    return Metadata(
        headline=_plain(entry.get("title")),
        outlet=_plain(entry.get("source", {}).get("title") or channel.get("title")),
        byline=_plain(entry.get("author")),
        published=published.when if published else None,
        updated=updated.when if updated else None,
        date_only=published.date_only if published else False,
        language=language[:2].lower() or None,
        url=entry.get("link") or None,
        rights=_plain(entry.get("rights") or channel.get("rights")),
    )


def _plain(markup: str | None) -> str | None:
    return " ".join(fragment_text(markup).split()) or None if markup else None
