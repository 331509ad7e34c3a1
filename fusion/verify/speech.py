"""Who said it: quotations word for word, speakers, and claims that need one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion.verify.claimant import claimant, unquoted
from fusion.verify.names import names
from fusion.words import content, coverage, plain, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Said of what somebody claims. "According to" and the like are looked for apart.
_SPEECH = (
    "said|says|say|saying|told|tells|claimed|claims|claim|alleged|alleges|allege|added|adds|"
    "stated|states|announced|announces|argued|argues|insisted|insists|warned|warns|wrote|writes|"
    "denied|denies|confirmed|confirms|reported|reports|suggested|suggests|believes|believed|"
    "admitted|admits|explained|explains|tweeted|testified|accused|accuses|acknowledged|described|"
    "describes|called|calls|asked|replied|recalled|declared|maintains|maintained|asserted|"
    "estimated|estimates|predicted|vowed|promised|revealed|reveals"
)
_SPEAKING = re.compile(
    rf"\b(?:{_SPEECH})\b|\baccording to\b|\bin the words of\b|\breportedly\b|\ballegedly\b"
    r"|\bquoted\b|\bstatement\b|\bspokes\w+\b|\b(?:accuse|alleg|accusation|recommend|propos|report"
    r"|stud(?:y|ies)|survey|poll|letter|post(?:ed|s)?\b|found\b|plead|charge)\w*",
    re.IGNORECASE,
)
# Verbs that always leave what is said to the speaker's account.
_CLAIM = re.compile(
    r"\b(?:claim(?:s|ed)?|alleg(?:e|es|ed|edly)|accord(?:ing)? to|reportedly|purportedly|"
    r"insist(?:s|ed)?|accus(?:e|es|ed)|believes?|suspect(?:s|ed)?|den(?:y|ies|ied))\b",
    re.IGNORECASE,
)
# Verbs that make the name beside them a speaker; the others may have other subjects and senses.
_SAYS = "said|says|told|tells|claimed|claims|added|stated|argued|insisted|warned|alleged|wrote"
_NAME = r"\b[A-Z][\w.'-]{0,40}(?:\s(?:(?:de|al|el|bin|van|von|of)\s)?[A-Z][\w.'-]{0,40}){0,5}"
_SPEAKER = [
    re.compile(rf"\b[Aa]ccording to (?:the |a |an )?({_NAME})"),
    re.compile(
        rf"(?<!\ban )(?<!\ba )({_NAME})(?:,[^,.]{{1,60}},)? (?:has |have |had |also )?(?:{_SAYS})\b"
    ),
    re.compile(rf"\b(?:said|says|added|told) (?:the |a |an )?({_NAME})"),
]
_NOT_A_SPEAKER = word_set("the a an he she it they we i this that these those but and")

# In `plain` text. Unlike in `unquoted`, a mark without another quotes nothing: of a quotation that
# was split into sentences, the last has only the closing mark, and the speaker after it.
_QUOTED = re.compile(r'"[^"]*"')
# “Scientists said”, which one professor must not become. Names are looked at by `_speakers`.
_MANY = re.compile(r"(?:^[A-Z]|\b)[a-z]+s$")
# A quotation shorter than this may be a title or a term of its own.
_QUOTED_WORDS = 3


def quotations(text: str) -> list[str]:
    """What stands between quotation marks, marks left out. An apostrophe is no mark."""
    text = plain(text)
    marks = [m.start() for m in re.finditer('"', text)]
    found = [text[a + 1 : b] for a, b in list(pairwise(marks))[::2]]
    outside = _QUOTED.sub(lambda m: " " * len(m.group()), text)
    found += [
        text[m.start(1) : m.end(1)]
        for m in re.finditer(
            r"(?:^|(?<=[\s(,:;-]))'\s?([^'\s].*?[\w.,!?])'(?=$|[\s).,;:!?-])", outside
        )
    ]
    return [words.strip(" ,.;:!?-") for words in found if words.strip(" ,.;:!?-")]


def _bare(text: str) -> str:
    """Words and figures only, lower case: what must agree for a quotation to be verbatim."""
    # “U.S.” at the end of a quotation loses its last dot with the comma.
    words = (
        t.text.lower().replace(".", " ").strip() if t.is_word else t.text.lower()
        for t in tokens(text)
        if t.text[0].isalnum()
    )
    return f" {' '.join(words)} "


def _parts(quotation: str) -> list[str]:
    """The stretches of a quotation between ellipses and bracketed insertions."""
    return [p for p in (_bare(s) for s in re.split(r"\.\.\.+|\[[^\]]*\]", quotation)) if p.strip()]


def _holds(passage: str, quotation: str) -> bool:
    bare, at = _bare(passage), 0
    for part in _parts(quotation):
        at = bare.find(part, at)
        if at < 0:
            return False
    return True


def _speakers(text: str) -> Iterator[str]:
    """Names that the text gives as speaking, outside quotation marks."""
    outside = _QUOTED.sub('""', plain(text))
    for pattern in _SPEAKER:
        for match in pattern.finditer(outside):
            words = match[1].split()
            while words and words[0].lower() in _NOT_A_SPEAKER:
                words.pop(0)
            if words:
                yield " ".join(words).rstrip(",").removesuffix("'s")


def _named(speaker: str, passage: str) -> bool:
    """Whether the passage has the last word of the speaker's name."""
    return _last(speaker) in {token.lower for token in tokens(passage)}


