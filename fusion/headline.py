"""The headline: that of a report that the lead cites, or the lead's own beginning.

Not one of the model's: a headline leaves out half of what it is made of, and in what is left a verb
finds another subject (docs/adr/0007).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.neutral import loaded_words, reporters_voice
from fusion.passage import has_verb
from fusion.verify import verify
from fusion.voices import spread_of
from fusion.words import STOP_WORDS, WEEKDAY, content, coverage, is_past, word_set
from fusion.write import NAMED_BY_TODAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion.llm import LLM
    from fusion.types import Chunk, Source
    from fusion.verify import Calibration

WORDS = (6, 20)  # of a headline, at least and at most
FEWEST = 5  # of a report's own headline
LONGEST = 26  # words of a lead that is told whole, or of its first clause, rather than broken off
ENOUGH, BEST = 9, 16  # words of a clause from and up to which more of them are better
SIZES = (  # of a clause, the best first
    (*range(BEST, ENOUGH - 1, -1), *range(BEST + 1, WORDS[1] + 1)),
    range(ENOUGH - 1, WORDS[0] - 1, -1),
    range(WORDS[1] + 1, LONGEST + 1),
)
SUBJECT = 10  # words of a subject so long that the headline would break off after its verb
MORE = 2  # passages of a report beside the lead's, that may say what its headline does
TITLE_CASE = 0.7  # share of a headline's longer words that have a capital, from which it tells none

_LETTERS = re.compile(r"[^\W\d_]+")
_STOP = re.compile(r"(?<!\b[ap]\.m)(?<!\b[A-Z]\.[A-Z])\.$")  # not that of “p.m.” and “U.S.”
_LABEL = re.compile(r"story highlights\b", re.IGNORECASE)
_VERB = re.compile(r",? (?:ha(?:s|ve|d)|was|were|is|are|will|would|said|says)\b")
_UNSAID = re.compile(  # “not in Ostwick” is not “not”, nor is “who provided them with …” all
    r"\b(?:not|no|never|nor|neither|without)\b|n['’]t\b|\bwho(?: \S+){1,3}$", re.IGNORECASE
)
# “Holm & Lee, the largest bank, is …”, “Ann Lee, who …, left”: the sentence goes on without it.
_APPOSITION = re.compile(
    r"^([^,]{2,60}?) ?, (?:an?|the|its|his|her|their|who|which|\w+ of (?:them|whom|which))"
    r" [^,]{3,120}, (?=([a-z]+) )"
)
_GOES_ON = word_set("is are was were has have had will would may can died")
_MAKES = word_set(
    "makes takes gives shows says tells calls wants faces seeks leads blame indicates suggests"
)
_ENDS = re.compile(
    r",? (?:(?<!look )(?<!looked )after|because|as|while|when|following|amid|despite"
    r"|(?:(?:at|by|for|from|in|of|on|to|under|with) )?which)\b"
    # Without its comma it says who is meant.
    r"|, (?:(?:at|by|for|from|in|of|on|to|under|with) )?(?:who|whom|whose)\b"
    r"|, (?:and|at|behind|but|by|in|under|with|(?:\w+ly )?[a-z]{2,}ing)\b|;| - | – | — "
)
_AS_MANY = re.compile(
    r"(?: as (?:many|much|few|little)|\bas (?:well|soon|long|far))\b(?:[^,;]{0,40}? as\b)?",
    re.IGNORECASE,
)
# “…, with its nominee, Ann Lee, launching attacks”: what the nominee does comes after.
_WITH_WHOM = re.compile(r", with (?:its|his|her|their|the|an?) [^,]*(?:, [^,]*)?$")
_RELATIVE = re.compile(r",? \b(?:that|which|who|whose|where)\b")
_SAYING = r"(?:said|says|announced|declared|confirmed|ruled|decided|reported)"
_PARTICIPLE = re.compile(r"\b(?!died\b)\w+ed (?:of|by)\b")  # “a tuner accused of theft”
_SAID = re.compile(
    r", (?!(?:\w+ ){0,3}(?:and|after|before|when|while|as|because|who|which|where)\b)[^,;]{3,60}"
    rf" {_SAYING}\b(?! that\b)|, according to [^,;.]+"
)
# “Orlo, the largest port of all”, “Ann Lee, 24, …”, “the rocket that was lost”.
_MORE_OF_IT = re.compile(r", (?:an?|the|its|one of) ([^,;]+)|, \d\d,| that (?:was|were|had)\b")
# “Two days after the flood, …”, “In Orlo, …”: what it is about comes after it.
_FIRST = re.compile(
    r"^(?:(?P<when>(?:(?:\w+ ){1,3}(?:minutes|hours|days|weeks|months|years) )?(?:after|before|when"
    r"|while|as|if|although|though|because|since|once))|in|on|at|by|for|under|with|from)\b[^,]*,"
    r"(?:[\"”]? an? [^,]*,)?",  # “In Orlo, a town on the coast, …”
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf",? on (?={WEEKDAY}|\d|[A-Z][a-z]+ \d)"
    r"|,? (?:in|at) (?=[A-Z\d])"
)
_BY_WHAT = re.compile(r" (?:by|during|from|near|outside|with) ")
_LEFT_OVER = re.compile(  # “…, it said”; “…, less than two days”, before “after”
    rf", (?:(?!{_SAYING})[\w'’-]+ ?){{1,3}}$"
    r"|, (?:[\w-]+ ){0,5}(?:minutes?|hours?|days?|weeks?|months?|years?)$"
)
# What these verbs tell comes after them, and as what somebody “would not view it”.
_OPEN = re.compile(
    r"\b(?:accused?|added|agreed|announced|asked|believed|claimed|confirmed|decided|declared|denied"
    r"|found|knew|known|ordered|reported|ruled|said|says|told|voted|warned)"
    rf"(?: (?:on|in|at) (?:{WEEKDAY}|[A-Z\d])\w*(?: \w+){{0,2}})?(?:, by [\w ]+)?$"
    r"|\b(?:it|them|this|that|together|along|came|charged|convicted|suspected|decide|establish|examine)$"
)


def headline_of(
    lead: str,
    cited: Sequence[Chunk],
    story: Sequence[Chunk],
    sources: Mapping[str, Source],
    llm: LLM,
    calibration: Calibration,
) -> tuple[str, tuple[Chunk, ...]]:
    """The headline of a summary whose `lead` rests on the passages `cited`, and what it rests on.

    That of a report cited if it is neutral and these passages say it, or these and the `MORE` of
    its own among those of the `story` that share most words with it, and not as somebody's claim;
    else the lead's beginning. Raises `LLMError`.
    """
    for source in dict.fromkeys(passage.source for passage in cited):
        report = sources[source].article
        title = _sentence_case(_STOP.sub("", report.metadata.headline or ""), report.text)
        if report.metadata.opinion or not _serves(title):
            continue
        own = [p for p in story if p.source == source and p not in cited]
        own.sort(key=lambda passage: -coverage(title, passage.text))
        for passages in dict.fromkeys((tuple(cited), (*cited, *own[:MORE]))):
            verdict = verify(f"{title}.", [p.text for p in passages], llm, calibration)
            if verdict.supported and not verdict.problems:
                return title, passages
    return shortened(lead, spread_of(story)), tuple(cited)


def _serves(title: str) -> bool:
    """Whether a report's headline could be a summary's: short, neutral, without a “today”."""
    spun = (
        _LABEL.match(title)
        or title.endswith(("?", "!"))
        or loaded_words(title)
        or reporters_voice(title)
    )
    fits = FEWEST <= len(title.split()) <= WORDS[1]
    return fits and not spun and not NAMED_BY_TODAY.search(title)


def _sentence_case(headline: str, text: str) -> str:
    """The headline with capitals as in the report's `text`, if “Every Word Has One”."""
    longer = [word for word in _LETTERS.findall(headline) if len(word) > len("with")]
    if sum(word[0].isupper() for word in longer) < TITLE_CASE * len(longer):
        return headline
    common = set(_LETTERS.findall(text))

    def cased(match: re.Match[str]) -> str:
        return match[0].lower() if match[0].lower() in common else match[0]

    return headline[:1] + _LETTERS.sub(cased, headline[1:])


