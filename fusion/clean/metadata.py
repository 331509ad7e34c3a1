"""What a report's own text says about it: headline, byline, agency, dateline, dates, language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fusion.clean.dates import Stamp, clock_on, day_near, find_stamp
from fusion.clean.outlets import is_motto
from fusion.clean.outlets import masthead as outlet_of
from fusion.clean.shapes import addressed, alone, is_address, page_words
from fusion.words import WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from fusion.clean.lines import Line
    from fusion.types import Article

# Agencies by the names they sign with. A credit is one of these in a credit's place; other short
# forms in capitals count only in the fixed place after a dateline, "KARIBA (XYZ) —".
AGENCIES = (
    "AFP|Agence France-Presse|AP|(?:The )?Associated Press|Reuters|REUTERS|Thomson Reuters|dpa|DPA"
    "|EFE|ANSA|Xinhua|Kyodo|TASS|Interfax|PTI|Press Trust of India|IANS|ANI|UPI|PA Media|PA"
    "|Press Association|Anadolu(?: Agency)?|AA|Bernama|Yonhap|AAP|(?:The )?Canadian Press|CP|JTA"
    "|Belga|ANP|NTB|Ritzau|Lusa|APA|SDA|Keystone-SDA|CTK|ČTK|PAP|MTI|WAFA|SPA|MENA|MAP|Bloomberg"
    "|STT|TT|Ukrinform|Antara"
)
_TRAILING = re.compile(
    rf"(?:\s*[-–—]{{1,2}}\s*(?:with\s+|with\s+inputs\s+from\s+)?(?P<dash>(?:{AGENCIES})(?:\s*[/,&]\s*(?:{AGENCIES}))*)"
    rf"|\s*[(\[/](?P<paren>(?:{AGENCIES})(?:\s*[/,&]\s*(?:{AGENCIES}))*)[)\]/])\.?$"
)
_PLACE = (
    rf"[A-ZÀ-Þ][A-ZÀ-Þ.’'\-]+(?:[ ,/]+(?!{WEEKDAY})"
    r"(?:[A-ZÀ-Þ][\wÀ-ÿ.’'\-]*|de|del|la|al|el|of|and))*"
)
_DAY_MONTH = r"(?:\d{1,2}\.?\s+\w+|\w+\.?\s+\d{1,2}(?:st|nd|rd|th)?)\.?(?:,?\s+(?:19|20)\d\d)?"
_DAY = rf"(?:{WEEKDAY}(?:,?\s+{_DAY_MONTH})?|{_DAY_MONTH})(?:,?\s+\d{{1,2}}[:.]\d\d)?"
_DATELINE = re.compile(
    rf"^(?P<place>{_PLACE})(?P<day>,?\s+{_DAY})?"
    rf"(?:\s*[(/](?P<agency>{AGENCIES}|[A-Z][\w.]{{1,14}}(?: [A-Z]\w{{1,14}}){{0,3}})[)/]"
    r"(?:\s*\d{1,2}[:.]\d\d)?\s*(?:[-–—]{1,2}|:)|\s*:|\s+[-–—]{1,2})\s+\S"
)
# "Kariba (Reuters) - …": a place in mixed case is a dateline only with an agency after it.
_MIXED_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][\wÀ-ÿ.’'\-]*(?:[ ,]+[A-ZÀ-Þ][\wÀ-ÿ.’'\-]*){0,4}?)"
    rf"(?P<day>,?\s+{_DAY_MONTH})?\s*[(/](?P<agency>{AGENCIES})[)/]\s*(?:[-–—]{{1,2}}|:)\s+\S"
)
# "Kariba, Northern Reach – The …": without an agency the region and the dash have to tell.
_REGION_DATELINE = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][\wÀ-ÿ.’'\-]*(?: [A-ZÀ-Þ][\wÀ-ÿ.’'\-]*){0,2},"
    r" [A-ZÀ-Þ][\wÀ-ÿ.’'\-]*(?: [A-ZÀ-Þ][\wÀ-ÿ.’'\-]*){0,2})"
    rf"(?P<day>,?\s+{_DAY_MONTH})?(?P<agency>) [–—-]{{1,2}} [A-ZÀ-Þ]"
)
# “KARIBA/PORT SABLE, The minister …”: two places in capitals need no dash.
_TWO_PLACES = re.compile(
    r"^(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ ]{2,30}/[A-ZÀ-Þ][A-ZÀ-Þ ]{2,30})(?P<day>)(?P<agency>), [A-ZÀ-Þ]"
)
# “KARIBA, Tuesday 10 February 2032. The …”, “KARIBA (LOCPRESS) The …”: a place in capitals.
_IN_CAPITALS = r"^(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ.’'\- ]{2,40}?)"
_STOPPED = re.compile(rf"{_IN_CAPITALS}(?P<day>,?\s+{_DAY})(?P<agency>)\.\s+[A-ZÀ-Þ“\"]")
_NO_DASH = re.compile(
    rf"{_IN_CAPITALS}(?P<day>,?\s+{_DAY})?\s+\((?P<agency>{AGENCIES}|[A-Z]{{2,10}})\)\s+[A-ZÀ-Þ“\"]"
)
_DATELINES = (_DATELINE, _MIXED_DATELINE, _REGION_DATELINE, _TWO_PLACES, _STOPPED, _NO_DASH)
_SLUG = re.compile(r"^[A-Z]{4,}(?: [A-Z]+)?-(?=[A-Z][a-z])")  # “ATHLETICS-Federation annuls …”
# “(Reuters) - …”, and “(QNB) …”, an outlet's own initials.
_LEADING_AGENCY = re.compile(
    rf"^\((?:(?P<agency>{AGENCIES})|[A-Z]{{2,6}})\)\s*(?:[-–—]{{1,2}}\s*)?\S"
)
PERSON = (
    r"[A-ZÀ-Þ][\wÀ-ÿ.’'\-]+(?:\s+(?:[A-ZÀ-Þ][\wÀ-ÿ.’'\-]*|de|van|von|der|bin|al|el|la|da|di)){1,4}"
)
_BYLINE = re.compile(
    rf"^(?:(?i:(?:written\s+|reported\s+|story\s+)?by:?|author:|reporter:|text:|words:|von|par|por)\s+)"
    rf"(?P<names>{PERSON}(?:\s*(?:,|and|&|und|et|y)\s*{PERSON}){{0,4}})"
    r"(?P<rest>(?:,?\s+(?:in|at|for)\s+[A-ZÀ-Þ].{0,60}|\s*[,|/•·–—-]\s*.{0,80})?)$"
)
_BARE_BYLINE = re.compile(
    rf"^(?P<names>{PERSON}(?:\s+and\s+{PERSON})?)(?:,)?\s+in\s+[A-ZÀ-Þ][\w.’'\-]+(?:\s+[A-ZÀ-Þ][\w.’'\-]+)?$"
)
_RIGHTS = re.compile(
    r"^\W*(?:©|\(c\)|copyright\b)\s*(?:©|\(c\))?\s*(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?,?\s*)?(?:by\s+)?(?P<owner>[A-ZÀ-Þ][^.,;|()]{2,50})",
    re.IGNORECASE,
)
_TRADE = re.compile(
    r"\b(?:is|was|has been)\s+(?:an?|the|our)\b.{0,60}\b(?:correspondent|reporter|editor|journalist"
    r"|columnist|writer|chief|photographer)\b|\b(?:covers|has covered|writes (?:about|for|on)"
    r"|reports (?:on|for|from)|joined)\b",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    rf"(?P<name>{PERSON})(?:\s(?:is|are)\s(?:an?|the)\b.{{0,60}}\b(?:correspondent|reporter|editor"
    r"|journalist|columnist|writer)\b"
    r"|\s(?:covers|writes about|reported from|can be (?:reached|followed))\b)"
)
_WEEKDAY_FIRST = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,")
_CAPITALISED = re.compile(r"[A-ZÀ-Þ][\w’']*(?: (?:of|the|and|&|[A-ZÀ-Þ][\w’']*)){2,3}")
_MAX_HEADLINE_WORDS = 25
# “May 12”, “KARIBA, Tuesday, February 10 (XYZ) -”, “Coast Post, May 12”: a place, an outlet, a day.
_ONLY_A_DAY = re.compile(
    r"^(?:(?i:published|posted|filed)\W+)?"
    r"(?:[A-ZÀ-Þ][\wÀ-ÿ.’'/-]*(?: [A-ZÀ-Þ][\wÀ-ÿ.’'/-]*){0,3},\s+)?"
    r"(?:[A-Z][a-z]{2,8}\.?,?\s+)?(?:[A-Z][a-zé]{2,9}\.?\s+\d{1,2}|\d{1,2}\.?\s+[A-Z][a-zé]{2,9})"
    r"(?:(?:st|nd|rd|th)\b)?(?:[\s,|·–—-]*\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\b\.?)?)?"
    r"(?:\s*\([\w ]{2,30}\))?\W*$"
)
_HEADER_LINES = 6  # of those cut, in which the day of a report stands
_DATELINE_CHARS = 150  # from the beginning of a body; a dateline is a place, a day and an agency
_CREDIT_CHARS = 80  # from the end of a line: two agencies' names
# The classifier's model takes over a second to load. English news has 25 to 40 % of these words,
# other languages under 5 %, so English is told without it.
_ENGLISH = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "that",
        "was",
        "for",
        "with",
        "his",
        "from",
        "said",
        "were",
        "by",
        "it",
    ]
)
_ENGLISH_SHARE = 0.15


_TITLE_END = re.compile(r"[?？][\"”’]?$|\b(?:[A-Z]\.){2,}$")


def leading_date(text: str) -> tuple[Stamp, int] | None:
    """A full date with its weekday glued before a first sentence, and where the sentence begins."""
    stamp = find_stamp(text[:_DATELINE_CHARS])
    if stamp is None or stamp.start != 0 or not stamp.date_only:
        return None
    rest = text[stamp.end :].lstrip()
    starts = len(text) - len(rest)
    return (stamp, starts) if _WEEKDAY_FIRST.match(text) and rest[:1].isupper() else None


def byline(line: Line) -> str | None:
    """The names in a line that is only a byline ("By Jane Doe", "Jane Doe in Rabat")."""
    if line.long or line.words > 20 or line.ended:
        return None
    text = re.sub(r"\s*\([^()]*\)", "", line.text)  # handles and addresses
    match = _BYLINE.match(text) or _BARE_BYLINE.match(text)
    return match["names"].strip() if match else None


def trailing_agency(text: str) -> tuple[str, int] | None:
    """The agency that signs at the end of a line, and where its credit begins."""
    skipped = max(0, len(text) - _CREDIT_CHARS)
    match = _TRAILING.search(text, skipped)
    return (match["dash"] or match["paren"], match.start()) if match else None


class Dateline(NamedTuple):
    """Where a report is dated from, the agency named with it, and the day if the year is too.

    `end` is the offset at which the first sentence begins; 0 where there is no dateline.
    """

    place: str | None = None
    agency: str | None = None
    day: Stamp | None = None
    end: int = 0


def _first(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    return next((match for each in patterns if (match := each.match(text))), None)


def dateline(text: str) -> Dateline:
    """What a body's first line says before its first sentence: "KARIBA, May 3 (Reuters) - …"."""
    text = text[:_DATELINE_CHARS]
    if match := _first(text, *_DATELINES):
        day = find_stamp(match["day"]) if match["day"] else None
        return Dateline(match["place"].strip(" ,"), match["agency"] or None, day, match.end() - 1)
    if match := _LEADING_AGENCY.match(text):
        return Dateline(agency=match["agency"], end=match.end() - 1)
    return Dateline()


