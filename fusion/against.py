"""How one claim speaks against another that stands beside it in the same report.

Rules of English news writing, each silent where it cannot tell. Words within quotation marks are
read only where a rule says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.figures import MEASURES, tolls
from fusion.passage import is_quotation
from fusion.verify.claimant import unquoted
from fusion.verify.names import CALENDAR
from fusion.verify.numbers import agree, quantities
from fusion.verify.relations import negated
from fusion.words import content, plain, stem, word_set

if TYPE_CHECKING:
    from fusion.claims import Claim
    from fusion.verify.numbers import Quantity

KINDS = ("denial", "figure", "account", "negation")  # the clearest first
NEAR = 2  # sentences from a claim to one that turns it down, at most
FAR = 10  # times another figure, from which the two are of different things
ELLIPTIC = 4  # content words up to which a claim needs the sentence beside it: “Halvard denied it.”

# “That is at odds with what Ann Lee says.”
AT_ODDS = re.compile(
    r"^\W*(?:this|that|it|which)\b[^.;]{0,30}\b(?:at odds|conflicts?|contradicts?|inconsistent)\b",
    re.I,
)
LIGHT = frozenset(map(stem, word_set(
    "say said says call claim insist first people day week year time new part take make come go "
    "get give put also told"
)))  # fmt: skip
UNITS = MEASURES | frozenset(map(stem, CALENDAR | word_set(
    "million billion thousand hundred percent per cent year years month months"
)))  # fmt: skip
# “One of the two” says no more of what it is than “two” of something else.
SPELLED = frozenset(content("two three four five six seven eight nine ten eleven twelve"))
_SAID = r"\b(?:says?|said)(?: (?:late |early )?on \w+)?(?: that)? "
PART = re.compile(  # “three of them”, “the other five”; not “two members of the jury”
    r"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?"
    r"|hundreds|thousands|half|some|many|most|several|each|none|all|both|percent|thirds?|quarters?)"
    r" of (?:them|the|those|these|whom|which)\b|\bother [\w.,-]+",
    re.IGNORECASE,
)
# Of these, what is denied may be all that has been said, however long ago.
BARE_DENIAL = re.compile(
    r"\b(?:denie[sd]|reject(?:s|ed)|disput(?:es|ed)|dismiss(?:es|ed)|contradict(?:s|ed))"
    r" (?:it|this|that|them|these|both|him|her)(?: (?:on|in|at|as) [^.,;]+)?\."
    r"|\b(?:says?|said) the (?:opposite|reverse|contrary)\."
)
NO_SUCH = re.compile(r"\bno such (?!thing)(\w+)", re.I)
_POINTS_BACK = re.compile(
    r"\b(?:it|this|that|them|no such)\b|\bthe (?:claim|charge|allegation|accusation|report|account"
    r"|version|suggestion|story|idea|criticism|warning|figure)s?\b"
    r"|\b(?:contradict|disput)\w+ (?:him|her)\b|\bthe (?:opposite|reverse|contrary)\b"
    r"|\bsays no\W*$|\bnothing of the (?:kind|sort)\b",
    re.I,
)
# “the suggestion that it had been slow”, “called the dating weak”: no answer to something else.
_TELLS_WHAT = re.compile(
    r"\b(?:claim|charge|allegation|accusation|report|suggestion|story|idea|criticism|complaint"
    r"|rumour|notion)s? that\b"
    r"|\bcall(?:s|ed) the (?!(?:claim|charge|allegation|accusation|report|account|version"
    r"|suggestion|story|idea|criticism|warning|figure)s?\b)\w+",
    re.I,
)
# “She says that it was Orsk who had left the table.”
CLEFT = re.compile(
    r"\b[Ii]t (?:was|is|had been)"
    r" (?!(?:not|on|in|at|only|also|too|the (?:first|second|last|same))\b)"
    r"(?P<whom>(?:[A-Z]|(?:the|an?|its|his|her|their) )[\w', -]{2,60}?) (?:who|that|which) "
)
_CLAUSE_END = re.compile(r"[,;:.]")
_OF_WRONGS = re.compile(r"\b(?:allegations?|accusations?|charges)\b", re.I)
_WILL = re.compile(r"\b(?:will|may|is to|are to|plans? to)\b")
_AGREES = re.compile(r"\b(?:say|says|said) (?:the same|as much|so too)\b|\bagree(?:s|d)\b", re.I)
_WAS_NOT = re.compile(r"\b(?:was|were|did|had|has|have|is|are|does|would|will) not\W*$", re.I)
_DID = re.compile(r"\b(?:did|was|were|has|had|is|are)\W*$")  # “a stone hit him; B says a dog did”
# “A says he was struck by a stone. B says it was a dog.”
_BY_A = re.compile(r"\b(?:by|with|from) an? \w")
_IT_WAS_A = re.compile(rf"{_SAID}it (?:was|had been) an? \w", re.I)
_OTHER_FIGURE = re.compile(
    _SAID + r"(?:(?:it|they|there) \w+|the \w+ (?:was|were|is|are)\b)"
    r"|\bputs? (?:[\w']+ ){1,4}at\b|\barriv(?:es?|ed) at\b"
    r"|\b(?:says?|said) (?:about |some |at least |nearly |almost |only |just )?\d[\d,.]*\W*$",
    re.I,
)
_ADDS = re.compile(r"\b(?:it|they|he|she|there) (?:ha[sd] |have |was |were |is |are )?also\b", re.I)
_OTHER_ACCOUNT = re.compile(
    _SAID + r"(?:it|they|he|she) (?:had |has |have |was |were )?(\w+)", re.I
)
_STILL = re.compile(_SAID + r"(?:[\w'-]+ ){1,5}still\b", re.I)
# “A says that B had known and kept quiet. B says that it had …”
_REPROACH = re.compile(
    r"\b(?:kn[eo]wn?|quiet|silent|silence|ignor\w+|fail\w*|refus\w+|hid|hidden|lied|withheld|delay\w*"
    r"|broken?|breach\w*|neglect\w*|conceal\w*|mislea?d\w*|pressur\w+|threaten\w*|too late)\b",
    re.IGNORECASE,
)
_STILL_SAYS = re.compile(r"\bstill (?:says?|points?|insists?|maintains?|blames?|holds?|speaks?)\b")
_BUT = re.compile(
    r"^\W*(?:but|however|yet)\b|\b(?:says?|said), however\b|, however, (?:says?|said)\b", re.I
)
_ANSWERS = re.compile(
    r"\b(?:for|of|about|against|to|on|by|with) (?:this|that|it)"
    r"(?=\W*$|[,.;:]| (?:by|and|but|in|with|when|because|before)\b)",
    re.IGNORECASE,
)
_STANDS_BY = re.compile(r"\b(?:stands?|stood) by (?:it|this|that|its|his|her|their|the)\b", re.I)
# Who holds to something holds it against somebody.
_HOLDS_TO = re.compile(
    r"\b(?:maintain(?:s|ed)|insist(?:s|ed)|(?:sticks?|stuck|holds?|held) to)\b", re.I
)
_SHORT = 18  # words of a claim that stands beside its like: “A says it broke. B says it froze.”
_SAYING = re.compile(r"\bsays?\b")  # accounts that are compared are told in the present
_NUMBER_OF = re.compile(r"\b(?:number|count|total|toll|tally) of (?:the )?([\w'-]+)", re.I)
_CRITICISES = re.compile(
    r"\b(?:called|calls) [^.;]{1,40}\b(?:worthless|flawed|doubtful|unreliable|unproven)\b"
    r"|\b(?:doubts|doubted|questions|questioned|criticises|criticised|criticizes|criticized)\b",
    re.IGNORECASE,
)
# Who began it: said of the same clash by both, each can only mean the other.
_BEGAN = re.compile(
    r"\b(?:without (?:any |a )?(?:warning|provocation|reason)|unprovoked|in self-defen[cs]e"
    r"|in retaliation|provok\w+|(?:return|answer)\w* (?:fire|it)|first to \w+"
    r"|(?:fired?|shot|thr[eo]w\w*|attack\w*|charg\w*|str[iu]ck|hit|beg[au]n) first"
    r"|the first (?:shots?|stones?|blows?|punch\w*|rockets?|shells?))\b",
    re.IGNORECASE,
)
# What they name as the cause, or who as the culprit.
_CAUSE = re.compile(
    r"\b(?:blam(?:ed?|es|ing)|accus(?:ed?|es|ing)|responsible for|at fault|caused? (?:by|of)"
    r"|(?:was|were|is) (?:due to|the (?:fault|result|work) of)|carried out by|started by"
    r"|set (?:off )?by|triggered by|brought (?:on|about) by)\b",
    re.IGNORECASE,
)
_BLAMES = re.compile(r"\b(?:blam(?:ed|es|ing)|accus(?:ed|es|ing))\b", re.I)
_NOTHING_OF = re.compile(
    r"\bno (?:word|mention|evidence|proof|sign|trace|record|indication)s? (?:of|about|that|for)\b"
    r"([^.;:!?]*)",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\b(?:nothing|nobody|no one|never|none|no (?!comment|longer|more|less|matter|doubt)\w+"
    r"|(?:was|were|did|had|has|have|is|are|does) not (?!comment|respond|reply|return|answer)\w+)\b",
    re.IGNORECASE,
)
# “says that nobody shouted”; not “…, albeit none approaching it”.
_NOBODY = re.compile(r"\bsays?(?: that)? (?:[\w']+ ){0,3}(?:nobody|no one|nothing|never)\b")
_PAPER = re.compile(
    r"\b(?:letters?|memos?|e-?mails?|documents?|contracts?|minutes|records?|invoices?|transcripts?"
    r"|recordings?|footage|videos?|photographs?|logs?|reports?)\b[^.;]{0,80}"
    r"\b(?:seen|read|obtained|reviewed|heard|examined|leaked)\b",
    re.IGNORECASE,
)
_ITS = re.compile(r"\b(?:its|his|her|their|him|them)\b", re.IGNORECASE)


def shared(one: Claim, other: Claim) -> frozenset[str]:
    """Stems of the words that carry meaning in both, the claimants' names left out."""
    return (one.words & other.words) - LIGHT