def shortened(sentence: str, spread: Mapping[str, float] | None = None) -> str:
    """As much of the sentence as makes a headline: a clause, or all; else it is broken off.

    By `spread`, the share of the voices that have each stem, it says what the story is about, if a
    clause does. “… have found …” says no more than whatever has found it.
    """
    match = _APPOSITION.match(sentence)
    if match and (match[2] in _GOES_ON or is_past(match[2])):
        without = f"{match[1]} {sentence[match.end() :]}"
        sentence = without if len(without.split()) >= ENOUGH else sentence
    if clause := _clause(sentence, spread or {}):
        return clause
    words = _STOP.sub("", sentence).split()
    if len(words) <= LONGEST:
        return " ".join(words)
    words = words[: WORDS[1]]
    while words[-1] in STOP_WORDS:
        words.pop()
    subject = _VERB.split(" ".join(words))[0].split()
    if (
        SUBJECT <= len(subject) < len(words)
        and "that" not in subject
        and subject[-1] not in STOP_WORDS
    ):
        return " ".join(subject)
    return " ".join(words).rstrip(",") + " …"


def _clause(sentence: str, spread: Mapping[str, float]) -> str:
    """The beginning of the sentence, up to where a clause ends, or a place, time or means is told.

    At the latter only where no clause of such a length ends, and not of what is denied. Who says it
    is told, if that is not too far off. "" where it would be as long as no headline is.
    """
    said = _SAID.search(sentence)
    if said and len(sentence[: said.end()].split()) <= LONGEST:
        strong, weak = {said.end()}, set()
    else:
        strong = {len(sentence), *(match.start() for match in _ENDS.finditer(sentence))}
        strong |= {
            match.start()
            for match in _MORE_OF_IT.finditer(sentence)
            if not has_verb(match[1] or "")  # “…, the port admitted”
        }
        weak = {
            match.start()
            for pattern in (_WHERE, _BY_WHAT)
            for match in pattern.finditer(sentence)
            if not _UNSAID.search(sentence[: match.start()])
        }
    first = _FIRST.match(sentence)
    opens = first and (first["when"] or not has_verb(first[0].partition(",")[0]))
    least = first.end() if first and opens else 0
    whole = [match.span() for match in _AS_MANY.finditer(sentence)]  # “as many boats as” is one
    found = [_clauses(sentence, ends, least, whole) for ends in (strong, weak)]
    best = [
        clauses[size] for sizes in SIZES for clauses in found for size in sizes if size in clauses
    ]
    about = max(content(sentence), key=lambda stem: spread.get(stem, 0.0), default="")
    return next((clause for clause in best if about in content(clause)), best[0] if best else "")