def only_a_day(text: str) -> bool:
    """Whether a line says on which day it was written, without a year, and nothing else."""
    return _ONLY_A_DAY.match(text) is not None


def day_of(article: Article, near: date) -> Stamp | None:
    """The day without a year that the dateline names, or a line of its own above the body.

    With the time of day that stands beside it.
    """
    above = (cut.text for cut in article.cut[:_HEADER_LINES])
    lines = [*filter(only_a_day, above), article.text[: dateline(article.text).end]]
    for line in lines:
        if day := day_near(line, near):
            return clock_on(day.when.date(), line[day.end :]) or day
    return None


def presents_author(text: str, byline: str | None, above: str, others: str) -> bool:
    """Whether a line says who the author is: it opens with the name and tells the trade.

    The name is one of the byline's, or the line `above` if that is a name and nothing else, or a
    reporter's whom no other line of the report (`others`) names.
    """
    names = re.split(r"\s*(?:,|&|\band\b)\s*", byline or "")
    if re.fullmatch(PERSON, above):
        names.append(above)
    starts = [form for name in names if name for form in (name, name.split()[0])]
    if any(text.startswith(f"{start} ") for start in starts):
        return _TRADE.search(text) is not None
    reporter = None if re.search(r"\b(?:said|told)\b", text) else _REPORTER.match(text)
    return reporter is not None and reporter["name"].split()[-1] not in others


