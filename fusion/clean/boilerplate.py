"""Which lines of a report are not its body, and why: by shape, place and repetition.

No site's name and no ready-made sentence is looked for. A line that does not end as a sentence is
no body line unless it belongs to a list or the whole text is unpunctuated; a line that does is
body unless it talks to the reader about the page (single words of page furniture together with an
imperative or "you"), is a credit, or repeats.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from fusion.clean.lines import Line

# Words of page furniture, by what they are furniture of. Each is one word, English first, since a
# page's furniture is mostly in the page's own language and then caught by shape.
_FURNITURE = {
    "share bar": "share shares tweet facebook twitter whatsapp linkedin telegram reddit pinterest "
    "instagram flipboard tiktok youtube bluesky mastodon messenger print pocket hashtag podcast",
    "newsletter": "newsletter newsletters subscribe subscribed subscriber subscribers subscription "
    "inbox unsubscribe notification notifications alerts briefing signup straight delivered",
    "cookie notice": "cookie cookies consent privacy preferences personalised personalized browser "
    "javascript adblocker settings tracking",
    "comment form": "comment comments commenting reply replies required moderated moderation",
    "account": "login log sign register registered password username account member membership "
    "paywall unlimited trial premium logged signed",
    "advert": "advertisement advertisements advert sponsored promoted shop deals coupon donate "
    "donation contribution support offer",
    "related link": "related recommended trending popular read more also watch listen previous "
    "click tap here below stories articles coverage headlines link bonus",
    "media control": "play pause autoplay mute unmute fullscreen video gallery slideshow embed "
    "enlarge thumbnail loading caption captions scroll swipe download app",
    "rights": "copyright reserved reprinted republished redistributed rewritten permission "
    "syndicated",
    "navigation": "menu home search skip navigation topics tags categories archive contact sitemap "
    "faq homepage website page site terms",
}
_REASON = {word: reason for reason, words in _FURNITURE.items() for word in words.split()}
# Verbs that a page opens with when it asks its reader for something.
_IMPERATIVES = frozenset(
    [
        "allow",
        "accept",
        "add",
        "agree",
        "become",
        "browse",
        "buy",
        "check",
        "choose",
        "click",
        "comment",
        "confirm",
        "contact",
        "continue",
        "copy",
        "create",
        "discover",
        "donate",
        "download",
        "email",
        "enable",
        "enter",
        "explore",
        "fill",
        "find",
        "follow",
        "get",
        "give",
        "help",
        "join",
        "learn",
        "leave",
        "like",
        "listen",
        "log",
        "login",
        "manage",
        "never",
        "please",
        "press",
        "read",
        "receive",
        "refresh",
        "register",
        "reload",
        "save",
        "scroll",
        "see",
        "select",
        "send",
        "share",
        "show",
        "sign",
        "skip",
        "stay",
        "submit",
        "subscribe",
        "support",
        "swipe",
        "switch",
        "tap",
        "tell",
        "try",
        "turn",
        "unlock",
        "upgrade",
        "view",
        "visit",
        "want",
        "watch",
        "write",
    ]
)
_READER = frozenset(
    ["you", "your", "yours", "you're", "you'll", "you've", "yourself", "us", "our", "ours", "we"]
)
_ARTICLE = r"(?:this|the)\s+(?:article|story|report|piece|post|version|interview|item|dispatch)"
# What a report says about itself rather than about the story.
_SELF = re.compile(
    rf"\b(?:contributed|contributing|contributions?)\b[^.]{{0,60}}\b(?:report|story|article|reporting|writing)\b"
    rf"|\b(?:reporting|writing|editing|additional reporting|compiled|edited|written)\s+by\s+[A-Z]"
    rf"|^\W*{_ARTICLE}\s+(?:\w+\s+)?(?:was|has\s+been|is|will\s+be|originally|first)\s+(?:\w+\s+){{0,2}}"
    r"(?:published|updated|corrected|amended|appeared|produced|prepared|edited|translated|republished|posted|written|syndicated)"
    rf"|^\W*{_ARTICLE}\s+(?:originally|first)\s+(?:appeared|published|ran)"
    r"|^\W*(?:originally|first)\s+(?:published|posted)\b|^\W*(?:last\s+)?(?:updated|published|posted|modified)\b\W"
    r"|all\s+rights\s+reserved|^\W*(?:©|\(c\)|copyright\b)|©\s*(?:19|20)\d\d",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[(\[*]*(\w+)")
_SEPARATOR = re.compile(r"[\W_]+")
_NAME = r"[A-Z][\w.’'\-]*"
_PHOTO = (
    r"(?:photo(?:graph|s)?|picture|image|pic|handout|screenshot|screengrab|illustration|courtesy"
    r"|credit|getty|file)"
)
# A credit that closes a caption, one form a line:
# "(AP Photo/Jane Doe)", "(Jane Doe/GPO)", "Photo: Jane Doe", "courtesy of Jane Doe",
# "REUTERS/Jane Doe", "via AP", "Jane Doe / Getty Images".
_CREDIT = re.compile(
    rf"[(\[][^()\[\]]{{0,80}}(?i:\b{_PHOTO}\b)[^()\[\]]{{0,80}}[)\]]\.?$"
    rf"|[(\[](?:{_NAME}\s*,?\s*(?:(?:and|for|via)\s+)?){{1,6}}/\s?(?:{_NAME}\s*|of\s+){{1,6}}[)\]]$"
    rf"|(?i:\b{_PHOTO}(?:\s+credit)?s?\s*(?::|©|\bby\b|\bcourtesy\b|\bvia\b))[^.!?]{{2,80}}\.?$"
    rf"|(?i:\bcourtesy\s+of\b)[^.!?]{{2,60}}$"
    rf"|\b(?:REUTERS|AFP|AP|EPA|dpa)\s?/\s?(?:{_NAME}\s*){{1,4}}$"
    rf"|\bvia (?:AP|REUTERS|Reuters|AFP)$"
    rf"|(?:{_NAME}\s*){{1,4}}/\s?(?:{_NAME}\s*){{0,2}}"
    rf"(?:Images|Photos?|Pictures|AFP|AP|Reuters|EPA|GPO)$",
)
_COLON_LABEL = re.compile(r"^[A-Z][A-Z &]{2,24}:\s|^[►▶▸»→]\s?")
_BULLET = re.compile(r"^(?:[•*·‣◦▪\-–]|\d{1,2}[.)])\s+\S")
_MIN_READ = re.compile(
    r"\b\d+[\s-]*(?:min|mins|minutes?)\b[\s-]*(?:read|listen|watch)?", re.IGNORECASE
)
_MAX_TITLE_WORDS = 16  # longer lines without an end are running text that lost its full stop
_MAX_STANDFIRST_WORDS = 40  # before the body begins even a long unended line is a standfirst
_COMMENTS = re.compile(
    r"^(?:\d+\s+)?(?:comments?|leave a (?:reply|comment)|repl(?:y|ies))\b", re.IGNORECASE
)


def classify(lines: Sequence[Line], furniture: AbstractSet[str]) -> list[str | None]:
    """For each line None if it is body, else the reason why it is not.

    `furniture` holds the keys of lines that stand in several reports with little else in common.
    The headline, byline and date line must already be gone.
    """
    reasons: list[str | None] = [_alone(line) for line in lines]
    _repeated(lines, reasons, furniture)
    if _unpunctuated(lines, reasons):
        _cut_fragments(lines, reasons)
    else:
        _cut_by_place(lines, reasons)
        _after_comments(lines, reasons)
    return reasons


def _unpunctuated(lines: Sequence[Line], reasons: Sequence[str | None]) -> bool:
    """Whether sentence ends tell nothing here: few of the longer lines have one."""
    left = [line for line, reason in zip(lines, reasons, strict=True) if reason is None]
    long = [line for line in left if line.words >= 8]
    return sum(line.prose for line in long or left) < 0.5 * len(long or left)


def _cut_fragments(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """In text without sentence ends only length is left: a few words are not a sentence."""
    fewest = 6 if any(line.words >= 6 for line in lines) else 3
    for place, line in enumerate(lines):
        if reasons[place] is None and not line.prose and line.words < fewest:
            reasons[place] = _word_reason(line) or "fragment"


def _cut_by_place(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Cut what is not running text, by where it stands to the running text."""
    body = [place for place, line in enumerate(lines) if reasons[place] is None and line.prose]
    first, last = (body[0], body[-1]) if body else (0, len(lines))
    in_list = False
    for place, line in enumerate(lines):
        if reasons[place] is not None:
            continue
        if line.prose:
            in_list = line.text.endswith(":")
            continue
        in_list = in_list or _continues(place, reasons, lines)
        if in_list and place > first and not _addressed(line):
            continue
        if place < first:
            limit, otherwise = _MAX_STANDFIRST_WORDS, "standfirst"
        elif place > last:
            limit, otherwise = 2 * _MAX_TITLE_WORDS, "after the end"
        else:
            limit, otherwise = _MAX_TITLE_WORDS, "subheading"
        if line.words <= limit:
            reasons[place] = _word_reason(line) or otherwise