def _clauses(
    sentence: str, ends: Iterable[int], least: int, whole: Sequence[tuple[int, int]]
) -> dict[int, str]:
    """What the sentence says up to each of `ends`, where that says something, by its words.

    That is more than the `least` characters, and breaks off in the midst of none of `whole`.
    """
    found: dict[int, str] = {}
    every = _STOP.sub("", sentence)
    for end in sorted(ends):
        clause = _LEFT_OVER.sub("", _STOP.sub("", sentence[:end]).rstrip(", "))
        said = _SAID.sub("", clause)
        cut = len(clause) < least or any(begin <= end <= last for begin, last in whole)
        cut = cut or bool(clause != every and _WITH_WHOM.search(clause))
        if not cut and not _OPEN.search(said) and _has_main_verb(said):
            found[len(clause.split())] = clause
    return found


def _has_main_verb(clause: str) -> bool:
    """Whether it has a verb beside that of its relative clause: “the man who fled was caught”."""
    head, *rest = _RELATIVE.split(clause, maxsplit=1)
    if has_verb(_PARTICIPLE.sub("", head)) or not _MAKES.isdisjoint(head.split()):
        return True
    words = " ".join(rest).lower().split()
    verbs = [word in _GOES_ON or is_past(word) or word in _MAKES for word in words]
    return sum(now and not before for before, now in zip([False, *verbs], verbs, strict=False)) > 1