def rights_owner(text: str) -> str | None:
    """Who a copyright line names: "© 2031 The Kariba Ledger. All rights reserved."."""
    match = _RIGHTS.match(text)
    if match is None:
        return None
    return (
        re.sub(r"\s*(?i:all rights reserved|(?:19|20)\d\d).*$", "", match["owner"]).strip() or None
    )


def headline_place(lines: Sequence[Line], reasons: Sequence[str | None]) -> int | None:
    """Which line is the headline: the first title-shaped one, before any running text.

    A few capitalised words (a section, a name), and what stands below an outlet's name, give way to
    a longer title below them; an outlet's name is never the headline.
    """
    short: int | None = None
    labelled: int | None = None  # "FERRY AGROUND: what we know" has a link's shape, too
    for place, line in enumerate(lines):
        if line.long:
            break
        if reasons[place] is not None or line.words < 3 or outlet_of(line.text):
            continue
        if place + 1 == len(lines) or not _title_shaped(line):
            break
        if alone(line) or is_address(line) or page_words(line) >= 3:
            if labelled is None and line.words >= 5 and alone(line) == "related link":
                labelled = place
            continue
        if trailing_agency(line.text) or _appeals(line, lines[place + 1]):
            continue
        motto = place > 0 and is_motto(line.text) and outlet_of(lines[place - 1].text)
        if short is None and (motto or _CAPITALISED.fullmatch(line.text)):
            short = place
        elif short is None or line.words >= 5:
            return place
    return labelled if short is None else short


