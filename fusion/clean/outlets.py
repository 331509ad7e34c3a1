"""Names of outlets, told by their form: no list of outlets is kept.

The nouns that newspapers, stations and agencies call themselves tell, or one word with capitals
inside it. What may be a person's or a place's name as well is taken for none.
"""

from __future__ import annotations

import re

# The last word of outlets' names ("The Sable Courier"), and the first ("Radio Lissar").
_NOUNS = """
    news newspaper times post herald tribune journal gazette chronicle courier standard telegraph
    guardian observer mail express mirror star sun globe record register ledger examiner inquirer
    independent press wire newswire dispatch bulletin monitor review report reporter daily weekly
    today radio television tv fm network media magazine sentinel advocate argus echo mercury
    citizen voice democrat republican online digest insider intelligencer messenger broadcasting
    zeitung tagblatt tageblatt anzeiger bote kurier rundschau nachrichten presse diario noticias
    quotidien corriere gazzetta giornale jornal diário dagblad krant courant
    agency agentur agence forum telegram service
    """
_OUTLET_NOUNS = frozenset(_NOUNS.split())
_OUTLET_FIRST = re.compile(
    r"(?:The )?(?:Radio|TV|Voice of|Diario|El|La|Le|Il|Journal|Gazette) [A-ZÀ-Þ]"
)
_ONE_WORD = re.compile(r"[A-Z][a-z]+[A-Z]\w+|(?i:\w*(?:news|wire)\w*|\w{3,}(?:daily|times|post))")
_PARTS = """
    news world sport sports business politics opinion culture health science technology tech local
    national international economy entertainment lifestyle travel money weather video analysis
    breaking live crime education environment newsletter press press-release update
    """
SECTIONS = frozenset(_PARTS.split())  # of a paper or a site
_CAPITAL = r"(?:[A-ZÀ-Þ][\w’'.&-]*|\d{1,3})"
NAME = re.compile(
    rf"{_CAPITAL}(?: (?:(?:of|the|and|de|la|le|du|der|des|del|&) ){{0,2}}{_CAPITAL}){{0,5}}"
)
_APPENDED = re.compile(r"\s[|·•»–—-]\s")
_BESIDE = re.compile(r"\s[|·•»–—-]\s|\s\(")
_MAX_BESIDE_WORDS = 3  # behind a masthead: "The Upland Post – page 5"
_MAX_MOTTO_WORDS = 10
_MAX_NAME_WORDS = 3  # of an outlet that only its motto or section gives away: "The Beam | Business"
# What an outlet says of itself beside or below its name: “the voice of the valleys since 1908”.
_MOTTO = re.compile(
    r"(?:[Tt]he|[Yy]our|[Oo]ur|[Aa]ll|[Ss]ince|[Ff]or)"
    r" .*\b(?:daily|weekly|(?:news)?paper|news|magazine|voice|edition|since)\b.*"
    r"|.*\b(?:daily|weekly|(?:news)?paper|magazine)"
)


def is_outlet(text: str) -> bool:
    """Whether a text is an outlet's name and can be nothing else."""
    if not NAME.fullmatch(text) or text.lower() in SECTIONS:
        return False
    words = [word for word in text.split() if not word.isdigit()]  # "Upland News 24"
    if len(words) < 2:
        return _ONE_WORD.fullmatch(" ".join(words)) is not None
    return words[-1].lower() in _OUTLET_NOUNS or (
        len(words) <= 4 and _OUTLET_FIRST.match(text) is not None
    )


def masthead(text: str) -> str | None:
    """The outlet in a line that is its masthead: the name, and a few words or a motto set off."""
    name, *rest = _BESIDE.split(text)
    beside = " ".join(rest)
    if is_outlet(name):
        short = len(beside.split()) <= _MAX_BESIDE_WORDS
        return name if short or is_motto(beside) else None
    may_be_one = NAME.fullmatch(name) and len(name.split()) <= _MAX_NAME_WORDS
    tells = beside.lower() in SECTIONS or is_motto(beside)
    return name if may_be_one and tells else None


def is_motto(text: str) -> bool:
    """Whether an outlet may say it of itself: “The city's paper for business”."""
    return _MOTTO.fullmatch(text) is not None and len(text.split()) <= _MAX_MOTTO_WORDS


def appended_outlet(title: str) -> str | None:
    """The outlet that a page appends to its title: "Ferry runs aground - The Sable Courier".

    "World News" and the like are as often the section of a site.
    """
    *head, tail = _APPENDED.split(title)
    return tail if head and is_outlet(tail) and not tail.endswith(" News") else None
