"""One passage by itself: whether a fact can be told from it, and what speaks against it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.neutral import loaded_words, reporters_voice
from fusion.verify.claimant import unquoted
from fusion.verify.names import CALENDAR, TITLES, names
from fusion.verify.relations import LIGHT_VERBS, ahead_and_told
from fusion.words import STOP_WORDS, content, is_past, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion.types import Chunk, Source

ORDINAL = "second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
WORDS = (6, 80)  # of a passage that a fact is told from, at least and at most

_OPEN_ENDED = re.compile(r"[?:]\W*$")  # a question, or what leads to something else
_TO_THE_READER = re.compile(
    r"\b(?:click|subscribe|read more)\b|^\W*for (?:those|anyone|any of you|readers|travellers)\b"
    r"|^\W*anyone (?:with|who has) (?:any )?(?:information|knowledge|tips?)\b"
    r"|^\W*(?:please|print|repeat|write|say|output|answer|decode|pretend|publish|send|reply) "
    r"|^[^\w\"“'‘«]*(?:you(?:r|['’]\w+)?\b|(?:(?:please|kindly|just|now|then|do not|don't|never) )?"
    r"(?:keep|leave|skip|give|use|make|take|put|let|add|name|list|tell|thank|praise|call|drop|remove"
    r"|forget|remember|imagine|consider|treat|begin|start|end|finish|ignore|include|mention|follow"
    r"|choose|see|check|find|get|visit|join|learn)"
    r" (?:the|an?|your|all|every|each|only|no|any|it|them|us|me|this|that)\b)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^[(\[].*[)\]]\W*$", re.DOTALL)  # “(Most of them did not mind.)”
# “Traffic: the bridge is closed”, “Ann Lee at the press conference: She was held at 7:25”
_LABELLED = re.compile(r"^[A-Z][a-z]+: [a-z]|^(?P<label>[^.:;\"“]{3,80}): (?=[A-Z])")
_NO_COMMENT = re.compile(  # says that somebody says nothing, or was not there
    r"^\W*there was no (?:immediate )?(?:comment|word|reply|answer|response)\b"
    r"|^[^,;]* (?:(?:declined|refused) to comment|ha(?:s|ve|d) not commented|made no comment"
    r"|(?:was|were|could) not (?:be reached|(?:immediately )?available) for comment"
    r"|did not (?:immediately )?(?:respond|reply) to (?:an? |questions|requests))\b[^,;]*$"
    r"|\b(?:was|were)(?: not|n't) (?:present|in court"
    r"|at (?:the|his|her|its) (?:meeting|hearing|session|ceremony|funeral)(?: of [\w' ]+)?)\W*$"
    # Condolences.
    r"|\b(?:thoughts|hearts?|prayers|condolences|sympath(?:y|ies))\b[^.;]{0,60}"
    r" (?:is|are|was|were|goes|go|went) (?:out )?(?:with|to)\b"
    r"|\b(?:offer|express|extend|sen[dt])(?:ed|s)? (?:\w+ ){0,4}(?:condolences|sympath(?:y|ies))\b"
    # What somebody answered stands in the next sentence.
    r"|\b(?:was|were) asked (?:[\w' ]+ )?(?:whether|if|why|how|what|when|where)\b[^,;]*$",
    re.IGNORECASE,
)
_ON_TAPE = re.compile(r"^\W*\[[A-Z]{3,}|^CLIP\b|[^\"”]\? [A-Z]")  # or asks in its midst
_ADDRESS = re.compile(  # or telephone
    r"https?://|\bwww\.\w|\b0\d{2,4}[ -]?\d{3}|(?:\(\d{3}\) ?|\b\d{3}[-.])\d{3}[-.]\d{4}\b"
    r"|\bphone number \d",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"\b(?i:skip ad|autoplay|full ?screen|buy photo|view gallery)\b|^(?i:story highlights)\b"
    r"|[a-z]{2}[A-Z][a-z]+ .*\bMORE\b"  # links without a space between them, set into a sentence
)
_SAID_TWICE = 6  # words in a row that no sentence has twice, unless a title ran into it
_CUT_OFF = re.compile(r"(?<! - [A-Z]{2})(?<! - [A-Z]{3})(?<=[\w,;])\s*$")  # but for “… home. - CPN”
# An item of a list, of years, or of a live page.
_LISTED = re.compile(r"^\s*[*•·–-] |^[“\"]?(?:[oO]n )?this day\b|^UPDATED?\b|^CORRECTION\b")
# A turn of a conversation: “HOST (Una Drew): …”, “17:05 REIK: …”, “Q: …”, “Una Drew: …”.
_TURN = re.compile(
    r"^\W*(?:\d{1,2}[:.]\d\d\W+)?"
    r"(?:[A-Z](?:[A-Z .'’-]{0,40}[A-Z])?(?: ?\([^)\n]*\))?|(?:[A-Z][a-z]+ ){1,2}[A-Z][a-z]+): \S",
    re.MULTILINE,
)
_TURNS = 3  # from so many on, a report is a transcript
_BACKGROUND = re.compile(
    r"\b(?:(?:in|since|until) (?:1[89]|20)\d\d|last (?:year|month|december|january|february|march"
    r"|april|may|june|july|august|september|october|november)|years? ago|months? ago|previously"
    r"|in the past|historically|has long)\b",
    re.IGNORECASE,
)
_UNEXPLAINED = re.compile(r" (?!(?:of|from|and|in|at)\b)[a-z]")  # what comes after such a name
_FULL_NAME = r"(?:[A-Z][\w.’'-]+ (?:(?:de|van|von|bin|al|el) )?){1,3}[A-Z][\w’'-]+"
# “The chief of the air force, Ann Lee, …” and “Ann Lee, Drovia's chief of the air force, …”.
_ROLE = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[A-Z]\w+['’]s?) [\w’' -]{3,60}(?<!later)(?<!earlier)"
_WHO_IS = re.compile(
    rf"\b(?P<role>{_ROLE}), (?P<name>{_FULL_NAME}),|(?P<named>{_FULL_NAME}), (?P<what>{_ROLE})[,.]"
)
_VERBS = word_set(
    "is are was were be been being has have had do does did will would can could may might must "
    "shall should says say said tells told calls call makes make takes take gives give shows show "
    "wants want plans plan expects expect remains remain leaves leave begins begin holds hold "
    "brings bring faces face seeks seek continues continue comes come goes go runs run lies lie "
    "denies deny accuses accuse claims claim believes believe insists insist warns warn isn't "
    "aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't can't couldn't"
)
_PICTURED = re.compile(r"\b(?:is|are) (?:seen|pictured)\b", re.IGNORECASE)
_DISPUTE = re.compile(
    r"\b(?:in dispute|disputed?|disagree\w*|(?:cannot|can't|could not) agree|blamed? each other"
    r"|contradict(?:ed|s)? each other|(?:different|opposite|conflicting|contradictory)"
    r" (?:ways?|stor(?:y|ies)|accounts?|versions?|figures?|claims?))\b",
    re.IGNORECASE,
)
# Present and continuing tenses, and words such as “so far”: true at the hour of writing.
_OF_ITS_HOUR = re.compile(
    r"\b(?:is|are|has|have|remains?|still|yet|so far|as of|now|currently|continu(?:e|es|ed|ing)"
    r"|under ?way|ongoing|expected to|(?:a)?waiting|pending|to(?:day|night)"
    r"|this (?:morning|afternoon|evening))\b",
    re.IGNORECASE,
)
# What a later report may have overtaken: “remains”, “so far”, “will”, “is to”.
_PASSING = re.compile(
    r"\b(?:remains?|stays?|still|yet|so far|now|currently|continu(?:e|es|ing)|under ?way|ongoing"
    r"|(?:expected|likely|due) to|may have to|being held|waiting|pending|open-ended|will"
    r"|(?<=['’])ll"
    r"|(?:is|are) to|cannot|not known"
    r"|unaccounted|missing)\b",
    re.IGNORECASE,
)
# A day, a date, or the present perfect.
_WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|overnight"
    r"|(?:to|last )night|this (?:morning|afternoon|evening|week)"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
    r"|\d (?:january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|ha(?:s|ve) (?:\w+ly )?(?:been )?\w+(?:ed|[nt])\b)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r",? (?:(?:at|by|for|from|in|of|on|with) )?(?:which|who|whose|whom|where)\b")
_INSET = re.compile(r", (?:who|whose|whom|which|where)\b[^,;]*,(?!\d)")
_TIE = re.compile(
    r"^(?:However|Meanwhile|But|And|Also|Still|Yet|In addition(?! to\b)|Moreover|Furthermore"
    r"|Additionally|So(?= (?:the|an?) )|In (?:re)?turn(?! for\b)"
    r"|As a result(?! of\b))\b,? (?=[A-Za-z])"
    r"|^(?:Yes|No)\. (?=[A-Z])"  # to the question before it
    r"|^(?:On top of that|In all|Overall|Indeed|In fact), (?=[A-Za-z])"
    r"|^(?:Here is )?[Ww]here (?:things|matters) (?:now )?stand(?: \w+){0,3}: (?=[a-z])"
)
_TO_US = re.compile(
    r"\b(?:told|tells) (?:this (?:station|(?:news)?paper|website|channel)|our reporter)\b"
)
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def can_lead(passage: Chunk, *, english: bool) -> bool:
    """Whether a fact may be told from it: a neutral statement, by another than the reporter."""
    text = passage.text
    if not WORDS[0] <= size(text) <= WORDS[1] or _OPEN_ENDED.search(text) or speaks_to_reader(text):
        return False
    if english and (reporters_voice(text) or loaded_words(text) or _CUT_OFF.search(text)):
        return False
    if any(p.search(text) for p in (_ASIDE, _ADDRESS, _FURNITURE, _NO_COMMENT, _ON_TAPE, _LISTED)):
        return False
    words = text.lower().split()
    rows = list(zip(*(words[i:] for i in range(_SAID_TWICE)), strict=False))
    if len(set(rows)) < len(rows):
        return False
    if (label := _LABELLED.match(text)) and not has_verb(label["label"] or ""):
        return False
    return bool(content(unquoted(text)))  # a quotation alone has lost its speaker


def speaks_to_reader(text: str) -> bool:
    """Whether it addresses its reader or bids them do something, as an order in a report does."""
    return bool(_TO_THE_READER.search(text))


def stranger(text: str) -> str:
    """The name that it begins with, if nothing beside it says who that is; "" for none.

    “Ann Lee has eleven of them”; not “Ann Lee, the mayor, …”, “Ann Lee of Drovia …”, “Dr Lee …”.
    """
    begin, end = _first_name(text)
    name = text[begin:end]
    explained = TITLES | CALENDAR | {"of"}
    if {token.lower for token in tokens(name)} & explained or not _UNEXPLAINED.match(text, end):
        return ""
    return name


def _first_name(text: str) -> tuple[int, int]:
    """Where the name of several words that it begins with stands; (0, 0) for none."""
    first = next(iter(names(text)), ())
    if len(first) < 2 or first[0].start > 1:
        return 0, 0
    return first[0].start, first[-1].end


def unexplained(text: str, passage: str) -> str:
    """Who it names and, unlike `passage`, does not say who that is: “Ann Lee, the mayor”; or ""."""
    told = set(content(text))
    for match in _WHO_IS.finditer(passage):
        name, role = match["name"] or match["named"], match["role"] or match["what"]
        if set(content(name)) & told and not set(content(role)) & told:
            return f"{name}, {role}"
    return ""


def untied(sentence: str) -> str:
    """The sentence without what ties it to its report: “However, …”, “told this newspaper”."""
    rest = _TO_US.sub("said", _TIE.sub("", sentence))
    return rest[:1].upper() + rest[1:]


def is_caption(text: str) -> bool:
    """Whether `text`, English as far as its words tell, has no verb in sight or tells a picture."""
    if _PICTURED.search(text):
        return True
    english = any(token.lower in STOP_WORDS for token in tokens(text))
    return english and not has_verb(text)


def has_verb(text: str) -> bool:
    """Whether a word of `text` has the form of an English verb that tells something."""
    words = [token.lower for token in tokens(text) if token.is_word]
    return any(word in _VERBS or is_past(word) for word in words)


def is_quotation(text: str) -> bool:
    """Whether more of it stands within quotation marks than outside."""
    return len(unquoted(text)) < len(text) / 2


def is_background(text: str) -> bool:
    """Whether it tells of a time before the story, by words such as “in 1998” or “a year ago”."""
    return bool(_BACKGROUND.search(text))


def tells_of_dispute(text: str) -> bool:
    """Whether it says that there is a dispute, whatever the sides say."""
    return bool(_DISPUTE.search(text))


def says_when(text: str) -> bool:
    """Whether it says that something has happened, or on which day: news does, scenes do not."""
    return bool(_WHEN.search(text))


def tells_of_deed(text: str) -> bool:
    """Whether it tells what has happened, and neither what is to come nor how things stand.

    A relative clause may: “Three were arrested over a lottery, from which millions are missing”.
    """
    ahead, _ = ahead_and_told(text)
    main = _RELATIVE.split(text, maxsplit=1)[0]
    return says_when(main) and not (
        set(ahead) - LIGHT_VERBS or is_of_its_hour(main) or tells_of_dispute(text)
    )


def main_clause(text: str) -> str:
    """The sentence without relative clauses: what it tells of its own subject."""
    return _RELATIVE.split(_INSET.sub(" ", text), maxsplit=1)[0]


def transcripts(sources: Mapping[str, Source]) -> set[str]:
    """Ids of the reports that are whole conversations, so that their sentences are not theirs."""
    return {s for s, each in sources.items() if len(_TURN.findall(each.article.text)) >= _TURNS}


def is_of_its_hour(text: str) -> bool:
    """Whether it tells how things stand when it is written, rather than what has happened."""
    return bool(_OF_ITS_HOUR.search(text))


def is_passing(text: str) -> bool:
    """Whether it tells what is to come, or how things stand until they change."""
    return bool(_PASSING.search(text))


def size(text: str) -> int:
    """Length in words; in scripts without spaces, two characters count as one."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2