def _appeals(line: Line, below: Line) -> bool:
    """Whether it asks the reader ("Looking for news you can trust?") to do what stands below."""
    return line.text.endswith("?") and addressed(line) and addressed(below)


def _title_shaped(line: Line) -> bool:
    if line.words > _MAX_HEADLINE_WORDS or line.text.endswith((":", ",", ";")):
        return False
    return not line.ended or _TITLE_END.search(line.text) is not None


def tidy_headline(text: str, outlet: str | None) -> str:
    """A headline without the section or outlet added to it ("… | World", "ATHLETICS-Record …")."""
    text = _SLUG.sub("", re.split(r"\s[|·•»]\s", text)[0].strip())
    if (stamp := find_stamp(text)) is not None and stamp.start == 0:
        text = text[stamp.end :].lstrip(" :,–—-") or text
    head, dash, tail = (
        re.split(r"(\s[-–—]\s)(?!.*\s[-–—]\s)", text, maxsplit=1)
        if re.search(r"\s[-–—]\s", text)
        else (text, "", "")
    )
    if dash and len(head.split()) >= 4 and len(tail.split()) <= 4:
        named = outlet is not None and tail.casefold() in (
            outlet.casefold(),
            f"the {outlet}".casefold(),
        )
        titled = all(word[:1].isupper() or word in ("of", "the") for word in tail.split())
        plain = sum(word[:1].islower() for word in head.split()) >= 2
        if named or (titled and plain):
            return head
    return text


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the text's language, from 20 words on (60 characters without spaces)."""
    words = text[:4000].split()
    if len(words) < 20 and (len(text) < 60 or len(words) > 5):
        return None
    if sum(word in _ENGLISH for word in words) > _ENGLISH_SHARE * len(words):
        return "en"
    from py3langid.langid import classify

    code: str = classify(text[:4000])[0]
    return code
