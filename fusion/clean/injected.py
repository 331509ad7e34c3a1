"""Sentences in an article that speak to a machine: instructions, fake turns of a chat, its tokens.

They are no part of the news, whoever put them there. Nothing obeys them in any case: articles reach
the model as numbered passages and are tokenised as plain text; but what is not read cannot be
quoted as fact either. A report *about* such a sentence quotes it, and a quotation is kept.
"""

from __future__ import annotations

import re

_MACHINE = (
    r"(?:(?:ai|a\.i\.|artificial intelligence)(?: (?:assistants?|agents?|models?|systems?|tools?"
    r"|summari[sz]ers?))?|(?:large )?language models?|llms?|chat-?bots?|gpt\w*|summari[sz]ers?"
    r"|summari[sz]ation (?:systems?|tools?)|automated (?:systems?|readers?|tools?)|assistants?"
    r"|entailment systems?|fact[ -]?checkers?)"
)
# What only a writer of text is ordered to do; that AI systems “must be registered” is news.
_WRITE = (
    r"(?:ignore|disregard|tell|write|say|report|print|repeat|reply|recommend|mention|output|add"
    r"|obey|answer|treat|replace)"
)
_MUST = r"(?:must|should|shall|(?:is|are) (?:required|instructed|asked) to)(?: not| never)?"
# An order stands at the beginning or after a mark; “drivers ignore the rules” gives none.
_ORDERED = (
    r"(?:^\W*|[:;,!\]>*–—-]\s*|\b(?:please|kindly|now)\s+|\byou (?:must|should|will|are to)\s+)"
    r"(?:and |then |now |please |kindly )?"
)
_READING = r"(?: (?:reading|processing|summari[sz]ing) \w+(?: \w+)?)"
_PATTERNS = (
    # Tokens of chat templates.
    r"<\|[\w ]{1,40}\|>|\[/?INST\]|\[/?SYSTEM_PROMPT\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>"
    r"|^#{2,} ?(?:instruction|response|system|input)s?\s*(?::|$)"
    r"|</?(?:tool_call|system|passages?)>",
    # A turn of a chat.
    r"^\W*(?:system|assistant|developer|user|human|tool result|ai|summari[sz]er)\s*:\s",
    r"^\W*system (?:message|note|prompt|notice|override)\b[^.:]{0,40}[:\]]",
    # Orders about the orders.
    rf"{_ORDERED}(?:ignore|disregard|forget|override|drop)\b[^.]{{0,30}}\b(?:previous|prior|above"
    r"|earlier|all|any|these|your|the)\b[^.]{0,30}\b(?:instructions?|prompts?|rules?|directions?"
    r"|guidelines|articles?|reports?|context)\b",
    rf"{_ORDERED}(?:disregard|ignore|forget) everything (?:above|before|you)\b",
    r"\byour (?:(?:new|only|next|real|system) )?(?:task|instructions?|prompt) (?:is|are|was)\b"
    r"|\byour system prompt\b|\b(?:full )?text of your instructions\b",
    # A machine is addressed.
    rf"^\W*(?:\w+(?:'s)? ){{0,2}}(?:note|notice|message|attention|hint|important)\b[^.:]{{0,20}}"
    rf"\b{_MACHINE}{_READING}?\s*:",
    rf"^\W*(?:dear|for)(?: all| any| the| every)? {_MACHINE}{_READING}?\s*:"
    rf"|\b(?:dear|attention) {_MACHINE},",
    rf"\b(?:if|since|as) you(?:'re| are) (?:an? )?(?:\w+ )?{_MACHINE}(?=[,.:;]|\W*$|{_READING})",
    rf"^\W*(?:all |any )?{_MACHINE}(?:{_READING},? {_MUST}|[,:](?: please| kindly| do not| don't)?"
    rf"|{_READING}?,? {_MUST}(?= {_WRITE} (?:that|only|the word)\b(?! (?:they|it)\b))) {_WRITE}\b",
    r"\b(?:when|if) you summari[sz]e (?:this|the)\b|\bsummari[sz]ing this (?:article|page|report"
    r"|story|text)\b|\bstop summari[sz]ing\b|^\W*before the summary, |\b(?:begin|end|start) the"
    r" summary with\b|\b(?:must|should) be (?:left out|kept out) of the summary\b",
    r"\byou are (?:now )?(?:dan|in (?:maintenance|developer|debug) mode)\b",
    # The same in other languages.
    r"(?:^|[:!]\s*)(?:ignorez (?:toutes? )?les? (?:instructions?|consignes?)"
    r"|(?:vergiss|ignoriere)\b.{0,20}\banweisungen|ignora\b.{0,12}\binstrucciones|ignora\b.{0,15}\bistruzioni|ignore\b"
    r".{0,12}\binstruções|忽略.{0,8}指示|تجاهل (?:كل |جميع )?التعليمات)"
    r"|(?:забудь|игнорируй).{0,30}(?:указани|инструкци)",
)
_ADDRESSED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*\"|«[^»]*»|„[^“]*“|(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))*['’](?!\w)"
)


def speaks_to_machine(sentence: str) -> bool:
    """Whether a sentence, outside what it quotes, is meant for the program that reads it."""
    return bool(_ADDRESSED.search(_QUOTED.sub('""', sentence)))