def _alone(line: Line) -> str | None:
    """What the line is by its own shape, if that settles it."""
    text = line.text
    if _SEPARATOR.fullmatch(text):
        return "separator"
    if _CREDIT.search(text) and line.words <= 90:
        return "caption"
    if _SELF.search(line.unquoted) and line.words <= 80:
        return "note about the article"
    if _MIN_READ.search(text) and line.words <= 8 and not line.ended:
        return "reading time"
    if _COLON_LABEL.match(text) and not line.ended and line.words <= 20:
        return "related link"
    if _asks_reader(line):
        return _word_reason(line) or "addressed to the reader"
    return None


def _addressed(line: Line) -> bool:
    return _imperative(line) or bool(_READER & set(line.tokens))


def _imperative(line: Line) -> bool:
    """Whether it opens with a verb that asks for something, and not inside a quotation."""
    first = _FIRST_WORD.match(line.text)
    return first is not None and first[1].lower() in _IMPERATIVES


def _asks_reader(line: Line) -> bool:
    """Whether the line talks to the reader about the page.

    Both must show: page words, and the reader ("you", "our", an imperative). What stands in
    quotation marks is a speaker's and is not looked at. The longer the line, the more page words
    it needs: one in eight.
    """
    tokens = line.tokens
    if not tokens or not line.ended:
        return False
    page = sum(token in _REASON for token in tokens)
    imperative = _imperative(line)
    reader = bool(_READER & set(tokens))
    if not (imperative or reader):
        return False
    needed = max(1 if imperative else 2, len(tokens) / 10)
    return page >= needed