def against(
    one: Claim,
    other: Claim,
    *,
    between: int,
    strange: int = 0,
    announced: bool = False,
    outright: bool = False,
) -> str | None:
    """Which of `KINDS` makes `other` speak against `one`, an earlier claim; None for none.

    `between` counts the sentences between the two that neither claimant says, `strange` those that
    are not about them either; `announced`, whether
    the report asks, or says, beside them that there are two accounts; `outright`, whether it says
    so before them.
    """
    words, apart = unquoted(other.passage.text), other.place - one.place
    common = shared(one, other)
    if other.denies:
        return "denial" if _turns_down(one, other, between, strange) else None
    if AT_ODDS.search(words) and apart <= NEAR:
        return "account"
    if _HOLDS_TO.search(words) and _NOTHING.search(words) and len(common) > 1:
        return None if _NOTHING.search(unquoted(one.passage.text)) else "negation"
    if _AGREES.search(words):
        return None
    if between <= 1 and _says_who_did_it(one, words):
        return "account"
    if between:
        alone = outright and not strange and _one_figure_each(one, other)
        return "figure" if alone else None
    if _answers(one, other):
        return "account"
    next_to = apart == 1 and (outright or parallel(one, other))
    if announced and (next_to or _told_by_both(one, other)):
        return "account"
    if not apart and (common or _DID.search(words)):
        return "account"  # halves of one sentence, a “but” or “while” between them
    return _next_to(one, other) if apart <= 1 else None


