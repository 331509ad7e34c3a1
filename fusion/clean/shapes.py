"""What a line is by its own shape and words, wherever it stands.

No site's name and no ready-made sentence is looked for: single words of page furniture, the forms
of credits and notes, and whom the line talks to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.clean.dates import find_stamp

if TYPE_CHECKING:
    from fusion.clean.lines import Line


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words of page furniture, by what they are furniture of. Each is one word, English first, since a
# page's furniture is mostly in the page's own language and then caught by shape.
_FURNITURE = {
    "share bar": "share shares tweet facebook twitter whatsapp linkedin telegram reddit pinterest "
    "instagram flipboard tiktok youtube bluesky mastodon messenger print pocket hashtag podcast "
    "teilen merken drucken partager compartir condividi delen",
    "newsletter": "newsletter newsletters subscribe subscribed subscriber subscribers subscription "
    "subscriptions inbox email unsubscribe notification notifications alerts briefing signup "
    "emails subscribing delivered abonnieren boletín abonnez abonnez-vous inscrivez-vous "
    "suscríbete infolettre iscriviti assine",
    "cookie notice": "cookie cookies consent privacy preferences personalised personalized browser "
    "javascript adblocker settings tracking datenschutz",
    "comment form": "comment comments commenting reply replies required moderated moderation "
    "kommentare comentarios commentaires",
    "account": "login log sign register registered password username account member membership "
    "paywall unlimited logged signed signing free anmelden",
    "advert": "advertisement advertisements advert advertise sponsored promoted shop deals coupon "
    "donate donation support supporting journalism anzeige publicidad publicité",
    "related link": "related recommended trending popular read more also watch listen previous "
    "click tap here below stories articles coverage headlines link bonus "
    "mehr thema lesen auch lire aussi leer más",
    "media control": "copied play pause autoplay mute unmute fullscreen video gallery slideshow "
    "embed enlarge thumbnail loading caption captions scroll swipe download app",
    "rights": "copyright reserved reprinted republished redistributed rewritten permission "
    "syndicated reuse reprints licensing",
    "navigation": "menu home search skip navigation topics tags categories archive contact sitemap "
    "faq homepage website page site terms notice startseite inicio accueil",
}
_REASON = {word: reason for reason, words in _FURNITURE.items() for word in words.split()}
# Verbs that a page opens with when it asks its reader for something.
_IMPERATIVE = re.compile(
    r"[(\[*]{0,3}(?:allow|accept|add|agree|become|browse|buy|check|choose|click|comment|confirm|contact"
    r"|continue|copy|create|discover|donate|download|email|enable|enter|explore|fill|find|follow|get"
    r"|give|help|join|learn|leave|like|listen|log|manage|never|please|press|read|receive|refresh"
    r"|register|reload|save|scroll|see|select|send|share|show|sign|skip|stay|submit|subscribe|support"
    r"|swipe|switch|tap|tell|try|turn|unlock|upgrade|view|visit|want|watch|write)\b",
    re.IGNORECASE,
)
# What a report at its edges calls itself and its kind, or warns of.
_ITSELF = _words(
    "advice disclaimer informational purposes responsibly gambling betting odds investing"
    " investment risk opinions views author authors author's writer readers article story post"
    " content edited publication reading commission affiliate liability translation research"
    " button policy newsroom investments quiz"
)
# Page words that are as much at home in a report's own sentences.
_COMMON = _words(
    "also more here below home support supporting free member members terms play deals shop search"
    " shares share popular articles coverage required settings tracking stories video help notice"
    " membership message link live previous delivered print journalism"
)
_THIS_ITEM = re.compile(
    r"\bthis\s(?:article|story|report|post|page|content|site|website|newsletter)\b|^these?\s"
    r"|^this\s(?:is|does)\b",
    re.IGNORECASE,
)
_ADDRESS_WORDS = _words(
    "you your yours we our us please thanks thank let's notre nos votre vos unser unsere unseren"
    " nuestro nuestra nuestros tu tus nostro nostra"
)
# At a sentence's beginning, what can only be asked of someone: "Smash that button", "Bet wisely".
_ASKING = re.compile(
    r"(?!(?:in|on|at|for|from|with|by|of|to|as|but|and|or|if|when|while|after|before|since|until|under"
    r"|over|about|all|both|half|not|that|what|who|than|then|so|because|though|although|during|despite"
    r"|through|across|into|against|among|between|within|without|inside|outside|is|was|like)\b)"
    r"(?:\w+\s(?:that|the|this|your|our|us|it)|(?:bet|gamble|trade|drink|invest|play)\s\w+ly)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_TELLS = _words(
    "said says say told was were had did added according announced asked suggest suggests believe"
    " believes warn warns argue argues wrote writes he she"
)
_NAMED = re.compile(r"(?<=[a-z,;:]\s)[A-Z]\w+|\d[\d.,]*(?![\d+])")
_MAX_ASIDE_WORDS = 12
_EDGE_LABEL = re.compile(
    r"(?:\w+\s){0,2}(?:sources?|note|disclaimer|disclosure|corrections?|clarification|references?"
    r"|credits?|tags?|topics|summary|abstract|licen[cs]e|contact|via|warning|quelle|fuente)\s?:(?:\s|$)",
    re.IGNORECASE,
)
_MAX_EDGE_WORDS = 40  # of a disclaimer or an appeal that stands at the edge of a report
_READER = frozenset(["you", "your", "yours", "you're", "you'll", "you've", "yourself"])
# "Tell us …" at a sentence's beginning.
_ASKS_FOR_US = re.compile(
    r"(?:^|[.?!]\s)(?:please\s)?(?:tell|send|write|email|contact|follow|join|support|help|give|share"
    r"|let|call|message)\s(?:to\s)?(?:us|our)\b",
    re.IGNORECASE,
)
_PAGE_VOICE = frozenset(["we", "our", "us"])
# A report's verbs: with one of these and without "you", an opening verb is a noun ("Support was").
_REPORTS = frozenset(
    ["was", "were", "is", "are", "has", "had", "have", "said", "says", "fell", "rose", "would"]
)
_SEPARATOR = re.compile(r"[\W_]+")

# Credits stand at the end of a line; only so many characters of it are looked at.
_CREDIT_CHARS = 160
_NAME = r"[A-Z][\w.’'\-]*"
_NAMES = rf"{_NAME}(?:[ ,]+(?:and|for|via|of|the|{_NAME})){{0,7}}"
_PHOTO = (
    r"(?:[Pp]hotos?|[Pp]hotographs?|PHOTOS?|[Pp]ictures?|[Ii]mages?|[Ii]llustration|[Gg]raphic|[Vv]ideo"
    r"|[Ss]creenshot|[Ss]creengrab|[Hh]andout|[Ff]ile|FILE|[Ff]otos?|[Cc]redit|[Cc]ourtesy|Getty)"
)
_CREDIT = re.compile(
    # (AP Photo/Jane Doe), (Photo by Jane Doe), [File: Jane Doe/EPA]
    rf"\((?:[^()]{{0,60}}\W)?{_PHOTO}\b(?!\s+of\b)[^()]{{0,60}}\)\.?$"
    rf"|\[(?:File|Handout|Courtesy)\b[^\[\]]{{0,60}}\]\.?$"
    # (Jane Doe/GPO), [Jane Doe/EPA]
    rf"|[(\[]{_NAMES}\s?/\s?{_NAMES}[)\]]$"
    # Photo: Jane Doe; Photo by Jane Doe; File photo: Jane Doe
    rf"|(?:^|[.!?)”\"|–—-]\s)(?:File\s)?{_PHOTO}(?:\s[Cc]redit)?(?:\s?[:©]|\sby\b|\scourtesy\b|\svia\b)"
    r"[^.!?]{2,80}\.?$"
    # REUTERS/Jane Doe; Jane Doe / Getty Images; via Reuters
    rf"|(?<![-–—]\s)\b[A-Z]{{2,8}}\s?/\s?{_NAME}(?:\s{_NAME}){{1,3}}$"
    rf"|(?<![-–—]\s)\b{_NAMES}\s?/\s?(?:{_NAME}\s){{0,2}}(?:Images|Photos?|Pictures|[A-Z]{{2,5}}|Reuters)$"
    r"|\bvia (?:AP|REUTERS|Reuters|AFP|Getty Images)$"
)
# What opens a caption or a credit.
_CAPTION_LABEL = re.compile(
    r"(?:Image|Photo|Picture|Media|Video)\s(?:copyright|caption|source|credit|playback)\b"
    r"|FILE\s?[-–—:]\s|(?i:(?:\w+\s){0,3}courtesy\sof\s)"
    r"|(?:In\sthis|This)\s(?:\w{1,20}\s){0,3}(?:photo|image|picture|frame\sgrab|video)\b"
    r".{0,80}\b(?:provided|released|taken|supplied|shows?)\b"
)
_ENCLOSED = re.compile(r"\([^()]{2,90}\)$|\[[^\[\]]{2,160}\]$")
_MAX_CAPTION_WORDS = 90

_ARTICLE = r"(?:this|the)\s(?:article|story|report|piece|post|version|interview|item|dispatch)"
_PUBLISHED = (
    r"(?:published|updated|corrected|amended|appeared|appears|ran|produced|prepared|edited"
    r"|translated|republished|reproduced|reprinted|excerpted|posted|written|syndicated|adapted|part)"
)
# What a report says about itself rather than about the story.
_NOTE = re.compile(
    r"[^.]{0,160}\bcontribut(?:ed|ing|ions?)\b(?:\s(?:to|from)\b[^.]{0,40}"
    r"\b(?:report|story|article|reporting|writing)\b|\.?$)"
    r"|\W{0,4}(?:additional\s|reporting\s|writing\s|editing\s|compiled\s|edited\s|written\s|translated\s"
    r"|production\s)(?:\w+\s)?(?:and\s\w+\s)?by\s"
    r"|\W{0,4}with\s(?:additional\s)?(?:assistance|reporting|inputs?|files|material)\s(?:by|from)\s"
    r"|\W{0,4}contributing(?:\swriters?)?:"
    rf"|\W{{0,4}}(?:a\sversion\sof\s)?{_ARTICLE}\s(?:\w+\s){{0,4}}{_PUBLISHED}\b"
    r"|\W{0,4}(?:this\s(?:version\s|story\s)?corrects|(?:republished|reproduced|reprinted|excerpted)\s"
    r"(?:here\s)?(?:with|from|by))\b"
    r"|update[^:]{0,30}(?::\d\d[^:]{0,12})?:\s(?:adds\b|(?:this\s|the\s)?(?:article|story|post)\b)"
    r"|[^.]{0,80}\bthis\s(?:article|story|report|series)\s(?:was|is|were|has\sbeen)\s\w+ed\b"
    r"|appear(?:ed|s)\sin\b[^.]{0,60}\bedition\b"
    r"|\W{0,4}original\s(?:article|story|post)\b|\W{0,4}(?:originally|first)\spublished\b"
    r"|\W{0,4}(?:editor[’']?s?\snote|correction|clarification)\b[^.]{0,20}:"
    r"|\W{0,4}(?:©|\(c\)|copyright\b)|\W{0,4}all\srights\sreserved"
    r"|[^.]{0,80}©\s?(?:19|20)\d\d",
    re.IGNORECASE,
)
_MAX_NOTE_WORDS = 80
_STATUS = re.compile(
    r"\W{0,4}(?:first\s|last\s|originally\s)?(?:updated|published|posted|modified)\b", re.IGNORECASE
)
_LABEL = re.compile(r"[A-Z][A-Z &]{2,24}:\s|[►▶▸»→]\s?")
_WORD_LABEL = re.compile(r"((?:\w+\s?){1,3})[:|]\s")
_EMBED = re.compile(r"\(@\w{2,}\)|\bpic\.[a-z]+\.com/\w+$")
_ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\S+@\S+\.\w+|@\w{3,}")
_MIN_READ = re.compile(
    r"(?:.*\b)?\d+[\s-]*(?:min|mins|minutes?)[\s-]*(?:read|listen|watch)\b"
    r"|\W{0,4}\d+\s?(?:min|mins|minutes)\W{0,4}$",
    re.IGNORECASE,
)


def alone(line: Line) -> str | None:
    """What the line is by itself, if that settles that it is not body; else None."""
    text = line.text
    if line.long:
        return None
    if _SEPARATOR.fullmatch(text):
        return "separator"
    if is_caption(line):
        return "caption"
    if _is_note(line):
        return "note about the article"
    if _MIN_READ.match(text) and line.words <= 8 and not line.ended:
        return "reading time"
    if _is_label(line):
        return word_reason(line) or "related link"
    if _EMBED.search(text[-_CREDIT_CHARS:]) and not line.ended:
        return "embedded post"
    if asks_reader(line) or _all_furniture(line):
        return word_reason(line) or "addressed to the reader"
    return None


def word_reason(line: Line) -> str | None:
    """The kind of furniture whose words the line has most of, or None if it has none."""
    kinds = [_REASON[token] for token in line.tokens if token in _REASON]
    return max(kinds, key=kinds.count) if kinds else None


def page_words(line: Line) -> int:
    """How many words of page furniture the line has, outside quotations."""
    return sum(token in _REASON for token in line.tokens)


def addressed(line: Line) -> bool:
    """Whether it speaks to its reader, outside quotations, or asks for something."""
    return _IMPERATIVE.match(line.text) is not None or not _READER.isdisjoint(line.tokens)


def is_caption(line: Line) -> bool:
    """Whether it carries a photographer's or an agency's credit in one of the usual forms."""
    if line.words > _MAX_CAPTION_WORDS:
        return False
    if _CAPTION_LABEL.match(line.text) or _CREDIT.search(line.text[-_CREDIT_CHARS:]):
        return True
    return _ENCLOSED.match(line.text) is not None and line.words <= 16


def asks_reader(line: Line) -> bool:
    """Whether the line talks to the reader about the page.

    Both must show: page words, and the reader ("you" outside quotations, or a verb that asks). The
    longer the line the more page words it needs; fewer where the page says "we" to its "you".
    """
    tokens = line.tokens
    if not tokens or not (line.ended or line.text.endswith(":")):
        return False
    if _ASKS_FOR_US.search(line.unquoted) and len(tokens) <= 30:
        return True
    reader = not _READER.isdisjoint(tokens)
    asks = _IMPERATIVE.match(line.text) is not None
    if asks and _ADDRESS.search(line.text):
        return True
    if asks and not reader:
        # The opening verb may itself be a page word, and may be a noun after all.
        page = sum(token in _REASON for token in tokens[1:])
        return _REPORTS.isdisjoint(tokens) and page >= max(1, len(tokens) / 10)
    if not reader:
        return False
    page = page_words(line)
    if asks:
        return page >= max(1, len(tokens) / 10)
    we = not _PAGE_VOICE.isdisjoint(tokens)
    return page >= max(2, len(tokens) / (12 if we else 7))


def _all_furniture(line: Line) -> bool:
    """Whether it is page words through and through: all of a few, or three and every third."""
    page = page_words(line)
    count = len(line.tokens)
    return (2 <= count <= 5 and page == count) or (page >= 3 and count <= 12 and 3 * page >= count)


def _is_note(line: Line) -> bool:
    if _NOTE.match(line.unquoted) and line.words <= _MAX_NOTE_WORDS:
        return True
    if _STATUS.match(line.text) is None or line.words > 24:
        return False
    return line.words <= 6 or not line.ended or find_stamp(line.text) is not None


def _is_label(line: Line) -> bool:
    """Whether it is a link behind a label: "MORE: …", "Also read | …", "Related: …"."""
    if line.words > 24:
        return False
    if _LABEL.match(line.text) and not line.ended:
        return True
    label = _WORD_LABEL.match(line.text)
    words = label[1].lower().split() if label else []
    return bool(words) and all(word in _REASON or word == "this" for word in words)


def of_itself(line: Line, opens: bool) -> str | None:
    """Why a line that opens or ends a report is about the report or its reader, or None.

    Asked only at the edges, where appeals, disclaimers and credits stand. A voice (it talks to the
    reader, asks, points at "this article") and a subject (words of pages and of publishing) must
    both show, weigh more the longer the line is, and names and numbers weigh against them. A line
    that `opens` the report must name it: a feature may begin by talking to its reader.
    """
    if _EDGE_LABEL.match(line.text):
        return "note about the article"
    if line.words > _MAX_EDGE_WORDS or not _speaks_plainly(line):
        return None
    tokens = line.tokens
    subject = sum(map(_is_subject, tokens)) + (_ADDRESS.search(line.text) is not None)
    voice = sum(token in _ADDRESS_WORDS for token in tokens) + line.text.endswith("!")
    voice += len(_THIS_ITEM.findall(line.text))
    for sentence in _SENTENCES.split(line.text):
        asked = sentence[3:] if sentence.startswith("To ") else sentence
        voice += bool(_ASKING.match(sentence) or _IMPERATIVE.match(asked))
    weight = subject + voice - _names(line)
    if opens and not _THIS_ITEM.search(line.text):
        return None
    if not subject or not voice or weight < max(2, len(tokens) / 8):
        return None
    return word_reason(line) or "addressed to the reader"


def tells_nothing(line: Line) -> bool:
    """Whether a line is short, with no quotation or speaker and one name or number at most."""
    return line.words <= _MAX_ASIDE_WORDS and _speaks_plainly(line) and _names(line) <= 1


def presents(line: Line, name: str) -> bool:
    """Whether the line says what the outlet of that name is."""
    opens = re.match(rf"(?:The\s)?{re.escape(name.removeprefix('The '))}\s(?:is|are)\b", line.text)
    return opens is not None and _speaks_plainly(line)


def _speaks_plainly(line: Line) -> bool:
    return line.unquoted == line.text and _TELLS.isdisjoint(line.tokens)


def _is_subject(token: str) -> bool:
    return token in _ITSELF or (token in _REASON and token not in _COMMON)


def _names(line: Line) -> int:
    """How many names and numbers it has, page words in capitals aside."""
    found = (name.lower() for name in _NAMED.findall(line.text))
    return sum(name not in _ITSELF and name not in _REASON for name in found)


def is_address(line: Line) -> bool:
    """Whether a short line gives a web, mail or social address and is no sentence."""
    return not line.ended and line.words <= 24 and _ADDRESS.search(line.text) is not None
