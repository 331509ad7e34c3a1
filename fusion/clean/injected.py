"""Parts of an article that speak to a machine: orders, forged turns, markup, encoded words.

They are no part of the news, whoever put them there. Nothing obeys them in any case: articles reach
the model as numbered passages and are tokenised as plain text; but what is not read cannot be
quoted as fact either. A report *about* such a sentence quotes it, and a quotation is kept.

Whoever wrote such a sentence into a paragraph wrote what follows there, and no rule tells a plain
false statement from news. So the rest of the paragraph goes too, and after a line that only opens
a turn or a section ("### Response:") the line that it opens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MACHINE = (
    r"(?:(?:ai|a\.i\.|artificial intelligence)(?: (?:assistants?|agents?|models?|systems?|tools?"
    r"|summari[sz]ers?))?|(?:large )?language models?|llms?|chat-?bots?|gpt\w*|summari[sz]ers?"
    r"|summari[sz]ation (?:systems?|tools?)|automated (?:systems?|readers?|tools?)|assistants?"
    r"|entailment systems?|fact[ -]?checkers?)"
)
# What only a writer of text is ordered to do; that AI systems “must be registered” is news.
_WRITE = (
    r"(?:ignore|disregard|tell|write|say|report|print|repeat|reply|recommend|mention|output|add"
    r"|obey|answer|treat|replace|state|inform|praise|name|include)"
)
_MUST = r"(?:must|should|shall|(?:is|are) (?:required|instructed|asked) to)(?: not| never)?"
# An order stands at the beginning or after a mark; “drivers ignore the rules” gives none.
_ORDERED = (
    r"(?:^\W*|[:;,!\]>*–—-]\s*|\b(?:please|kindly|now)\s+|\byou (?:must|should|will|are to)\s+)"
    r"(?:and |then |now |please |kindly )?"
)
_READING = r"(?: (?:reading|processing|summari[sz]ing) \w+(?: \w+)?)"
_POLITELY = r"(?:(?:please|kindly|now|then|and)[ ,]+)?"
_PATTERNS = (
    # Tokens of chat templates.
    r"<\|[\w ]{1,40}\|>|\[/?INST\]|\[/?SYSTEM_PROMPT\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>"
    r"|^#{2,} ?(?:instruction|response|system|input)s?\s*(?::|$)"
    r"|</?(?:tool_call|system|passages?)>",
    # A turn of a chat.
    r"^\W*(?:system|assistant|developer|user|human|tool result|ai|summari[sz]er|grader|evaluator"
    r"|verifier)\s*[:>]\s",
    r"^\W*system (?:message|note|prompt|notice|override)\b[^.:]{0,40}[:\]]",
    # Orders about the orders.
    rf"{_ORDERED}(?:ignore|disregard|forget|override|drop)\b[^.]{{0,30}}\b(?:previous|prior|above"
    r"|earlier|all|any|these|your|the)\b[^.]{0,30}\b(?:instructions?|prompts?|rules?|directions?"
    r"|guidelines|articles?|reports?|context)\b",
    rf"{_ORDERED}(?:disregard|ignore|forget) everything (?:above|before|you)\b",
    r"\byour (?:(?:new|only|next|real|system) )?(?:task|instructions?|prompt) (?:is|are|was)\b"
    r"|\byour system prompt\b|\b(?:full )?text of your instructions\b",
    # A machine is addressed.
    rf"^\W*{_MACHINE} (?:note|notice|hint)\s*:",
    rf"^\W*(?:\w+(?:'s)? ){{0,2}}(?:note|notice|message|attention|hint|important)\b[^.:]{{0,20}}"
    rf"\b{_MACHINE}{_READING}?\s*:",
    rf"^\W*(?:dear|for)(?: all| any| the| every)? {_MACHINE}{_READING}?\s*:"
    rf"|\b(?:dear|attention) {_MACHINE},",
    rf"\b(?:if|since|as) you(?:'re| are) (?:an? )?(?:\w+ )?{_MACHINE}(?=[,.:;]|\W*$|{_READING})",
    rf"^\W*(?:all |any |the |every )?{_MACHINE}(?:{_READING},? {_MUST}"
    rf"|[,:](?: please| kindly| do not| don't)?"
    rf"|{_READING}?,? {_MUST}(?= {_WRITE} (?:that|only|the word)\b(?! (?:they|it)\b))) {_WRITE}\b",
    r"\b(?:when|if) you summari[sz]e (?:this|the)\b|\bsummari[sz]ing this (?:article|page|report"
    r"|story|text)\b|\bstop summari[sz]ing\b|^\W*before the summary, |\b(?:begin|end|start) the"
    r" summary with\b|\b(?:must|should) be (?:left out|kept out) of the summary\b",
    r"\byou are (?:now )?(?:dan|in (?:maintenance|developer|debug) mode)\b",
    # A writer is told what not to write, how to write, or whose side to take.
    rf"^\W*{_POLITELY}(?:do not|don't|under no circumstances) (?:include|mention"
    r"|quote|cite|summari[sz]e)\b"
    rf"|\bfrom (?:this point|now|here) on,? (?:{_WRITE}|respond|speak)\b"
    r"|^\W*(?:make|begin|end|start|finish) (?:each|every|all|your) (?:\w+ )?"
    r"(?:sentences?|lines?|paragraphs?|answers?|headlines?|summary)\b"
    r"|\b(?:must|should|shall) the summary\b|\bthe summary (?:must|shall)\b"
    r"|\b(?:reveal|show|print|repeat) (?:the|your) (?:\w+ )?prompt\b"
    r"|^\W*imagine (?:that )?you (?:are|work)\b"
    r"|\bi(?: a|')m your (?:developer|creator|owner|operator|administrator)\b",
    # Words of the trade: passages, claims and scores, and the labels of what is asked for.
    r"^\W*(?:the )?(?:passages?|evidence|context) ends? here\W*$"
    r"|\bpassages? (?:support|entail|contradict)s? the (?:claim|sentence|statement)\b"
    r"|\b(?:reports|articles|sources|passages) agree\b.*\[\d"
    r"|\b(?:confirmed|supported) by \[\d|^\W*(?:supported|entailed)\b[^:]{0,20}:"
    r"|^\W*ground truth\s*:|\b(?:only|correct) (?:\w+ )?answer is (?:yes|no)\b",
    r"^\W*(?:citation|passage|source) ?\d+\s*:|^\W*score\s*:\s*\d+ ?/ ?\d+"
    r"|^\W*(?:final|reference|correct) (?:summary|answer|output)\b",
    r"^\W*(?:verified|trusted|established) (?:facts?|information|sources?|truth)\b[^.:]{0,60}:"
    r"|\breaders (?:must|should) be told\b",
    # Who speaks as if the reader worked for them.
    r"^\W*your (?:supervisor|boss|developer|operator|administrator|owner)\b.{0,60}"
    r"\b(?:approved|authori[sz]ed|ordered|instructed|allowed)\b"
    r"|\bi (?:hereby )?(?:authori[sz]e|order|instruct|command) you\b"
    r"|^\W*(?:let us|let's|we will) (?:play|pretend|imagine)\b.{0,40}\byou are\b"
    r"|^\W*pretend (?:that|to be|you)\b",
    # What only a writer of text is told to do. “Output fell” and “Print sales:” are no orders.
    rf"^\W*{_POLITELY}(?:only )?(?:(?:print|output|repeat|translate|decode|write)(?: down| out)?"
    r" (?:the|every|only|nothing|it|valid|a)|(?:say|write) that|reply (?:with|only|in)"
    r"|respond (?:with|only|in)|answer (?:with|only|in the))\b",
    rf"^\W*{_POLITELY}(?:write|publish|say|read (?:it )?backwards)\s*:",
    rf"^\W*{_POLITELY}(?:list|send|show|reveal|print) (?:me )?(?:the|all|every|your|any)\b"
    r"[^.]{0,60}\b(?:files?|folders?|directory|unpublished|passwords?)\b",
    r"\band (?:then )?(?:obey|follow|execute)(?: (?:it|them|this))?\s*:",
    # The same in other languages.
    r"(?:^|[:!]\s*)(?:ignorez (?:toutes? )?les? (?:instructions?|consignes?)"
    r"|(?:vergiss|ignoriere)\b.{0,20}\banweisungen|ignora\b.{0,12}\binstrucciones|ignora\b.{0,15}\bistruzioni|ignore\b"
    r".{0,12}\binstruções|忽略.{0,8}指示|تجاهل (?:كل |جميع )?التعليمات)"
    r"|\b(?:oublie[sz]?|glem|glöm|vergeet|negeer|olvid[ae]|dimentica|esque[cç][ae]|zapomnij)\b"
    r".{0,25}\b(?:instru\w+|consignes|anvisninger)"
    r"|(?:забудь|игнорируй).{0,30}(?:указани|инструкци)",
)
_ADDRESSED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*\"|«[^»]*»|„[^“]*“|(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))*['’](?!\w)"
)


_INPUT = r"(?:passages?|sources?|evidence|articles?|documents?|input|context|trusted)"
_BANNER = rf"(?:={{3,}}|-{{3,}})[^=-]*\b{_INPUT}\b[^=-]*(?:={{3,}}|-{{3,}})"
# What no reader of news sees: elements that run, load or hide, comments, tables and images of
# Markdown, JSON, fences. Read with the quotations, which are most of it.
_CODE = re.compile(
    r"<!--|</?(?:script|style|iframe|img|meta|object|embed|svg|form|input|link)\b"
    r"|<\w+ [^<>]{0,80}\b(?:style|on\w+) ?="
    r"|<\w+ [^<>]{0,80}\b(?:hidden\b|href ?= ?.javascript:)|&lt;/?\w|\{\{[#/]?\w"
    r"|!\[[^\]]*\]\(|\]\((?:javascript|data):|```|^\|[^|]*\|[^|]*\|"
    rf"|{_BANNER}|^\W*(?:end|start) of {_INPUT}(?: \d+)?\W*$"
    r"|[{,\[] ?\"\w+\" ?: ?[\"\d\[{]",
    re.IGNORECASE,
)
# Base 64 and hexadecimal, outside addresses; escapes of characters; “Hex: …”.
_ENCODED = re.compile(
    r"(?<![\w/.=?&%-])(?=\w{0,40}\d)(?=\w{0,40}[a-z])(?=\w{0,40}[A-Z])[\w+/]{32,}={0,2}(?![\w.])"
    r"|(?<![\w/.=?&%-])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{20,}\b"
    r"|(?:\\u[0-9a-fA-F]{4}){3}|(?:\\x[0-9a-fA-F]{2}){3}|(?:&#\w{2,6};){3}|(?:%[0-9A-F]{2}){6}"
    r"|^\W*(?i:rot-?13|base-?(?:16|32|64)|hex(?:adecimal)?|binary|morse)\b[^.:]{0,30}:\s"
)
# Words in disguise: digits for letters (“wr1t3”), read backwards (“yvaN”), of letters that only
# look like the others. One may be a name; one alone says little.
_DISGUISED = re.compile(
    r"[A-Za-z]\d+[a-z]|\b[a-z]{2,}[A-Z]\b"
    r"|[A-Za-z][\u0400-\u052f]|[\u0400-\u052f][A-Za-z]|[a-z][\u0370-\u03ff][a-z]"
)
_MOST_DISGUISED = 1
# A passage's number before it, set apart as a note's number after a sentence is not; and a word
# said again and again, to tip a judge.
_ANYWHERE = re.compile(r"(?:^|(?<=[.!?] ))\[\d{1,2}\] (?=[A-Z])|(\b\w{1,20}[.!] )\1{4}")
# A line that ends by opening a turn, or by ending what is given to read, or is the heading of what
# is asked for: the next line is what it opens.
_OPENS = re.compile(
    r"(?:<\|(?!\w*end|eo)[\w ]{1,40}\|>|<start_of_turn>|<<SYS>>|\[(?:INST|SYSTEM_PROMPT)\])"
    r"[\w ]{0,20}$"
    r"|#{1,6} ?(?:(?:final|reference|correct) )?"
    r"(?:instruction|response|system|input|summary|answer|output)s?\W*$"
    rf"|{_BANNER}$|^\W*end of {_INPUT}(?: \d+)?\W*$"
    r"|</(?:passage|article)s?>\s*$"
    r"|^\W*(?:the )?(?:passages?|evidence|context) ends? here\W*$",
    re.IGNORECASE,
)


def speaks_to_machine(sentence: str) -> bool:
    """Whether a sentence, outside what it quotes, is meant for the program that reads it."""
    return bool(
        _ADDRESSED.search(_QUOTED.sub('""', sentence))
        or _CODE.search(sentence)
        or _ENCODED.search(sentence)
        or sum(bool(_DISGUISED.search(word)) for word in sentence.split()) > _MOST_DISGUISED
    )


def genuine(lines: Iterable[str]) -> Iterator[int]:
    """For each line of a report, how many of its characters come before what is injected."""
    opened = False
    for line in lines:
        told = any(map(str.isalnum, line))  # a rule of dashes opens nothing and closes nothing
        yield 0 if opened and told else _injected_from(line)
        opened = bool(_OPENS.search(line)) if told else opened


def _injected_from(line: str) -> int:
    """Where the first sentence that speaks to a machine begins; the line's length without one."""
    starts = [start for start, end in split_sentences(line) if speaks_to_machine(line[start:end])]
    starts += [match.start() for match in _ANYWHERE.finditer(line)]
    return min(starts, default=len(line))
