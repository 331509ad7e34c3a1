"""Disputes: claims that cannot both be right, found by how reports set them side by side.

The default model cannot tell them: asked whether two claims disagree, outright or with examples,
it says much the same of all pairs. But news is written so that a claim and what is said against it
stand together. Of two claims by different claimants that stand together in one report, the later
one disputes the earlier one by one of these:

    denial    it turns it down: “denied it”, “called that untrue”
    figure    it gives another figure for the same thing: “said that it was 6,100”
    account   it tells the same deed otherwise: “said that it began at …”, “But …”, “was still …”;
              somebody “tells it differently”; it names another cause; it answers a criticism; a
              letter says what is denied; each says that the other began; or the report says beside
              them that there are two accounts, asks which is right, or says that nobody knows
    negation  it says “was not”, maintains that nothing was, or negates a word that the other uses

In one sentence, what ends in “a charge denied by Drovia” or “which the mayor denies” is both.
Anywhere in one report, what somebody counts or expects disputes another's figure for the same. In
whatever reports they stand, two claims are a dispute where one holds its figure against the
other's, “212, 14 more than the company's list of 198”, or names the other: “contradicting the
port's account that …”. What else independent reports tell otherwise, `fusion.across` finds; but
where one tells as done what another, not older, says is yet to be done, it is found here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.across import across, owners
from fusion.against import (
    BARE_DENIAL,
    KINDS,
    NEAR,
    SPELLED,
    UNITS,
    against,
    figures_differ,
    parallel,
    shared,
)
from fusion.antecedent import lacks_antecedent
from fusion.chunk import text_key
from fusion.claims import (
    COUNTS,
    OF_MANY,
    OLDER,
    Claim,
    claims,
    goes_on,
    issued,
    part,
    sentences,
)
from fusion.passage import is_quotation, untied
from fusion.sides import LONGEST_SIDE, WITHIN, is_clear, sides_across, sides_of
from fusion.types import Conflict, Side, as_utc
from fusion.verify.claimant import claimant, unquoted
from fusion.verify.names import names
from fusion.verify.numbers import quantities
from fusion.verify.relations import LIGHT_VERBS, ahead_and_told, negated
from fusion.words import content, coverage, is_past, plain, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fusion.types import Chunk, Source

MOST = 4  # disputes told; a reader in a hurry is served by the clearest
_SAME_DEED = 0.5  # share of content words from which two sentences tell of one deed

_TWO_ACCOUNTS = re.compile(
    r"\bin dispute\b|\b(?:is|are|remains?|stays?) (?:\w+ )?(?:contested|disputed)\b"
    r"|\b(?:blam|accus)(?:e|ed|es|ing) (?:each other|one another|the other)\b"
    r"|\bat odds (?:over|about|on|as to)\b|\b(?:trad(?:e|ed|ing)|exchanged) (?:blame|accusations)\b"
    r"|\b(?:disagree[ds]?|differ(?:ed|s)?) (?:over|on|about|as to|sharply)\b"
    r"|\bcontradict(?:s|ed|ing)? (?:each other|one another)\b"
    r"|\b(?:two|three|both|different|differing|opposite|conflicting|contradictory|competing)"
    r" (?:\w+ )?(?:ways|stories|accounts|versions|figures|claims|explanations|readings)\b"
    r"|\bthere(?:'s| is| was) (?:\w+ ){0,2}(?:quarrel|argument|disagreement|dispute)\b"
    r"|^\W*the (?:quarrel|argument|disagreement) (?:over|about)\b"
    r"|\bsides? (?:\w+ ){0,6}(?:differently|otherwise)\b"
    r"|\b(?:do|does|did)(?: not|n't) (?:fit|match|square|tally)\b"
    r"|\b(?:does|do|did) not (?:yet )?(?:know|agree)\b|\bno agreement (?:on|about)\b"
    r"|\bnot (?:yet )?(?:clear|known|settled)\b|\bunclear\b"
    r"|\b(?:stays|remains?) (?:open|unsolved)\b|\bdepends? on who(?:m|se)?\b"
    r"|\bwho(?:ever)? is right\b"
    r"|\b(?:whose|which) (?:account|version)\b"
    r"|\b(?:nor|not|no) (?:\w+ ){0,4}(?:come|came|got|moved) (?:any )?closer\b",
    re.IGNORECASE,
)
# “His daughter tells it differently.”, “The lawyer gives another picture.”
_TURNS = re.compile(
    r"\b(?:tells?|told|sees?|saw|remembers?|describes?|puts?|recalls?)"
    r" (?:it|this|that|things|the matter) (?:\w+ )?(?:differently|otherwise)\b"
    r"|\b(?:gives?|gave|tells?|told|has|offers?|paints?)"
    r" (?:(?:quite )?a (?:\w+ )?different|quite another|another)"
    r" (?:picture|story|account|version|view|explanation)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:who|whose|what|which|why|how|when|where|did|does|was|were|is|are|ha[sd]|have)\b.*[?]$",
    re.IGNORECASE,
)
# “14 more than the company's list of 198”; not “more than an earlier count of 198”.
_HELD_AGAINST = re.compile(
    r"\b(?:more|fewer|less|higher|lower|larger|smaller|above|below|not|against|instead of"
    r"|rather than|contradict\w+|disput\w+)"
    r" [^.;,]{0,40}?(?:\b(?:list|figure|count|estimate|tally|number|total|claim)s? of ([^.;,]+)"
    r"|\bthe ([\w.,-]+(?: \w+)?) (?:that |which )(?:\w+ ){0,4}"
    r"(?:gave|given|announced|claimed|counted|estimated|reported))",
    re.IGNORECASE,
)
_TELLING = 100  # a figure from which it alone tells what it is of
_COMMON = SPELLED | frozenset(content("people number figure count list"))
# “contradicting the port's account that the power had failed”
_CONTRADICTS = re.compile(
    r"\b(?:contradict\w*|disput(?:ed|es|ing)|reject(?:ed|s|ing)|den(?:ied|ies|ying)|challeng\w+)"
    r" ([^.;,]{3,60}?) (?:account|claim|statement|version|assertion|explanation)s? that ([^.;]+)",
    re.IGNORECASE,
)
# “…, a charge denied by Drovia”, “… – allegations that he rejects”, “…, which the mayor denies”.
# Not what a court dismisses, nor a clause in the midst of the sentence.
_DENYING = r"(?:\w+ly )?(?:den(?:ied|ies|y)|reject(?:ed|s)?|dismiss(?:ed|es)?|dispute[ds]?)"
_NO_COURT = r"(?!.*\b(?:court|judge|jury|magistrate))"
_DENIED_BY = re.compile(
    r"(?:,|\s[-–—]{1,2})\s(?P<denial>"
    r"(?:(?:an?|the) )?(?:claim|charge|accusation|allegation|assertion|suggestion)s?"
    rf"(?: (?:that|which))?(?: (?:(?:was|were|is|are|has been|have been) )?{_DENYING}"
    rf" by (?P<by>{_NO_COURT}[^,;.]+?)"
    rf"| (?P<who>{_NO_COURT}[^,;.–—]{{2,60}}?)"
    rf" (?:(?:has|have|had) )?{_DENYING})"
    r"|(?:which|something) (?P<whom>[^,;.–—]{2,60}?) (?:(?:has|have|had) )?den(?:ied|ies|y)"
    r")(?P<rest>,? (?:which|who|and|but|as|saying|calling|insisting|in|on)\b[^–—]*)?$"
)
_CHARGE = re.compile(r"\b(?:claim|charge|accusation|allegation|assertion|suggestion)s?\b")
_DENIES = re.compile(rf"\b{_DENYING}\b")
_STANDS_FOR = re.compile(r"\b(?:it|they|them|he|him|she)\b", re.I)
_OTHERWISE = re.compile(r"\b(?:says?|said) otherwise\b")  # but not what
# What somebody owns up to is no longer denied.
_ADMITS = re.compile(r"\b(?:admit(?:s|ted)|acknowledge[sd]|concede[sd])\b")
_SAME_MATTER = 3  # words that an admission has in common with what was denied, at least
_YET_TO_BE = re.compile(r"\byet to\b|\b(?:has|have|had) not yet\b|n't yet\b", re.I)


def disputes(chunks: Sequence[Chunk], sources: Mapping[str, Source]) -> list[Conflict]:
    """Find the disputes of a story, at most `MOST`, the clearest kind first.

    `chunks` come in the order of reading. No sentence is in two disputes, and no two parties have
    two: the clearest is told.
    """
    made, every = claims(chunks), list(sentences(chunks))
    at = {(sentence.source, place): sentence for place, sentence in every}
    found: list[tuple[int, Parties, Conflict]] = [
        (
            KINDS.index(kind) + (len(KINDS) if _OTHERWISE.search(other.passage.text) else 0),
            _parties(one, other),
            Conflict(_about(kind, one, other), sides),
        )
        for one, other, kind in (
            *_held_against(made),
            *_contradicted(made),
            *_counted(made),
            *_beside(made, _announced(every), at),
            *_turned(made, every),
        )
        if all(map(is_clear, sides := sides_of(one, other, made, at)))
    ]
    found += [
        (len(KINDS), _parties(one, other), Conflict(_about(kind, one, other), sides))
        for one, other, kind in across([*made, *issued(every, made, sources)], every, sources)
        if all(map(is_clear, sides := sides_across(one, other, made, at)))
    ]
    nobody: Parties = (frozenset(), frozenset())
    found += [(2 * len(KINDS), nobody, each) for each in _undone(every, sources)]
    # Last, since what is denied in passing is seldom what the story is about.
    found += [(2 * len(KINDS) + 1, nobody, each) for each in _denied_at_once(every, at)]
    kept: list[Conflict] = []
    used: set[str] = set()
    heard: list[Parties] = []
    placed: set[frozenset[str]] = set()  # whose waters it was in is one dispute, whoever tells it
    admitted = [sentence for _, sentence in every if _ADMITS.search(unquoted(sentence.text))]
    for _, parties, conflict in sorted(found, key=lambda each: each[0]):
        if len(kept) == MOST:
            break
        if _settled(conflict, admitted, sources):
            continue
        keys = {text_key(passage.text) for passage in conflict.passages}
        whose = owners(conflict.passages)
        again = (
            whose in placed
            or any(_same(parties, earlier) for earlier in heard)
            or any(_same_figures(conflict, earlier) for earlier in kept)
        )
        if not again and not keys & used:
            used |= keys
            heard.append(parties)
            placed |= {whose} if len(whose) > 1 else set()
            kept.append(conflict)
    return kept


def _settled(conflict: Conflict, admitted: Sequence[Chunk], sources: Mapping[str, Source]) -> bool:
    """Whether another report, none that is older, tells that what a side denies is admitted.

    It does by the words in common, or where it begins with its being admitted by who denied it.
    """
    words = set(content(" ".join(passage.text for passage in conflict.passages)))
    denials = [p for p in conflict.passages if BARE_DENIAL.search(unquoted(p.text))]
    return any(
        passage.source != denial.source
        and not _newer(denial, passage, sources)
        and (
            len(words & set(content(passage.text))) >= _SAME_MATTER
            or (not passage.position and _admits(passage, claimant(denial.text)))
        )
        for denial in denials
        for passage in admitted
    )


def _admits(passage: Chunk, who: str) -> bool:
    """Whether it is `who` that the passage tells to have admitted it."""
    before = _ADMITS.split(unquoted(passage.text))[0]
    named = set(content(who))
    return bool(named) and named <= set(content(before))


Parties = tuple[frozenset[str], frozenset[str]]  # stems of the two claimants' names


def _parties(one: Claim, other: Claim) -> Parties:
    return frozenset(content(one.who)), frozenset(content(other.who))


def _same(ours: Parties, theirs: Parties) -> bool:
    """Whether the two are the same parties, in whatever order."""
    (one, other), (first, second) = ours, theirs
    return bool((one & first and other & second) or (one & second and other & first))


def _same_figures(ours: Conflict, theirs: Conflict) -> bool:
    """Whether each side has a figure of its own that a side of the other dispute has, too."""
    (one, other), (first, second) = (
        [{each.value for each in quantities(unquoted(side.claim))} for side in conflict.sides]
        for conflict in (ours, theirs)
    )
    return any(
        len((one & these) | (other & those)) > 1 and one & these and other & those
        for these, those in ((first, second), (second, first))
    )


def _beside(
    made: Sequence[Claim],
    announced: Mapping[str, Mapping[int, bool]],
    at: Mapping[tuple[str, int], Chunk],
) -> Iterator[tuple[Claim, Claim, str]]:
    """Claims and what is said against them in the same report, the nearest earlier one first."""
    for i, other in enumerate(made):
        found: list[tuple[Claim, Claim, str]] = []
        for j in range(i - 1, -1, -1):
            one = made[j]
            apart = other.place - one.place
            if one.passage.source != other.passage.source or apart > WITHIN:
                break
            if not one.by_another(other):
                continue
            own = {
                c.place for c in made[j + 1 : i] if not (c.by_another(one) and c.by_another(other))
            }
            others = [place for place in range(one.place + 1, other.place) if place not in own]
            strange = [
                place
                for place in others
                if not _is_of(at[one.passage.source, place].text, one, other)
            ]
            places = announced.get(one.passage.source, {})
            above = [said for place, said in places.items() if 0 < one.place - place <= NEAR]
            below = any(0 < place - other.place <= NEAR for place in places)
            if kind := against(
                one,
                other,
                between=len(others),
                strange=len(strange),
                announced=bool(above) or (below and parallel(one, other)),
                outright=any(above),
            ):
                found.append((one, other, kind))
        found.sort(key=_answered)
        yield from found


def _is_of(sentence: str, one: Claim, other: Claim) -> bool:
    """Whether a sentence between two claims is of one of them: goes on with it, or names who."""
    if goes_on(sentence) or is_quotation(sentence):
        return True
    words = set(content(sentence))
    return any(set(content(each.who)) <= words for each in (one, other))


def _answered(pair: tuple[Claim, Claim, str]) -> tuple[bool, bool, bool, int]:
    """Lowest for the claim that a denial answers: that names its claimant, or speaks of the same.

    Else, and of what is no denial, the nearest claim is answered: the order stays. A quotation
    tells less than what somebody says beside it, and what stands far off is seldom meant.
    """
    one, other, kind = pair
    if kind != "denial":
        return False, False, False, 0
    named = set(content(other.who)) - OF_MANY & one.words
    far = other.place - one.place > NEAR + 1
    return is_quotation(one.passage.text), far, not named, -len(shared(one, other))


def _turned(
    made: Sequence[Claim], every: Sequence[tuple[int, Chunk]]
) -> Iterator[tuple[Claim, Claim, str]]:
    """What somebody says before a report turns to who “tells it differently”, and what they say."""
    for turn, sentence in every:
        if not _TURNS.search(unquoted(sentence.text)):
            continue
        own = [claim for claim in made if claim.passage.source == sentence.source]
        before = [claim for claim in own if 0 < turn - claim.place <= NEAR]
        after = [claim for claim in own if 0 < claim.place - turn <= NEAR]
        if before and after and before[-1].by_another(after[0]):
            yield before[-1], after[0], "account"


def _announced(every: Sequence[tuple[int, Chunk]]) -> dict[str, dict[int, bool]]:
    """Where each report says that there are two accounts, asks, or says what is not known.

    True where it does so outright; any other question may be about something else.
    """
    found: dict[str, dict[int, bool]] = {}
    for place, sentence in every:
        words = unquoted(sentence.text)
        outright = bool(_TWO_ACCOUNTS.search(words) or _ASKS.search(words))
        if outright or words.endswith("?"):
            found.setdefault(sentence.source, {})[place] = outright
    return found


def _held_against(made: Sequence[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Claims of a figure, and those that hold another figure against just that one."""
    for other in made:
        match = _HELD_AGAINST.search(plain(other.passage.text))
        if not match or OLDER.search(match[0]):
            continue
        theirs = {quantity.value for quantity in quantities(match[1] or match[2])}
        for one in made:
            of_it = one.words & set(content(other.passage.text))
            if one.by_another(other) and any(
                quantity.value in theirs and (quantity.value >= _TELLING or of_it - _COMMON)
                for quantity in quantities(unquoted(one.passage.text))
            ):
                yield one, other, "figure"