def _says_who_did_it(one: Claim, words: str) -> bool:
    """Whether `words` say that “it was Orsk who” did what `one` speaks of, or its claimant is."""
    cleft = CLEFT.search(words)
    if cleft is None or CLEFT.search(unquoted(one.passage.text)):
        return False
    rest = _CLAUSE_END.split(words[cleft.end() :], maxsplit=1)[0]
    told = set(content(f"{cleft[0]} {rest}"))
    return not told.isdisjoint(one.words - LIGHT | set(content(one.who)))


def _turns_down(one: Claim, other: Claim, between: int, strange: int) -> bool:
    """Whether what `other` denies may be what `one` says."""
    words = unquoted(other.passage.text)
    bare = BARE_DENIAL.search(words) or NO_SUCH.search(words)
    if other.place - one.place > NEAR + (not between) and (strange or not bare):
        return False
    if _OF_WRONGS.search(words) and _WILL.search(unquoted(one.passage.text)):
        return False  # what somebody will do is no allegation
    points_back = _POINTS_BACK.search(words) and not _TELLS_WHAT.search(words)
    return bool(shared(one, other) or points_back)


def figures_differ(one: Claim, other: Claim) -> bool:
    """Whether some figures of the two could be of one thing, and are not the same."""
    told = [_NUMBER_OF.search(unquoted(each.passage.text)) for each in (one, other)]
    of_what = {stem(match[1].lower()) for match in told if match}
    if all(told) and len(of_what) > 1:
        return False  # “the count of the arrested” and “the number of injured”
    fates = [tolls(each.passage.text).keys() for each in (one, other)]
    if all(fates) and not fates[0] & fates[1]:
        return False  # “61 were hurt” and “87 were arrested”
    return any(
        comparable(ours, theirs) and not agree(ours, theirs)
        for ours in figures_of(one)
        for theirs in figures_of(other)
    )


