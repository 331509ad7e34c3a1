"""Who says it: the claimant of a sentence, and whether the sentence turns a claim down."""

from __future__ import annotations

import re

from fusion.words import WEEKDAY, is_past, plain, word_set

_SAYS = (
    # Not “told residents to leave”, which is a deed.
    r"(?:told|tells?)(?! [\w'-]+(?: [\w'-]+)? to\b)|"
    "(?:said|says?)(?! (?:nothing|little)\\b)|claimed|claims|alleged|alleges|stated|states|argued|"
    "argues|insisted|insists|"
    "wrote|writes|maintained|maintains|estimated|estimates|attributed|attributes|"
    "speaks of|spoke of|blamed|blames|accused|accuses|replied|countered|counters|reported|"
    "reports|announced|announces|repeated|repeats"
)
_DENIES = (
    "denied|denies|deny|rejected|rejects|disputed|disputes|dismissed|dismisses|refuted|refutes|"
    "contradicted|contradicts|rebutted|rebuts|doubted|doubts|contests"
)
_UNTRUE = (
    "untrue|not true|false|lies?|nonsense|baseless|unfounded|groundless|absurd|wrong|weak|"
    "fabricat\\w+|invent\\w+|impossible|misleading|propaganda|waste|unnecessary|premature|mistaken"
    "|a mistake|exaggerat\\w+|unrealistic|misguided|worthless|flawed|unreliable|doubtful|unproven"
)
_FEW = r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
# Not “was told”, “the strike was called off”, “the disputed territory”, “put the case off”.
_VERB = re.compile(
    r"(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bbe )(?<!\bbeen )(?<!\bbeing )"
    rf"(?<!\bthe )(?<!\bThe )(?<!-)\b(?:{_SAYS}|{_DENIES}|(?:called|calls|call)(?! (?:off|in|up)\b)"
    # Not “put her feet out of bed at twenty past three”.
    r"|(?:puts?|values?|valued)(?= (?:(?! (?:out|off|down|up|in|into|on|away)\b)[^,.;]){1,60} at\b)"
    # What is told of what will be is somebody's claim where it has a figure.
    r"|(?:expects|sees|forecasts|predicts|projects|reckons|believes|arrive[sd] at|c[ao]mes? to"
    rf"|counts?(?! as\b)|counted)(?= [^,;]{{0,60}}(?:\d|{_FEW}))"
    r"|ha(?:s|ve) an? (?:list|count|tally) of(?= [^,;]{0,20}\d)"
    r"|(?:is|are) (?:certain|sure|convinced)|points? to|swears?|thinks that"
    r"|(?:sticks?|stuck|holds?|held) to (?:his|her|its|their|the) \w+"
    r"|(?:lets?|made) it (?:be )?known)\b"
)
# “…”, said the mayor, Ann Lee. What has a verb of its own is what is said, not who says it.
_VERBS = "had|has|have|was|were|is|are|would|will|could"
_INVERTED = re.compile(
    rf"[\"',]\s*(?!(?:told|tells|speaks|spoke|blame[sd]|accuse[sd]|attribute[sd])\b)(?:{_SAYS})\s+"
    r"(?!(?:that|on|in|to|at|by|from|after|during|it|there|he|she|so|otherwise|nothing|no|yes"
    r"|the (?:opposite|reverse|contrary|same))\b)"
    rf"((?:(?!(?:{_VERBS})\b)[\w'.&-]+ ?){{1,8}})(?=[,.;\"]|$|(?:on|in|at|who|after|as)\b)"
)
_ACCORDING = re.compile(
    r"\b(?:according to|(?:if (?:one|you) believes?|on the (?:account|word) of)) ([^,.;\"]+)", re.I
)
# “By the union's count, …”, and “the guard, Ann Lee, who says that …, has …”.
BY_COUNT = re.compile(
    r"\bby ((?:the )?(?:[\w.&-]+ ){0,3}[\w.&-]+)' ?s? (?:own )?(?:count|reckoning|sums?|figures?"
    r"|estimates?|calculations?|tally)\b",
    re.I,
)
# “In the port's account, …”
_IN_ACCOUNT = re.compile(
    r"\b[Ii]n ((?:the )?(?:[\w.&-]+ ){0,3}[\w.&-]+)' ?s? (?:account|version|telling)\b"
)
_WHO_SAYS = re.compile(
    r"\b((?:[A-Z][\w'.-]* )*[A-Z][\w'.-]*),? who (?:also |still )?"
    r"(?:says?|said|claims?|claimed|insists?|insisted|maintains?|maintained|alleges?|alleged)"
    r" (?:that )?"
)
# What may stand between the claimant and the verb, and where the claimant's clause begins.
_AUXILIARY = re.compile(r"(?:\s+(?:has|have|had|also|later|still|then|again|is|was|[a-z]+ly))+$")
_APPOSITION = re.compile(r", (?:the|an?|its|his|her|their) [^,;:]* that [^,;:]*,$")
_CLAUSE = re.compile(
    r"[;:–—]|--|\b(?:(?:for|of|by) which|that|but|and|while|although|though|because|when|if"
    r"|whether)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"(?:him|her|them|it)(?= [a-z])")  # “according to her it was shut”
_OF_TIME = re.compile(r" for (?=(?:the|this|last|next)\b)")  # “company figures for the quarter”
_ENDS_NAME = word_set(
    "on in at who which after before during from as when where while told said by and but have has"
)
# What may be turned down without being untrue.
_WISH = (
    rf"(?: (?!(?:that|of|about|it|he|she|they|{_VERBS})\b)[\w'-]+){{0,3}}? (?:offers?|plans?|bids?"
    r"|proposals?|appeals?|requests?|motions?|deals?|demands?|calls|bills?|lawsuits?|bail|access"
    rf"|entry|permission|visas?|permits?)\b(?!'| (?:{_VERBS})\b)"
)
_DENIAL = re.compile(
    # Not “the disputed territory”, “is disputed”, “a claim denied by”, “a claim that they denied”.
    rf"(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bis )(?<!\bare )\b(?:{_DENIES})\b"
    rf"(?! by\b)(?!\W*$)(?!{_WISH})"
    rf"|\b(?:called|calls)(?! (?:for|on|off)\b) (?:[\w']+ ){{1,4}}?(?:{_UNTRUE})\b"
    rf"|\b(?:this|that|it|claims?|reports?|accusations?|allegations?)\b (?:is|was|are|were|to be) "
    rf"(?:\w+ )?(?:{_UNTRUE})\b"
    r"|^(?!If\b)[^,]* says no\W*$|\bno such (?!thing)\w+|\bnothing of the (?:kind|sort)\b"
    r"|\b(?:says?|said|claim(?:s|ed)?) the (?:opposite|reverse|contrary)\b",
    re.IGNORECASE,
)

_EARLIER = re.compile(r", who had [^,]{1,80},")  # “Ann Lee, who had called it weak, …”


def denies(text: str) -> bool:
    """Whether a sentence turns down what somebody else says, outside its quotations."""
    return bool(_DENIAL.search(_EARLIER.sub(",", unquoted(text))))


def claimant(text: str) -> str:
    """Who says it, in the sentence's words; "" where nobody is said to."""
    outside = unquoted(text)
    if match := (
        _ACCORDING.search(outside)
        or BY_COUNT.search(outside)
        or _IN_ACCOUNT.search(outside)
        or _INVERTED.search(outside)
        or _WHO_SAYS.search(outside)
    ):
        if pronoun := _PRONOUN.match(match[1]):
            return pronoun[0]
        if name := _name(_OF_TIME.split(match[1].split(",")[0])[0]):
            return name  # else “according to its own log it stopped, she said”
    for match in _VERB.finditer(outside):
        before = _AUXILIARY.sub("", outside[: match.start()].rstrip())
        # “Orsk, the firm that runs the port, denied it” is denied by Orsk.
        before = _CLAUSE.split(_APPOSITION.sub("", before))[-1]
        parts = [part.strip() for part in before.rpartition('"')[2].split(",")]
        who = parts[-1]
        if len(parts) > 2 and not who:  # “The mayor, Ann Lee, said”, “Ann Lee, 58, of Orlo, said”
            who = parts[-4] if len(parts) > 3 and parts[-3].isdigit() else parts[-3]
        if who != "who":  # else the verb is of an aside: “Ann Lee, who called it weak, said”
            return _name(who)
    return ""


def unquoted(text: str) -> str:
    """The text without what stands in quotation marks; the marks stay."""
    return re.sub(r'"[^"]*"?', '""', plain(text))


def _name(words: str) -> str:
    """The claimant's name in `words`; "" where they are not a name."""
    kept: list[str] = []
    for word in words.split():
        told = kept and kept[-1][0].isupper() and is_past(word)  # “according to Orsk caused”
        if kept and (told or word.lower() in _ENDS_NAME):
            break
        kept.append(word)
    name = _WHEN.sub("", _JOINING.sub("", " ".join(kept).strip(" '\"-.")))
    return name if _NAME.match(name) and not _NO_NAME.search(name) else ""


_JOINING = re.compile(r"^(?:And|But|Yet|So|Then) (?=\w)")
# “In recent days the union”, “On Friday evening Ann Lee”, “On Orlo Square the union”.
_WHEN = re.compile(
    r"^(?:(?:In|Over|For) (?:recent|the (?:past|last)(?: few)?) (?:days|weeks|months|years)"
    rf"|(?:(?:Late |Early )?[Oo]n) {WEEKDAY}(?: (?:morning|afternoon|evening|night))?"
    r"|(?:On|In|At|Outside|Inside) (?:[A-Z][\w'.-]* ){0,3}[A-Z][\w'.-]*(?= (?:the|its|their) )"
    # “In his declaration Ann Lee”
    r"|(?:In|At|From) (?:his|her|its|their|an?) (?:[a-z-]+ ){0,2}[a-z-]+(?= [A-Z]))"
    r" (?=(?:the|its|his|her|their) |[A-Z])"
)
# A name, “the mayor”, “two officials”, “police”, “state media”; no clause, no “a claim”.
_NAME = re.compile(
    r"(?:[A-Z\d]|(?:the|an?|its|his|her|their|our|one|two|three|four|some|several|many|most|other"
    r"|officials|doctors|experts|witnesses|residents|sources|researchers|investigators)\b)[^,]{0,80}$"
    r"|(?:[\w-]+ ){0,2}[\w-]+$"
    # “police spokesman Jon Lee”
    r"|(?!\w+ly )(?:[a-z][\w'-]+ ){1,4}(?:[A-Z][\w.'-]* ?){1,4}$"
)
_NO_NAME = re.compile(
    rf"\b(?:{_VERBS}|been|half|which|whom|that|this|what|claims?|charges?|accusations?"
    r"|allegations?|reports?)\b|^(?:And|But|As|With|After|In|On|At|For|Then|So|Where|What|How|Whether"
    r"|When|Why)\b|^(?:where|what|how|whether|when|why|and|as|with|after|in|on|at|for|then|so|to|by"
    r"|be|been|also|earlier)\b"
)