def _word_reason(line: Line) -> str | None:
    """The kind of furniture whose words the line has most of."""
    kinds = [_REASON[token] for token in line.tokens if token in _REASON]
    return max(kinds, key=kinds.count) if kinds else None


def _repeated(
    lines: Sequence[Line], reasons: list[str | None], furniture: AbstractSet[str]
) -> None:
    """Lines said before in this report, and lines that other, different reports have too."""
    seen: set[str] = set()
    for place, line in enumerate(lines):
        if (
            reasons[place] is None
            and line.key in furniture
            and (not line.prose or _addressed(line) or _word_reason(line))
        ):
            reasons[place] = "in several unlike reports"
        elif reasons[place] is None and line.key in seen and line.key:
            reasons[place] = "repeated"
        seen.add(line.key)


def _continues(place: int, reasons: Sequence[str | None], lines: Sequence[Line]) -> bool:
    """Whether it is an item of a list that the kept line before it announces or belongs to."""
    if place == 0 or reasons[place - 1] is not None:
        return False
    before, text = lines[place - 1], lines[place].text
    if _BULLET.match(text):
        return before.text.endswith(":") or _BULLET.match(before.text) is not None
    return text[0].islower() and not before.ended


def _after_comments(lines: Sequence[Line], reasons: list[str | None]) -> None:
    """Readers' comments follow their heading to the end; the heading stands late in the page."""
    total = sum(line.words for line in lines)
    before = 0
    for place, line in enumerate(lines):
        if before > total / 2 and line.words <= 5 and not line.ended and _COMMENTS.match(line.text):
            for later in range(place, len(lines)):
                reasons[later] = reasons[later] or "comment"
            return
        before += line.words
