"""Who issues a report that is a party's own: a press release or a statement.

Whatever it tells is that party's word. It is known by what it calls itself (“FOR IMMEDIATE
RELEASE”, “Notes to editors”, “Statement by Orle Mills on the fire”, “Orle Mills press office”), and
its issuer by a name that stands there and in its body.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_EDGE = 8  # lines from the top and from the end, among which it says what it is
_LETTERHEAD = 3  # lines from the top, among which its letterhead is
_LABEL = re.compile(
    r"\W*(?:for immediate (?:release|use)\b.{0,40}"
    r"|(?:press|news|media) (?:release|statement)\b.{0,60}|notes? (?:to|for) (?:the )?editors?\b.*"
    r"|(?:press|media) (?:office|contact|enquiries|inquiries)\b.{0,80})",
    re.IGNORECASE,
)
_ON = r"(?:on|about|regarding|following|to|after)"
_STATEMENT = re.compile(
    rf"statement (?:by|of|from) (?P<by>.+?)(?:\W* {_ON}\b.*|:.*)?"
    r"|(?P<of>(?:(?!(?:his|her|its|their|the|an?|first|new)\b)[\w&.-]+ ){0,5})"
    rf"statement {_ON}\b.*",
    re.IGNORECASE,
)
# “Orle Mills (press statement)”, “Press Office, Ministry of Mills”, “Orle Mills newsroom”
_OFFICE = re.compile(
    r"\W*\b(?:press (?:office|statement|release|department)|media (?:office|relations)|newsroom"
    r"|communications office|public affairs)\b\W*",
    re.IGNORECASE,
)
_COMPANY = re.compile(r",? (?:Ltd|Limited|plc|PLC|Inc|LLC|GmbH|AG|SA|Pty)\b\.?.*$")


def is_label(line: str) -> bool:
    """Whether a line says that this is a press release, or whom editors may ask."""
    return _LABEL.fullmatch(line) is not None


def is_statement(headline: str) -> bool:
    """Whether it heads what a party says itself: “Statement by Orle Mills on the fire”."""
    return _STATEMENT.fullmatch(headline) is not None


def issuer(lines: Sequence[str], headline: str | None, outlet: str | None, body: str) -> str | None:
    """Who issues the report, as its `body` names them (“the Orle Mills”); None for a newsroom's.

    `lines` are all of it, what was cut too.
    """
    edges = (*lines[:_EDGE], *lines[-_EDGE:])
    stated = _STATEMENT.fullmatch(headline or "")
    if not (stated or _OFFICE.search(outlet or "") or any(map(is_label, edges))):
        return None
    names = _names(stated, outlet or "", lines[:_LETTERHEAD])
    return next(filter(None, (_as_told(name, body) for name in names)), None)


def _names(stated: re.Match[str] | None, outlet: str, head: Sequence[str]) -> Iterator[str]:
    """What may be the issuer's name, the likeliest first; a line in capitals is a letterhead."""
    if stated:
        yield (stated["by"] or stated["of"]).strip()
    yield from (part.strip() for part in _OFFICE.sub(" , ", outlet).split(","))
    yield from (name for line in head if (name := _COMPANY.sub("", line.split(",")[0])).isupper())


def _as_told(name: str, body: str) -> str:
    """`name` as the body has it, with its article; "" where it does not."""
    name = re.sub(r"^the ", "", _COMPANY.sub("", name), flags=re.IGNORECASE)
    found = re.search(rf"\b(the )?({re.escape(name)})\b", body, re.IGNORECASE) if name else None
    if found is None or found[2].islower():
        return ""
    return f"the {found[2]}" if found[1] else found[2]
