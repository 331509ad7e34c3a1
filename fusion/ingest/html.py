"""HTML: the article's text by trafilatura, its metadata by what the head states.

Metadata, best first: JSON-LD of a schema.org Article, OpenGraph and `article:` properties, named
meta elements, `time` and `title`. The day alone can come from htmldate, where nothing is stated.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fusion.clean.dates import Stamp, parse_stamp
from fusion.ingest.decode import decode
from fusion.ingest.draft import Draft, Unusable
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_ARTICLE_TYPE = re.compile(r"(?:Article|Report|Posting)$")
_SPACE = re.compile(r"\s+")
_BLOCKS = frozenset(
    [
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "blockquote", "table",
        "tr", "section", "article", "header", "footer", "hr", "br",
    ]
)  # fmt: skip
_MAX_LD_NODES = 500  # a page's JSON-LD has tens of nodes; beyond this it is not about one article


def read(data: bytes) -> Iterator[Draft]:
    """One report: the page's main text, without what surrounds it."""
    declared = _CHARSET.search(data[:4096])
    yield article(decode(data, declared[1].decode("ascii") if declared else None))


def article(page: str) -> Draft:
    """The report in a page's source text. Raises `Unusable` if it holds no text."""
    tree = parse(page)
    metadata = page_metadata(tree)
    text = _main_text(page)
    if not text:
        raise Unusable("No article text is found in this page.")
    if metadata.published is None and (day := _day(page)) is not None:
        metadata = replace(metadata, published=day.when, date_only=True)
    return Draft(text, "html", metadata)


def parse(page: str) -> HtmlElement:
    """The page's element tree; nothing is loaded from outside."""
    from lxml import etree, html

    # An XML declaration that names an encoding is refused for text that is already decoded.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    try:
        return html.document_fromstring(page)
    except (etree.ParserError, ValueError) as error:
        raise Unusable("No article text is found in this page.") from error


def fragment_text(markup: str) -> str:
    """The text of an HTML fragment that is all content: one block element a line."""
    from lxml import etree, html

    try:
        root = html.fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):
        return ""
    etree.strip_elements(root, "script", "style", "figure", "template", with_tail=False)
    # Line ends in the source are white space; the marks that blocks get here are the lines.
    for element in root.iter():
        element.text = _SPACE.sub(" ", element.text or "")
        element.tail = _SPACE.sub(" ", element.tail or "")
        if element.tag in _BLOCKS:
            element.tail = "\n" + element.tail
            element.text = "\n" + element.text if element.tag != "br" else ""
    lines = "".join(str(text) for text in root.itertext()).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _main_text(page: str) -> str | None:
    import trafilatura

    # What it has to say about a page is said in our own words.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    text: str | None = trafilatura.extract(page, include_comments=False, output_format="txt")
    return text


def _day(page: str) -> Stamp | None:
    from htmldate import find_date

    logging.getLogger("htmldate").addHandler(logging.NullHandler())
    day: str | None = find_date(page, original_date=True, extensive_search=False)
    return parse_stamp(day) if day else None


def page_metadata(tree: HtmlElement) -> Metadata:
    """What the page's head and JSON-LD state."""
    node = _news_node(tree)
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.lower(), content)

    def named(*names: str) -> str | None:
        return next((meta[name] for name in names if name in meta), None)

    published = _stamp(
        node.get("datePublished"),
        named("article:published_time", "datepublished", "parsely-pub-date", "dc.date.issued",
              "dcterms.created", "date", "pubdate", "publish-date", "dc.date"),
        _time_element(tree),
    )  # fmt: skip
    updated = _stamp(
        node.get("dateModified"),
        named("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    )
    language = node.get("inLanguage") or tree.get("lang") or named("og:locale")
    title = tree.findtext(".//title")
    author = named("author", "parsely-author", "article:author", "dc.creator", "byl")
    return Metadata(
        headline=_words(node.get("headline"))
        or named("og:title", "twitter:title")
        or _words(title),
        outlet=_names(node.get("publisher")) or named("og:site_name", "application-name"),
        byline=_names(node.get("author")) or (author if author and "://" not in author else None),
        dateline=_words(node.get("dateline")),
        published=published.when if published else None,
        updated=updated.when if updated else None,
        date_only=published.date_only if published else False,
        language=language[:2].lower() if isinstance(language, str) and language else None,
        url=_words(node.get("url")) or named("og:url") or _canonical(tree),
        rights=_words(node.get("copyrightNotice")) or named("copyright", "dc.rights", "rights"),
    )


def _stamp(*values: object) -> Stamp | None:
    for value in values:
        if isinstance(value, str) and (stamp := parse_stamp(value)) is not None:
            return stamp
    return None


def _time_element(tree: HtmlElement) -> str | None:
    """The `datetime` of the first `time` element that is marked as the publication's."""
    for element in tree.iter("time"):
        marks = (
            f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('pubdate', '')}"
        )
        if "publish" in marks.lower() or element.get("pubdate") is not None:
            return element.get("datetime") or "".join(str(text) for text in element.itertext())
    times = [element for element in tree.iter("time") if element.get("datetime")]
    return times[0].get("datetime") if len(times) == 1 else None


def _canonical(tree: HtmlElement) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            return str(element.get("href") or "") or None
    return None


def _news_node(tree: HtmlElement) -> dict[str, Any]:
    """The JSON-LD node of the article, or {}."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().split(";")[0].strip() != "application/ld+json":
            continue
        try:
            queue: list[Any] = [json.loads((script.text or "").strip(), strict=False)]
        except (ValueError, RecursionError):
            continue
        for node in queue:  # grows while it is walked
            if isinstance(node, list):
                queue += node[:_MAX_LD_NODES]
            elif isinstance(node, dict):
                kinds = node.get("@type")
                for kind in kinds if isinstance(kinds, list) else [kinds]:
                    if isinstance(kind, str) and _ARTICLE_TYPE.search(kind):
                        return node
                queue += [
                    node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in node
                ]
            if len(queue) > _MAX_LD_NODES:
                break
    return {}


def _words(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _names(value: object) -> str | None:
    """The names in a Person, an Organization, a list of them, or plain text."""
    if isinstance(value, list):
        return ", ".join(name for item in value[:20] if (name := _names(item))) or None
    if isinstance(value, dict):
        value = value.get("name")
    return _words(value) if not isinstance(value, list | dict) else _names(value)
