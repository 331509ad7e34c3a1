"""XML from anyone, safely: no entity is declared, expanded or fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.ingest.draft import Unusable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def parse_xml(data: bytes) -> Element:
    """The root element. Raises `Unusable` for malformed XML and for any entity declaration."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=False, forbid_entities=True)
    except DefusedXmlException as error:
        raise Unusable("The XML declares entities, which no news format needs.") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unusable(f"The XML is malformed ({error}).") from error
    return root


def local(element: Element) -> str:
    """The element's name without its namespace, in lower case."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def find_all(root: Element, *names: str) -> list[Element]:
    """Every element below `root` with one of these local names, in document order."""
    return [element for element in root.iter() if local(element) in names]


def find(root: Element, *path: str) -> Element | None:
    """The first element reached from `root` by these local names, a step each."""
    here: Element | None = root
    for name in path:
        if here is None:
            return None
        here = next((child for child in here if local(child) == name), None)
    return here


def words(element: Element | None) -> str | None:
    """All text in the element, white space made single spaces; None if there is none."""
    if element is None:
        return None
    return " ".join("".join(element.itertext()).split()) or None


# Elements that begin a line of their own, in XHTML and NITF alike.
_BLOCKS = frozenset(
    [
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2", "li", "blockquote", "section",
        "article", "table", "tr", "block", "bq", "note",
    ]
)  # fmt: skip
_MAX_DEPTH = 200  # nesting; articles have ten levels, and Python's stack has a thousand
_LEFT_OUT = frozenset(["script", "style", "figure", "media", "template", "head"])


def block_text(root: Element) -> str:
    """The text below `root`, one block a line; captions, media and scripts left out."""
    lines: list[str] = [""]

    def walk(element: Element, depth: int) -> None:
        name = local(element)
        if name in _LEFT_OUT or not name or depth > _MAX_DEPTH:
            return
        if name in _BLOCKS or name == "br":
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            walk(child, depth + 1)
            lines[-1] += child.tail or ""
        if name in _BLOCKS:
            lines.append("")

    walk(root, 0)
    return "\n".join(line for raw in lines if (line := " ".join(raw.split())))
