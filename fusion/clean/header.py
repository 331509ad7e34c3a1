"""The lines around a body that say when it was published, by whom and where, and nothing else.

A line is one of these only if all of it is read: dates, words that go with dates, names in a
name's form, what stands between them. A name that may be an outlet's or a person's is left unread.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fusion.clean.dates import Stamp, clock_on, day_order, find_stamp
from fusion.clean.metadata import AGENCIES, PERSON
from fusion.clean.outlets import NAME, SECTIONS, is_outlet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion.clean.lines import Line

_PERSON = re.compile(PERSON)
_AGENCY = re.compile(AGENCIES)
_TRADE = r"(?:writers?|reporters?|correspondents?|editors?|staff|journalists?|columnist|desk|team)"
_SIGNED = re.compile(
    rf"(?P<names>{PERSON})(?:\s*[,|–—-]\s*(?P<trade>[^.!?]{{0,40}}\b{_TRADE}))?", re.IGNORECASE
)
_BY = re.compile(
    r"(?i:(?:written |reported |posted |submitted |text )?(?:by|von|par|por|di|door):?) "
    rf"(?P<names>{PERSON}(?: (?:and|und|et|y|e|en|&) {PERSON})*)$"
)
# “Kaia Norum reporting”, and what names nobody: “By VNB and Courier staff”, “World & Nation”.
_REPORTING = re.compile(rf"(?P<names>{PERSON}) reporting$")
_BY_STAFF = re.compile(r"(?i:by) [A-Z][\w&. ]* (?:staff|reporters|agencies|wire services)$")
_SECTIONS = re.compile(r"[A-Z][a-z]+ (?:&|and) [A-Z][a-z]+$")
_BY_USER = re.compile(r"(?i:(?:posted |submitted )?by) [\w.-]+$")
_LABELLED = re.compile(
    r"(?:Source|Outlet|Publication|Publisher|Newspaper|Via|Quelle|Fuente|Fonte)\s?:\s*(?P<name>.+)"
)
_UPDATED = re.compile(
    r"\b(?:updated?|modified|edited|amended|corrected|mis[e]? à jour|modifié|aktualisiert|geändert"
    r"|actualizado|actualizada|aggiornato|atualizado|bijgewerkt)\b",
    re.IGNORECASE,
)
_DATE_WORDS = re.compile(
    r"\b\d+\s?(?:hours?|hrs?|minutes?|mins?|days?|weeks?)\sago\b|\b\d+[\s-]?min(?:ute)?s?\sread\b"
    r"|\b(?:published|posted|submitted|issued|released?|created|updated?|modified|edited|amended"
    r"|corrected|first|last|originally|filed|dated?|time|as of|on|at|the|from|and|hrs?|hours|min"
    r"|read|local|ist|am|pm|utc|gmt|et|page|p|(?:(?:early|late|first|final|morning|evening|print"
    r"|online|(?:mon|tues|wednes|thurs|fri|satur|sun)day) )?edition"
    r"|publié|mise? à jour|modifié|le|à|veröffentlicht|erstellt|stand|aktualisiert|geändert|am|um"
    r"|uhr|vom|publicado|actualizad[oa]|el|a las|del?|pubblicato|aggiornato|il|alle|ore"
    r"|atualizado|em|às|gepubliceerd|bijgewerkt|op|om"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo)\b",
    re.IGNORECASE,
)
_FILED_IN = re.compile(r"\s+in\s+[A-ZÀ-Þ][\w &]*(?:,\s*[A-ZÀ-Þ][\w &]*)*$")
_BETWEEN = re.compile(
    r"\s*[|·•/»]\s*|\s+[-–—]+\s+|\s*[,;]\s+|\s{2,}|\s*[,;:–—-]+$|^[\s,;:–—-]+"
    r"|\.\s+(?=(?:[Pp]ublished|[Pp]osted|[Uu]pdated|[Ff]iled)\b)"
)
_BARS = re.compile(r"\s*[|·•]\s*")
_LETTER = re.compile(r"[^\W\d_]")
_OPINION = re.compile(
    r"\W*(?:(?:opinion|commentary|editorial|op-ed|column|viewpoint)(?:\W.*)?|(?:news )?analysis"
    r"|comment (?:&|and|/) .+|comment ?[:|] ?.+)",
    re.IGNORECASE,
)
_MAX_LABEL_WORDS = 6
_MAX_WORDS = 30  # two dates with their times and zones, an author and an outlet


class Header(NamedTuple):
    """What a header line states."""

    published: Stamp | None = None
    updated: Stamp | None = None
    byline: str | None = None
    outlet: str | None = None
    agency: str | None = None

    @property
    def named(self) -> bool:
        """Whether it states more than dates."""
        return any((self.byline, self.outlet, self.agency))


def read_header(line: Line, day_first: bool | None = None) -> Header | None:
    """What a line with a date states if it states nothing else ("The Courier | 3 May 2031")."""
    if line.long or line.words > _MAX_WORDS:
        return None
    published: Stamp | None = None
    updated: Stamp | None = None
    rest, left = line.text, []
    while (stamp := find_stamp(rest, day_first)) is not None:
        label = rest[: stamp.start]
        if _UPDATED.search(label):
            updated = updated or stamp
        else:
            published = published or stamp
        left.append(label)
        rest = rest[stamp.end :]
    if not left:
        return None
    if published and not updated and (later := _later_that_day(published, rest)):
        updated, rest = later
    return _names(" | ".join([*left, _FILED_IN.sub("", rest)]), Header(published, updated))


def _later_that_day(published: Stamp, rest: str) -> tuple[Stamp, str] | None:
    """The update in "May 8, 2031 10:32 a.m. Updated 2:15 p.m.", and what is left of the line."""
    label = _UPDATED.search(rest)
    clock = clock_on(published.when.date(), rest[label.end() :]) if label else None
    if label is None or clock is None:
        return None
    zone = clock.when.tzinfo or published.when.tzinfo
    left = rest[: label.start()] + rest[label.end() + clock.end :]
    return replace(clock, when=clock.when.replace(tzinfo=zone)), left


def _names(text: str, found: Header) -> Header | None:
    """`found` with the names in `text`; None if something in it is no name."""
    names = []
    for part in _BETWEEN.split(re.sub(r"[(\[](?:@[^()]*|[A-Z]{2,5})[)\]]", "", text)):
        words = part.strip(" ()[]:.,|–—-")
        if match := _BY.match(words) or _REPORTING.match(words):
            found = found._replace(byline=match["names"])
        elif (
            _BY_STAFF.match(words)
            or _SECTIONS.match(words)
            or _BY_USER.match(_DATE_WORDS.sub("", words).strip())
        ):
            continue
        elif _AGENCY.fullmatch(words):
            found = found._replace(agency=words)
        elif not _LETTER.search(bare := _DATE_WORDS.sub("", words)) or bare.lower() in SECTIONS:
            continue
        elif re.search(rf"\b{_TRADE}$", words, re.IGNORECASE) and len(words.split()) <= 4:
            names.append(re.sub(rf"\s*\b{_TRADE}$", "", words, flags=re.IGNORECASE))
        elif NAME.fullmatch(words):
            names.append(words)
        else:
            return None
    # Beside a date, a name with an article is no person's.
    outlets = [name for name in names if is_outlet(name) or name.startswith("The ")]
    people = [name for name in names if name not in outlets and _PERSON.fullmatch(name)]
    if outlets and found.outlet is None:
        found = found._replace(outlet=outlets[0])
    if outlets and people and found.byline is None:
        found = found._replace(byline=people[0])
    return found if len(names) <= 3 else None


def is_opinion(line: Line) -> bool:
    """Whether the line labels the report as somebody's opinion: “Opinion”, “Comment & analysis”.

    Be it between an outlet and a day: “The Courier | Analysis | 13 June”. “Comment” alone is as
    often a button of the page.
    """
    if line.words <= _MAX_LABEL_WORDS and _OPINION.fullmatch(line.text):
        return True
    # Without a figure it is no day but the page's menu: “News | Opinion | Sport”.
    beside_day = not line.long and any(map(str.isdigit, line.text))
    return beside_day and any(map(_OPINION.fullmatch, _BARS.split(line.text)))


def labelled_outlet(line: Line) -> str | None:
    """The outlet in "Source: The Sable Courier"."""
    match = None if line.long or line.ended else _LABELLED.fullmatch(line.text)
    name = match["name"].strip() if match else ""
    return name if NAME.fullmatch(name) else None


def signature(line: Line, beside_date: bool) -> str | None:
    """A person's name that stands alone: beside a date line, or with the trade behind it."""
    match = None if line.ended or line.words > 10 else _SIGNED.fullmatch(line.text)
    if match is None or is_outlet(match["names"]) or not (match["trade"] or beside_date):
        return None
    capitals = [word for word in match["names"].split() if word[:1].isupper()]
    return match["names"] if 2 <= len(capitals) <= 3 and _PERSON.fullmatch(match["names"]) else None


def day_first_in(lines: Iterable[Line]) -> bool | None:
    """Whether the report writes days before months, by its all-number dates that tell."""
    orders = {day_order(line.text) for line in lines if not line.long} - {None}
    return orders.pop() if len(orders) == 1 else None


def ambiguous_day(line: Line) -> bool:
    """Whether the line has a date that is two different days on two sides of the Atlantic."""
    return not line.long and find_stamp(line.text, True) != find_stamp(line.text, False)