def _one_figure_each(one: Claim, other: Claim) -> bool:
    """Whether each gives one figure, and not the same: what they are of, the report says above."""
    return len(figures_of(one)) == len(figures_of(other)) == 1 and figures_differ(one, other)


def parallel(one: Claim, other: Claim) -> bool:
    """Whether two short claims are told in the same form, as accounts are that are compared."""
    texts = [each.passage.text for each in (one, other)]
    verbs = [_SAYING.findall(unquoted(text)) for text in texts]
    short = all(len(text.split()) <= _SHORT for text in texts)
    return short and bool(verbs[0]) and verbs[0] == verbs[1] and '"' not in plain(" ".join(texts))


def _answers(one: Claim, other: Claim) -> bool:
    """Whether `other` takes up what `one` says, wherever in its claimant's words it stands."""
    words, common = unquoted(other.passage.text), shared(one, other)
    if (
        (one.denies or _CRITICISES.search(unquoted(one.passage.text)))
        and common
        and _ANSWERS.search(words)
    ):
        return True
    if _paper_against(one, other) or _paper_against(other, one):
        return True
    texts = [each.passage.text for each in (one, other)]
    if all(map(_BEGAN.search, texts)) and set.intersection(*map(_of_clash, texts)):
        return True
    return _finds_nothing_of(one, other) or _finds_nothing_of(other, one)


def _of_clash(text: str) -> set[str]:
    """The words by which two claims are of one clash, the two parties to it among them."""
    return set(content(text)) - LIGHT


def _told_by_both(one: Claim, other: Claim) -> bool:
    """Whether the two tell of one thing, in the reporter's words."""
    if is_quotation(one.passage.text) or is_quotation(other.passage.text):
        return False  # what they say of it stands beside the quotation
    return bool(shared(one, other) or _STANDS_BY.search(unquoted(other.passage.text)))


def _next_to(one: Claim, other: Claim) -> str | None:
    """How `other` speaks against `one` in the sentence after it."""
    before, words = unquoted(one.passage.text), unquoted(other.passage.text)
    common = shared(one, other)
    figure = _OTHER_FIGURE.search(words) or _OTHER_FIGURE.search(before)
    if figure and not _ADDS.search(words) and figures_differ(one, other):
        return "figure"
    if (match := _OTHER_ACCOUNT.search(words)) and stem(match[1].lower()) in one.words - LIGHT:
        return "account"
    if _WAS_NOT.search(words) and len(other.words) <= ELLIPTIC:
        return "negation"
    if exclude(before, words) and _OTHER_ACCOUNT.search(words):
        return "account"
    (not_ours, _), (not_theirs, theirs) = negated(before), negated(words)
    ours = negated(one.passage.text)[1]  # what somebody is quoted with can be denied
    if (not_ours & theirs | not_theirs & ours) & common:
        return "negation"
    if _other_cause(before, words):
        return "account"
    if (_BUT.search(words) and len(common) > 1) or (_STILL.search(words) and common):
        return "account"
    if _STILL_SAYS.search(words) or _nothing_beside(before, words):
        return "account"
    return "account" if _answers_for_themselves(one, other) else None