def _last(name: str) -> str:
    return [token.lower for token in tokens(name) if token.is_word][-1]


def check_quotations(sentence: str, passages: Sequence[str]) -> list[str]:
    """Quotations that no passage has word for word, or that another speaker said."""
    problems = []
    for quotation in quotations(sentence):
        holding = [passage for passage in passages if _holds(passage, quotation)]
        length = len(_bare(quotation).split())
        if not holding:
            problems.append(f"The words “{quotation}” are not in the passages word for word.")
            continue
        if length < _QUOTED_WORDS:
            continue
        if not any('"' in plain(p) or re.search(r"(?<!\w)'|'(?!\w)", plain(p)) for p in holding):
            problems.append(f"The passages do not have “{quotation}” as a quotation.")
        for speaker in _speakers(sentence):
            others = {_last(name) for passage in holding for name in _speakers(passage)}
            if others and not any(_named(speaker, passage) for passage in holding):
                who = speaker.rstrip(".")
                problems.append(f"The passages do not say that {who} said “{quotation}”.")
    return problems


def check_speaker(sentence: str, passages: Sequence[str]) -> list[str]:
    """Speakers that the sentence names and the passages never let speak."""
    problems = []
    for speaker in dict.fromkeys(_speakers(sentence)):
        naming = [passage for passage in passages if _named(speaker, passage)]
        if naming and not any(_SPEAKING.search(plain(passage)) for passage in naming):
            problems.append(f"The passages do not say that {speaker.rstrip('.')} said this.")
    several = _MANY.search(claimant(sentence))
    there = {token.lower for passage in passages for token in tokens(passage)}
    if several and several[0].lower() not in there:
        problems.append(f"No {several[0].lower()} speak in the passages; name who says it.")
    return problems


# Share of the sentence's content words that a passage must have to be what it was written from.
_RETOLD = 0.6


def check_attribution(sentence: str, passages: Sequence[str]) -> list[str]:
    """What the sentence tells as fact and every passage that has it gives as somebody's words.

    A matter of news style more than of truth, so it does not by itself make a sentence unsupported.
    """
    said = plain(sentence)
    if _SPEAKING.search(said) or _CLAIM.search(said) or claimant(said):
        return []
    if not content(unquoted(said)):
        return []
    retold = [p for p in passages if coverage(sentence, p) >= _RETOLD]
    if not retold or not all(_is_told_by_somebody(plain(p)) for p in retold):
        return []
    who = (
        claimant(retold[0])
        or next(_speakers(retold[0]), None)
        or next((" ".join(t.text for t in name) for name in names(retold[0])), "who claims it")
    )
    return [f"The passages give this as the words of {who}, not as a fact; say who says it."]


def _is_told_by_somebody(passage: str) -> bool:
    own_words = content(unquoted(passage))
    return bool(_CLAIM.search(passage) or claimant(passage)) or not own_words
