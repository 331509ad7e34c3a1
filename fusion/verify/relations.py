"""Who did what to whom, and whether it happened: swapped roles, flipped negation, opposites."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion.verify.names import alike
from fusion.words import STOP_WORDS, Token, coverage, is_past, plain, stem, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Verbs whose two sides are not interchangeable; those of a line mean much the same.
_VERB_LINES = """
back support endorse champion
accuse blame fault
beat defeat thrash overcome
attack assault raid invade storm shell bomb bombard strike
kill murder slay
shoot stab hit
sue prosecute charge indict
arrest detain capture seize jail imprison
criticise criticize condemn denounce attack slam
praise applaud commend
buy acquire purchase
sell
replace succeed
warn threaten
urge press
ask
tell inform
sanction
recognise recognize
fund finance bankroll
host
visit
thank
appoint nominate name
oppose resist
hire employ
fire sack dismiss
follow chase pursue
release free
occupy annex
lend
owe
pay
lead head
join
sign
rescue save
reject rebuff
help assist aid
arm
supply
own
control govern rule
outscore outperform outnumber
lose
represent
meet
protect defend
ban bar
mock insult
marry
"""
_SYMMETRIC = {"meet", "marry", "sign", "join"}
# Past participles that do not end in -ed or -en.
_PARTICIPLES = word_set("struck slain shot hit bought sold told paid led lent lost freed met beat")
_VERBS: dict[str, set[int]] = {}
for _line, _words in enumerate(_VERB_LINES.strip().splitlines()):
    for _word in _words.split():
        if _word not in _SYMMETRIC:
            _VERBS.setdefault(stem(_word), set()).add(_line)

_BE = word_set("be is are was were been being get gets got gotten")
_AUXILIARY = _BE | word_set(
    "has have had having do does did will would can could may might shall should must not never "
    "also to"
)
_DETERMINERS = word_set("the a an its their his her this that")
_BREAK = frozenset('.;:!?()"')
# Words on either side of a verb that are looked at for who acts and who is acted on.
_REACH = 6
_CLAUSE = word_set(
    "who which that when while after before because although though but and as if where since "
    "said says saying"
)


@dataclass(frozen=True, slots=True)
class Relation:
    """`agents` did `verb` to `patients`; the two are the words that stand there, lower case."""

    verb: str
    lines: frozenset[int]
    agents: tuple[str, ...]
    patients: tuple[str, ...]


def _verb(token: Token) -> tuple[str, set[int]] | None:
    lines = _VERBS.get(stem(token.lower))
    return (token.text, lines) if lines and token.text[0].islower() else None


def _side(words: Sequence[Token], *, after: bool) -> tuple[str, ...]:
    """The noun phrase next to a verb: its words up to a comma, a clause word or another verb."""
    kept: list[str] = []
    for token in words:
        if token.text in _BREAK or token.lower in _CLAUSE or (kept and token.text == ","):
            break
        if not token.is_word:
            if token.text == "," and after:
                break
            continue
        if token.lower == "by" or (kept and _verb(token)):
            break
        if (
            kept
            and after
            and token.lower in ("in", "on", "at", "over", "for", "with", "of", "from", "to")
        ):
            break
        if token.lower not in STOP_WORDS and not token.lower.endswith("ly"):
            kept.append(token.lower)
    return tuple(kept[:4])


def _before(run: Sequence[Token]) -> tuple[str, ...]:
    """The subject to the left of a verb, over "A, which …, V" and "A, the …, V"."""
    words = list(run)
    while words and (words[-1].lower in _AUXILIARY or words[-1].lower.endswith("ly")):
        words.pop()
    if words and words[-1].lower in ("who", "which", "that"):
        words.pop()
        if words and words[-1].text == ",":
            words.pop()
    elif words and words[-1].text == ",":
        commas = [i for i, t in enumerate(words[:-1]) if t.text == ","]
        words = words[: commas[-1]] if commas else words[:-1]
    return _side(words[::-1][:_REACH], after=False)


def relations(text: str) -> Iterator[Relation]:
    """Every listed verb of `text` with what stands on its two sides, the passive turned round."""
    words = tokens(plain(text))
    for i, token in enumerate(words):
        if (found := _verb(token)) is None:
            continue
        name, lines = found
        right = words[i + 1 : i + 2 + _REACH]
        passive = token.lower.endswith(("ed", "en")) or token.lower in _PARTICIPLES
        if i >= 2 and words[i - 1].text == "-" and words[i - 2].is_word:  # Northland-backed rebels
            yield Relation(name, frozenset(lines), (words[i - 2].lower,), _side(right, after=True))
            continue
        by = next((k for k, t in enumerate(right[:3]) if t.lower == "by"), None)
        if passive and by is not None:
            before = list(words[max(0, i - 3 * _REACH) : i])
            yield Relation(
                name, frozenset(lines), _side(right[by + 1 :], after=True), _participle(before)
            )
            continue
        if passive and any(t.lower in _BE for t in words[max(0, i - 3) : i]):
            continue  # no agent is told
        if i and words[i - 1].lower in _DETERMINERS:
            continue  # the noun: "the attack"
        agents, patients = _before(words[max(0, i - 3 * _REACH) : i]), _side(right, after=True)
        if agents and patients:
            yield Relation(name, frozenset(lines), agents, patients)


def _participle(before: list[Token]) -> tuple[str, ...]:
    """Who is acted on in "A was backed by" and "A, backed by"."""
    if before and before[-1].text == ",":
        before = before[:-1]
    return _before(before)


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(alike(a, b) for a in one for b in other)


def _told(relation: Relation) -> str:
    agents, patients = " ".join(relation.agents), " ".join(relation.patients)
    return f"“{agents}” on the acting side of “{relation.verb}” and “{patients}” on the other"


def check_roles(sentence: str, passages: Sequence[str]) -> list[str]:
    """Who acted and who was acted on changed places between the passages and the sentence."""
    there = [relation for passage in passages for relation in relations(passage)]
    problems = []
    for said in relations(sentence):
        alike_verbs = [r for r in there if r.lines & said.lines]
        straight = any(
            _meet(said.agents, r.agents) or _meet(said.patients, r.patients) for r in alike_verbs
        )
        turned = [
            r
            for r in alike_verbs
            if _meet(said.agents, r.patients) and _meet(said.patients, r.agents)
        ]
        if turned and not straight:
            problems.append(
                f"Who does what to whom is swapped: the passages have {_told(turned[0])}."
            )
    return problems


_NEGATORS = word_set("not no never without neither nor cannot none nobody nothing hardly")
# These deny what follows them as "not" does, and are not denied by being absent.
_REFUSALS = word_set("denied denies deny refused refuses refuse failed fails fail")
# The sentence and a passage tell the same thing when they share this much of the content words.
_RETOLD = 0.65
_NOT_DENIED = word_set("only just even merely longer . 1")

_OPPOSITES_OF = """
rise|increase|grow|climb|gain fall|decrease|decline|drop|shrink|plunge
accept|approve|adopt|agree reject|refuse|decline|veto
support|back oppose
win lose
confirm deny
guilty innocent
acquitted convicted
before after
more fewer|less
above below
open close|shut
allow|permit ban|forbid|prohibit
enter leave
arrive depart
start|begin end|stop|finish
first last
hire fire
legal illegal
lawful unlawful
likely unlikely
alive dead
survive die
success failure
succeed fail
strengthen weaken
raise lower|cut
north south
northern southern
east west
eastern western
highest lowest
best worst
victory defeat
male female
man woman
men women
brother sister
son daughter
father mother
husband wife
"""
_OPPOSITES: list[tuple[frozenset[str], frozenset[str]]] = []
for _pair in _OPPOSITES_OF.strip().splitlines():
    _one, _two = (frozenset(stem(w) for w in side.split("|")) for side in _pair.split())
    _OPPOSITES += [(_one, _two), (_two, _one)]


def negated(text: str) -> tuple[set[str], set[str]]:
    """Stems of the words that a negation stands right before, and of all other content words."""
    under: set[str] = set()
    free: set[str] = set()
    words = tokens(plain(text))
    waits = False  # a negation that has not met its word yet
    for token, after in zip(words, (*words[1:], None), strict=False):
        if token.text in ".;:!?,":
            waits = False
        elif _denies(token, after):
            waits = True
        elif token.is_word and token.lower not in STOP_WORDS and not token.lower.endswith("ly"):
            (under if waits else free).add(stem(token.lower))
            waits = False
    return under, free


def _denies(token: Token, after: Token | None) -> bool:
    if token.lower.endswith("n't") or token.lower in _REFUSALS:
        return True
    follows = after.lower if after else ""
    # "Not only", "no 1" and "No. 1" deny nothing.
    return token.lower in _NEGATORS and follows not in _NOT_DENIED and not follows[:1].isdigit()


def check_negation(sentence: str, passages: Sequence[str]) -> list[str]:
    """Words that are denied on one side only, or stand for their opposite."""
    near = [p for p in passages if coverage(sentence, p) >= _RETOLD]
    if not near:
        return []
    under, free = negated(sentence)
    sides = [negated(passage) for passage in near]
    there_under = set().union(*(u for u, _ in sides))
    there_free = set().union(*(f for _, f in sides))
    everywhere_free = set().union(*(f for f in (negated(p)[1] for p in passages)))
    everywhere_under = set().union(*(u for u in (negated(p)[0] for p in passages)))
    problems = []
    if not there_under and (lost := sorted(under & there_free - everywhere_under)):
        problems.append(f"The sentence denies “{lost[0]}…”, which the passages do not deny.")
    if not under and (lost := sorted(free & there_under - there_free - everywhere_free)):
        problems.append(f"The passages deny “{lost[0]}…”, and the sentence does not.")
    words, evidence = under | free, there_under | there_free
    for ours, theirs in _OPPOSITES:
        if (words & ours) and not (evidence & ours) and (evidence & theirs) and not words & theirs:
            said, instead = sorted(words & ours)[0], sorted(evidence & theirs)[0]
            problems.append(f"The sentence says “{said}…” where the passages say “{instead}…”.")
    return problems


# "Will sign", "plans to sign", "may have signed": not done, or not known to be done.
_AHEAD = word_set(
    "will would shall could may might should plans plan planned expected expects expect set due "
    "likely hopes hope hoped wants want wanted intends intend intended vowed "
    "vows promised promises agreed agrees ready poised scheduled seeks seek sought 'll urged must"
)
_AHEAD_REACH = 4


# They carry too little meaning of their own to be "the same deed" in two sentences.
LIGHT_VERBS = word_set("tak giv mak go com get see keep set put")
# The sentence and a passage speak of one deed when they share this much of the content words.
_SAME_DEED = 0.5


def ahead_and_told(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The words of `text` by their stems: those after a word of `_AHEAD`, and the others."""
    ahead: dict[str, str] = {}
    others: dict[str, str] = {}
    since = _AHEAD_REACH + 1  # words since the last one of _AHEAD
    for token in tokens(plain(text)):
        if token.text in ",.;:-":
            since = _AHEAD_REACH + 1
        elif token.lower in _AHEAD:
            since = 0
        elif token.is_word:
            since += 1
            if not token.capitalised and token.lower not in STOP_WORDS:
                (ahead if since <= _AHEAD_REACH else others)[stem(token.lower)] = token.lower
    return ahead, others


def check_state(sentence: str, passages: Sequence[str]) -> list[str]:
    """What the passages only announce, expect or think possible, told as having happened."""
    _, told = ahead_and_told(sentence)
    near = [ahead_and_told(p)[0] for p in passages if coverage(sentence, p) >= _SAME_DEED]
    announced = set().union(*near) - set().union(*(ahead_and_told(p)[1] for p in passages))
    return [
        f"The passages do not say that this has happened (“{word}”), only that it will or may."
        for root, word in told.items()
        if root in announced and root not in LIGHT_VERBS and is_past(word)
    ]


_FROM_TO = re.compile(r"\bfrom (?:the )?(\w+)(?: \w+)?,? (?:in)?to (?:the )?(\w+)")


def check_direction(sentence: str, passages: Sequence[str]) -> list[str]:
    """“From A to B” for the passages' “from B to A”."""
    there = {m.groups() for p in passages for m in _FROM_TO.finditer(plain(p).lower())}
    return [
        f"The passages say from {b} to {a}, not from {a} to {b}."
        for a, b in (m.groups() for m in _FROM_TO.finditer(plain(sentence).lower()))
        if (b, a) in there and (a, b) not in there and a != b
    ]
