"""What a sentence points back to: whether it needs the one before it, by its words.

Rules, each with what it is for. What they miss is left to a probe (see `fusion.dependence`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.passage import ORDINAL, has_verb
from fusion.verify.claimant import unquoted
from fusion.verify.names import names
from fusion.words import MONTHS, STOP_WORDS, WEEKDAY, is_past, word_set

if TYPE_CHECKING:
    from fusion.types import Chunk

_NUMBER = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_LEANS_BACK = re.compile(
    r"^\W*(?:he|she|they|it|his|her|their|its|this|that|these|those|both|such|the (?:man|woman"
    r"|two|latter|former|pair))\b"
    r"|^\W*the \w+ (?:also |then |further )?(?:added|went on|continued|concluded)\b"
    r"|^\W*(?:some|many|most|few|several|others|neither|none|another)"
    r" (?:is|are|was|were|ha[sd]|have|do|did|will|would|can|could|may|say|said)\b"
    # Nouns that stand for what has just been told.
    r"|^\W*(?:the|such an?) (?:decision|move|step|announcement|statement|comments?|remarks?|news"
    r"|change|proposal|idea|suggestion|claim|incident|find|finding|discovery)s?"
    r" (?:is|was|are|were|came|comes?|follow(?:s|ed)|ha[sd]|have|will|would|marks|marked|drew)\b"
    r"|\bon the \d{1,2}(?:st|nd|rd|th)\W*$"
    rf"|^\W*on the (?:first|{ORDINAL}|[a-z]+(?:teen|tie)th)(?:,| (?:the|an?|he|she|it)\b)"
    r"|^\W*(?:in|on|at|to|from|with|of|by) (?:it|(?:that|those|these)"
    r" (?:days?|nights?|mornings?|evenings?|weeks?|months?|hours?|moment|point))\b"
    rf"|^\W*(?:on|in) (?:{WEEKDAY}|{'|'.join(MONTHS)})(?: (?:morning|afternoon|evening|night))?,?"
    r" (?:his|her|its|their)\b"
    r"|^\W*the (?:larg|bigg|small|old|young|new|high|long)est (?:is|was)\b"
    r"|^\W*the only (?:ones?|other)\b|^\W*the others?,|^\W*each one\b"
    # “Eleven were found”, “A sixth, Bo Orr, has fled”, “If it finds one”, “So will the board”.
    rf"|^\W*(?:{_NUMBER}|\d+)"
    r" (?:is|are|was|were|ha[sd]|have) "
    rf"|^\W*an? (?:{ORDINAL}|further)(?: one)?,"
    r"|^\W*(?:if|when|once|since|as|because|although|though|while|unless|until)"
    r" (?:he|she|they|it|this|that|these|those) "
    # “Two of them are held”, “The second opened in May”, “Asked about it, …”, “twice that sum”.
    rf"|^\W*(?:all|both|each|none|some|many|most|several|one|half|an? (?:few|number)|{_NUMBER}"
    r"|\d[\d,]*) of (?:them|it|these|this)\b"
    rf"|^\W*the (?:first|{ORDINAL})"
    r"(?=,| (?:\w+ed|went|took|began|fell|sank) (?:in|at|on|to|by|from|with|off|after|before)\b)"
    r"|^\W*the \d[\d,]* (?:on|in|of|from|at|who) "
    r"|^\W*(?:asked|questioned|pressed) (?:[\w ]+ )?(?:it|this|that|he|she|they|him|her|them)\b"
    r"|^\W*(?:\w+ ){1,3}ago,? (?:he|she|they|it)\b"
    r"|^\W*(?!(?:on|in|at|by|not|no|sooner)\b)(?:[\w-]+ ){1,3}"
    r"(?:minutes?|hours?|days?|weeks?|months?) (?:later|earlier)\b"
    r"|^\W*the (?:next|following|same|previous) (?:day|night|morning|afternoon|evening|week)\b"
    r"|, (?:it|they|he|she) (?:says?|said|writes?|wrote|adds|added), |, (?:he|she|it|they) adds\W*$"
    r"|^\W*(?:specifically|for (?:instance|example))\b|^\W*one(?:,| (?:is|was|has|had)\b)"
    r"|\b(?:for|of|with|from) that(?=\W*$|[,.;])|\bthat (?:sum|amount|memo|question|letter)\b"
    r"|^\W*(?:so|nor|neither) (?:is|are|was|were|ha[sd]|have|do|does|did|will|would|can|could) "
    r"|^\W*(?:since|by|until) then\b|^\W*(?:hence|thus|instead(?! of))\b"
    r"|^\W*there (?:is|are|was|were) also\b"
    r"|\bthe two(?= (?:is|are|was|were|ha[sd]|have|stands?|say|said)\b|\W*$|[,.;])"
    r"|\b(?:on top of|besides|beyond|apart from|than) that(?= *[,.;]|$)"
    # What was asked, heard or said stands before; and in “The mayor gave her a week” nobody is her.
    r"|\b(?:hears?|heard|den(?:y|ies|ied)|knows?|knew|said|says?) (?:that|this)(?=\W*$|[,;.])"
    r"|\basked (?:that|this)(?=\W*$|[,;.]| (?:on|by|again)\b)"
    r"|^\W*(?:the |an? |its |their )?(?:(?!\w+['’]s? |(?:of|in|for|with|and|who) )[\w'-]+ ){1,4}?"
    r"(?:(?:ha[sd]|have|will|would|could|can|may|must|did) )?[a-z]+ (?:to [a-z]+ )?"
    r"(?:him|her(?=\W*$|[,;.]| (?:until|to|for|in|on|at|from|with|after|before|by|out|up|an?) ))\b"
    # “The officer who ordered it”, “A judge barred it from moving the bones”.
    r"|^\W*(?:the|an?) [\w'-]+ who (?:had )?\w+ (?:it|them)\b"
    rf"|^\W*(?:on {WEEKDAY},? )?(?!(?:it|they)\b)(?:[\w'.-]+ ){{1,6}}?(?:asked|told|ordered|barred"
    r"|banned|stopped|kept|forced|urged|allowed|let) (?:it|them) (?:to|from|not)\b"
    r"|\b(?:more|less|fewer|other|higher|lower) than that\b|\bsuch (?!as\b|an?\b|that\b)[a-z]"
    r"|^\W*the (?:next|others?|rest|first|second|third|last|same) (?:is|are|was|were|ha[sd]|have"
    r"|will|would|c(?:an|ould)|did|came|went|said)\b"
    r"|^\W*(?:on|by|until|since|last|this|in|at|before|after)"
    r" (?:(?!(?:the|an?|this|that) )[\w:.]+ ){1,3}(?:he|she|they|it) "
    r"|[”\"’'],?\s*(?:he|she|they|it|the (?:[a-z]+ ){1,2})\s*(?:said|added|told|wrote|says)\b"
    r"|\b(?:he|she|they) (?:said|added)[.,]?$|[”\"],? [A-Z][\w.’' -]+ continued\W*$",
    re.IGNORECASE,
)
_THE_NOUN = re.compile(
    r"\W*(?:the|these|those) [a-z][\w-]*(?:, (?:which|who) [^,]*,)? ([a-z]+)", re.IGNORECASE
)
_AUXILIARIES = word_set("is are was were has have had will would")
_SHE_SAID = re.compile(r",[”\"’']? (?:he|she) (?:said|says|added|argued|told|wrote)\b")
_BEGINS = re.compile(
    r"^\W*(?:on|by|until|since|in|at|before|after|for|during|following)\b([^,;]{3,80}?),?"
    r" (?:he|she|they|it) [a-z]",
    re.IGNORECASE,
)
# “The law requires them”: nobody and nothing before the verb is several.
_THEY = re.compile(r"\w*\W*\b(?:they|them|their|theirs)\b", re.IGNORECASE)
_PLURAL = re.compile(
    r"\b\w{3,}s\b(?!')|\b(?:people|police|men|women|children|personnel|everyone|everybody|nobody"
    r"|anyone|those|who|crew|team|family|couple|staff|public|jury|government|parliament|council"
    r"|party|company|media|majority|number|and|both|each|none|some|many|most|others|\d+"
    r"|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him)\b")
# “The driver” and not “the police”, or a first word that could be a name and is not several.
_DESCRIBED = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|whose)"
    r" (?!(?:morning|afternoon|evening|night|day|week|police)\b)[a-z]+"
    rf"|^\W*(?!(?i:police|{'|'.join(sorted(STOP_WORDS))})\b)[A-Z]\w+[^s\W]\b"
)
_DAY = re.compile(rf"\b(?:{WEEKDAY}|{'|'.join(MONTHS)})\b")
_NAMES = re.compile(r"[^\W\d_a-z]|\d")  # a capital letter, a letter without case, a digit


def leans_back(text: str) -> bool:
    """Whether `text` needs the sentence before it: by a pronoun, or having no name or number."""
    return lacks_antecedent(text) or not _NAMES.search(text, 1)


def continues(passage: Chunk) -> bool:
    """Whether it goes on with what its report has told: of “it” or, further on, “the treaty”."""
    match = _THE_NOUN.match(passage.text)
    bare = match and (match[1] in _AUXILIARIES or is_past(match[1]))
    return lacks_antecedent(passage.text) or bool(bare and passage.position)


def lacks_antecedent(text: str) -> bool:
    """Whether a pronoun of `text` stands for somebody in the sentence before it."""
    if _LEANS_BACK.search(text):
        return True
    said = _SHE_SAID.search(text)
    if said and not names(_DAY.sub("", text[: said.start()])):
        return True
    # “After six hours of talks it agreed”: nobody does anything before “it”.
    begins = _BEGINS.match(text)
    if begins and not (names(_DAY.sub("", begins[1])) or has_verb(begins[1])):
        return True
    they = _THEY.search(unquoted(text))
    if they and not _PLURAL.search(unquoted(text)[: they.start()]):
        return True
    # “Police said he fled”: before “he” nobody is named, nor told of as “the driver”.
    found = _HE_OR_SHE.search(unquoted(text))
    before = _DAY.sub("", unquoted(text)[: found.start()]) if found else ""
    return found is not None and not (_DESCRIBED.search(before) or names(before))