def _answers_for_themselves(one: Claim, other: Claim) -> bool:
    """Whether `one` names who says `other` as to blame, or reproaches them with what they tell."""
    before, words = unquoted(one.passage.text), unquoted(other.passage.text)
    if not set(content(other.who)) <= one.words:
        return False
    reproached = _REPROACH.search(before) and _OTHER_ACCOUNT.search(words)
    return bool(reproached or _BLAMES.search(before))


def _other_cause(before: str, words: str) -> bool:
    """Whether each names a cause or a culprit."""
    if _CAUSE.search(before) and _CAUSE.search(words):
        return True
    return bool(_BY_A.search(before) and _IT_WAS_A.search(words))


def _nothing_beside(before: str, words: str) -> bool:
    """Whether the second says that nothing was where the first holds to it, or one of the two does.

    The latter of accounts that are compared, in the present tense.
    """
    if _HOLDS_TO.search(before):
        return _NOTHING.search(words) is not None
    nobody = [_NOBODY.search(each) is not None for each in (before, words)]
    return nobody[0] != nobody[1] and all(map(_SAYING.search, (before, words)))


# Each line: what a thing can be called by one side, and by the other.
_ALTERNATIVES = [
    tuple(frozenset(map(stem, word_set(side))) for side in line.split("|"))
    for line in """
resigned quit|dismissed fired sacked ousted
accident accidental|deliberate deliberately sabotage arson
suicide|murder murdered
armed|unarmed
inside|outside
voluntarily|forced
safe|unsafe dangerous
alive|dead
awake|asleep
legal lawful|illegal unlawful
""".strip().splitlines()
]
_EXCLUDING = frozenset().union(*(side for line in _ALTERNATIVES for side in line))


def may_exclude(text: str) -> bool:
    """Whether it calls something by a word that another of these words excludes."""
    return not _EXCLUDING.isdisjoint(content(text))


def exclude(one: str, other: str) -> bool:
    """Whether the two call something by words of which only one can be right."""
    ours, theirs = set(content(one)), set(content(other))
    return any(
        (ours & this and theirs & that) or (ours & that and theirs & this)
        for this, that in _ALTERNATIVES
        if not (ours & this and ours & that) and not (theirs & this and theirs & that)
    )


def _paper_against(paper: Claim, denial: Claim) -> bool:
    """Whether a paper that somebody has seen speaks where another says that there is nothing."""
    text = unquoted(paper.passage.text)
    return bool(
        _PAPER.search(text)
        and not _NOTHING.search(text)
        and _NOTHING.search(unquoted(denial.passage.text))
        and (_ITS.search(text) or shared(paper, denial))
    )


def _finds_nothing_of(one: Claim, other: Claim) -> bool:
    """Whether `one` says that there is “no word of” what `other` says, be it in a quotation."""
    match = _NOTHING_OF.search(plain(one.passage.text))
    return match is not None and len(other.words & set(content(match[1])) - LIGHT) > 1


def figures_of(claim: Claim) -> list[Quantity]:
    """The figures of a claim; “three of them” is a part of another's, “two officials” say it."""
    said = unquoted(claim.passage.text).replace(claim.who, " ", 1)
    return quantities(PART.sub(" ", said))


def comparable(one: Quantity, other: Quantity) -> bool:
    """Whether two figures may be of one thing."""
    units = {one.unit, other.unit}
    if len(units) > 1 and ("" not in units or "%" in units):
        return False  # money may stand without its currency
    if one.noun and other.noun and one.noun != other.noun and not one.unit:
        return False
    low, high = sorted((abs(one.value), abs(other.value)))
    return low * FAR > high
