"""Markdown, with YAML front matter as the metadata.

Front matter keys are those that static site generators agree on: title, date, author, …
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.clean.dates import parse_stamp
from fusion.ingest.decode import decode
from fusion.ingest.draft import Draft, embargo_end
from fusion.ingest.text import unwrap
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# Markup to text, in this order. Images go, links become their words.
_MARKUP = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"^(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])"), ""),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\[[^\]\n]*\]"), r"\1"),
    (re.compile(r"^ {0,3}\[[^\]\n]+\]:\s+\S+.*$", re.MULTILINE), ""),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^>\n]*>"), ""),
    (re.compile(r"^ {0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__)(?=\S)([^\n]+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])"), r"\1"),
)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.*)$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?=\S)(.+)\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)


_NO = ("false", "no", "none", "off")  # as YAML writers say that there is no embargo


def read(data: bytes) -> Iterator[Draft]:
    """One report: front matter as metadata, markup taken off, one block a line."""
    text = decode(data).replace("\r\n", "\n")
    metadata = Metadata()
    if match := _FRONT.match(text):
        fields = _front_matter(match[1])
        if fields is not None:
            metadata, text = _metadata(fields), text[match.end() :]
    yield Draft(_plain(text), "markdown", metadata)


def _front_matter(block: str) -> Mapping[str, object] | None:
    """The fields as they are written, all as text; None if the block is not a YAML mapping."""
    import yaml

    try:
        # BaseLoader builds text only: no dates with a lost zone, no objects. Aliases could make
        # a small file expand without end, and no front matter needs them.
        if re.search(r"(?:^|[\s\[,])[&*]\w", block):
            return None
        loaded = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes text only
    except (yaml.YAMLError, RecursionError):
        return None
    return {str(k).lower(): v for k, v in loaded.items()} if isinstance(loaded, dict) else None


def _metadata(fields: Mapping[str, object]) -> Metadata:
    def first(*names: str) -> str | None:
        for name in names:
            value = fields.get(name)
            if isinstance(value, list):
                value = ", ".join(v for v in value if isinstance(v, str))
            if isinstance(value, dict):
                value = value.get("name")
            if isinstance(value, str) and value.strip():
                return value.strip()
        return None

    published = parse_stamp(first("published", "date", "pubdate", "datepublished") or "")
    updated = parse_stamp(first("updated", "lastmod", "modified", "last_modified_at") or "")
    embargo = first("embargo", "embargoed")
    language = first("lang", "language")
    return Metadata(
        headline=first("headline", "title"),
        outlet=first("outlet", "publisher", "source", "site"),
        byline=first("byline", "author", "authors"),
        agency=first("agency"),
        dateline=first("dateline", "location"),
        published=published.when if published else None,
        updated=updated.when if updated else None,
        date_only=published.date_only if published else False,
        language=language[:2].lower() if language else None,
        url=first("url", "canonical", "canonical_url", "link"),
        rights=first("rights", "copyright", "license"),
        embargoed=embargo_end(embargo) if embargo and embargo.lower() not in _NO else None,
    )


def _plain(text: str) -> str:
    text = _HEADING.sub(lambda match: f"\n{match[1].rstrip(' #')}\n", text)
    text = _UNDERLINED.sub(r"\n\1\n", text)
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return unwrap(text)
