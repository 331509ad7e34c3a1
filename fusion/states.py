"""States that end: who was at large is caught, what was shut reopens, who was in a coma dies.

What an older report tells of how things stand is not news once a newer one tells how it ended; the
verbs differ, so that `fusion.newness` does not see it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fusion.passage import ORDINAL, main_clause
from fusion.verify.names import names
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.types import Chunk

SAME_NAMED = 2  # content words that state and end have in common, a name among them
SAME_THING = 3  # without a name

_HOW = r"(?:(?:\w+ly|still|now|also|all|being|believed|thought|feared|to|be|not) ){0,3}"
_BE = rf"\b(?:is|are|was|were|remains?|remained|stays?|stayed|still) {_HOW}"
# “Was closed on Sunday” and “were trapped by the snow” are what happened.
_IS = rf"\b(?:is|are|remains?|remained|stays?|stayed|still) {_HOW}"


class _State(NamedTuple):
    """A state, how it ends, and whether it is a person's, who has to be named in both."""

    lasts: re.Pattern[str]
    ends: re.Pattern[str]
    personal: bool


def _state(lasts: str, ends: str, *, personal: bool = False) -> _State:
    return _State(
        re.compile(lasts, re.IGNORECASE), re.compile(rf"\b(?:{ends})\b", re.IGNORECASE), personal
    )


_STATES = (
    _state(
        rf"(?:{_BE}|\band (?:still )?)(?:at large|on the run|missing|unaccounted for|hunted"
        r"|sought(?= by|\W*$|,)|wanted(?! to))\b",
        r"(?:re)?arrested|(?:re)?captured|caught|in (?:custody|a cell|police hands)|detained"
        r"|surrendered|g[ai]ve[sn]? (?:himself|herself|themselves) up|found|located|tracked down",
        personal=True,
    ),
    _state(
        rf"{_IS}(?:trapped|stranded|stuck|held|(?:held )?(?:hostage|captive))\b"
        r"|\b(?:was|were) being held\b",
        r"freed|rescued|released|brought (?:out|home|to safety)|walked free|set free|let go",
    ),
    _state(
        r"\b(?:call|appeal|demand)(?:s|ed|ing)? (?:for )?(?:[\w']+ ){0,4}?release\b"
        r"|\b(?:would|will|to|should|must) be (?:freed|released|let go)\b"
        r"|\buntil [^,;.]*\b(?:is|are) (?:freed|released)\b",
        r"(?<!be )(?<!is )(?<!are )(?:freed|released(?! an?\b)|let go)|walked free|set free"
        r"|(?:after|following) (?:his|her|their|the) release",
    ),
    _state(rf"{_IS}(?:closed|shut|cut off|blocked)\b", r"re-?open(?:s|ed)?|open(?:ed)? again"),
    _state(
        rf"{_BE}(?:in (?:an? )?(?:\w+ )?coma|in intensive care|critical(?:ly)?"
        r"|in critical condition|fighting for (?:his|her|their) (?:life|lives))\b",
        r"died|death|dead|awake|woke|out of danger|(?:out|brought out) of (?:his|her|the) coma",
        personal=True,
    ),
    _state(
        rf"{_BE}(?:burning|out of control|under control|spreading|raging)\b",
        r"(?<!not )(?<!not yet )under control|contained|put out|extinguished|burned out",
    ),
    _state(
        rf"\b(?:in|into|entered) (?:its|their|the|a) (?:{ORDINAL}|\d+th) (?:day|night|week|month)\b"
        rf"|{_IS}(?:out )?on strike\b",
        r"ended|(?:is|was) over|called off|back (?:to|at) work|returned to work",
    ),
    _state(
        r"\b(?:will|would) (?:stay|remain) (?:in office|on)\b|\bremains? in office\b"
        r"|\b(?:will|would) not (?:resign|step down|quit|go)\b"
        r"|\bno (?:reason|plans?) to (?:resign|quit)\b",
        r"resigned|resigns|stepped down|steps down|quit|gave up (?:his|her) (?:office|post)"
        r"|dismissed|sacked",
        personal=True,
    ),
)


def ended(chunks: Sequence[Chunk], new: Mapping[str, float]) -> set[str]:
    """Ids of the passages that tell a state of which a newer one tells the end.

    `new` is the newness of each source (see `newness`). English only.
    """
    clauses = [(passage, main_clause(passage.text)) for passage in chunks]
    found: set[str] = set()
    for state in _STATES:
        lasting = [
            _Told(passage, new[passage.source])
            for passage, clause in clauses
            if state.lasts.search(clause) and not state.ends.search(passage.text)
        ]
        if lasting:  # else the ends, which are many, need not be read
            ends = [_Told(p, new[p.source]) for p in chunks if state.ends.search(p.text)]
            found |= {
                one.id
                for one in lasting
                if any(one.at < end.at and one.same(end, named=state.personal) for end in ends)
            }
    return found


class _Told:
    """A passage's words, those of the names in it, and those of its full names."""

    def __init__(self, passage: Chunk, at: float) -> None:
        self.id, self.at = passage.id, at
        self.words = set(content(passage.text))
        told = [{w for token in name for w in content(token.text)} for name in names(passage.text)]
        self.named = set().union(*told)
        self.full = set().union(*(name for name in told if len(name) > 1))

    def same(self, other: _Told, *, named: bool) -> bool:
        """Whether the two may be of one person, if `named`, or of one thing."""
        common = len(self.words & other.words)
        if named:
            # “Vask” and “Teodor Vask”; two that have only a town in common are not one.
            one = self.full & other.named or self.named & other.full
            return bool(one) and common >= SAME_NAMED
        return common >= SAME_THING