def _contradicted(made: Sequence[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Claims, and those that name and contradict just them, in whatever report."""
    for other in made:
        if match := _CONTRADICTS.search(unquoted(other.passage.text)):
            by, what = (frozenset(content(words)) for words in match.groups())
            for one in made:
                same = by & set(content(one.who)) and len(one.words & what) > 1
                if same and one.by_another(other):
                    yield one, other, "account"


def _counted(made: Sequence[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Claims of a figure, and what another counts of the same thing in the same report."""
    by_report: dict[str, list[Claim]] = {}
    for claim in made:
        by_report.setdefault(claim.passage.source, []).append(claim)
    for other in made:
        if not COUNTS.search(unquoted(other.passage.text)):
            continue
        for one in by_report[other.passage.source]:
            apart = abs(one.place - other.place)
            both = apart <= WITHIN and COUNTS.search(one.passage.text)
            if (
                one.by_another(other)
                and len(shared(one, other) - UNITS) >= ((apart > 1) if both else 2)
                and figures_differ(one, other)
                and OLDER.findall(one.passage.text) == OLDER.findall(other.passage.text)
            ):
                first, second = sorted((one, other), key=lambda claim: claim.place)
                yield first, second, "figure"


def _denied_at_once(
    every: Sequence[tuple[int, Chunk]], at: Mapping[tuple[str, int], Chunk]
) -> Iterator[Conflict]:
    """What sentences tell that end in somebody's denial of it, each once in whatever reports."""
    earlier: list[str] = []
    for place, sentence in every:
        match = _DENIED_BY.search(sentence.text.rstrip("."))
        if not match or lacks_antecedent(sentence.text):
            continue
        if any(coverage(sentence.text, each) >= _SAME_DEED for each in earlier):
            continue
        earlier.append(sentence.text)
        claim = part(sentence, 0, match.start())
        denial = part(sentence, match.start("denial"), len(sentence.text))
        told = [claim]
        before = at.get((sentence.source, place - 1))
        leans = _STANDS_FOR.search(unquoted(claim.text))
        if leans and before and not lacks_antecedent(before.text):
            told.insert(0, before)
        words = " ".join(passage.text for passage in told)
        if len(words.split()) > LONGEST_SIDE:
            continue
        who = _denier(match)
        about = "a charge and its denial" if _STANDS_FOR.match(who) else f"what {who} denies"
        sides = Side(f"{words}.", tuple(told)), Side(_denial(match, denial.text), (denial,))
        yield Conflict(about, sides)


def _denial(match: re.Match[str], clause: str) -> str:
    """What is told of “a charge that Orsk rejected”: that Orsk rejected the charge.

    And of “a charge rejected by Orsk, which has sued”: that Orsk, which has sued, rejected it.
    """
    what, verb = _CHARGE.search(clause), _DENIES.search(clause)
    denies = f"{verb[0] if verb else 'denies'} {f'the {what[0]}' if what else 'that'}"
    who, rest = _denier(match), (match["rest"] or "").lstrip(",")
    told = f"{who} {denies}."
    if match["by"] and re.match(r" wh(?:ich|o)\b", rest):
        told = f"{who},{rest}, {denies}."
    elif re.match(r" \w+ing\b", rest):
        told = f"{who} {denies},{rest}."
    return told[:1].upper() + told[1:]


def _denier(match: re.Match[str]) -> str:
    return match["by"] or match["who"] or match["whom"]


def _about(kind: str, one: Claim, other: Claim) -> str:
    first, second = (_ARTICLE.sub(lambda m: m[0].lower(), each.name) for each in (one, other))
    if kind in ("denial", "negation"):
        return f"what {first} said and {second} denied"
    return f"the {'figures' if kind == 'figure' else 'accounts'} of {first} and {second}"


# Words that begin a name only at the beginning of a sentence.
_ARTICLE = re.compile(
    r"^(?:The|A|An|Its|His|Her|Their|One|Two|Three|Four|Five|Some|Several|Many|Most|Other|Police"
    r"|Officials|Witnesses|Residents)\b"
)


def _undone(
    every: Sequence[tuple[int, Chunk]], sources: Mapping[str, Source]
) -> Iterator[Conflict]:
    """What one report says is yet to be done and another, not newer, tells as done.

    The reports' groups are compared and not the passages' voices: who takes over a passage and
    changes what is done in it speaks for themselves.
    """
    looked_at = [(each, _YET_TO_BE.search(unquoted(each.text))) for _, each in every]
    waits = [(each, match) for each, match in looked_at if match]
    if not waits:
        return
    tells = [(each, _done(each.text)) for each, match in looked_at if not match]
    for waiting, match in waits:
        ahead = {*ahead_and_told(waiting.text)[0], *content(match.string[match.end() :])[:1]}
        for done, deeds in tells:
            if (
                sources[waiting.source].group != sources[done.source].group
                and deeds & ahead - LIGHT_VERBS
                and coverage(done.text, waiting.text) >= _SAME_DEED
                and not _newer(done, waiting, sources)
            ):
                sides = tuple(Side(untied(each.text), (each,)) for each in (done, waiting))
                yield Conflict(_of_both(done.text, waiting.text) + "done, or yet to be done", sides)


def _of_both(one: str, other: str) -> str:
    """Whom and what both sentences name: “Drovia and Lake Orm: ”."""
    words = {token.lower for token in tokens(other)}
    named = (name for name in names(one) if all(token.lower in words for token in name))
    found = dict.fromkeys(one[name[0].start : name[-1].end] for name in named)
    return f"{' and '.join(found)}: " if found else ""


def _done(text: str) -> set[str]:
    """Stems of what `text` tells as done."""
    told = {root for root, word in ahead_and_told(text)[1].items() if is_past(word)}
    return told - negated(text)[0]


def _newer(one: Chunk, other: Chunk, sources: Mapping[str, Source]) -> bool:
    ours, theirs = (sources[each.source].published for each in (one, other))
    return ours is not None and theirs is not None and as_utc(ours) > as_utc(theirs)
