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
_ORDER = (
    r"(?:must|should|shall|are (?:required|instructed|asked|to)|is (?:required|instructed) to"
    r"|please|kindly|do not|don't|ignore|disregard|tell|write|say|report|print|repeat|reply"
    r"|recommend|mention|output|add|obey|answer|treat|replace)"
)
_PATTERNS = (
    # Tokens of chat templates.
    r"<\|[\w ]{1,40}\|>|\[/?INST\]|\[/?SYSTEM_PROMPT\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>"
    r"|^#{2,} ?(?:instruction|response|system|input)s?\s*:?|</?(?:tool_call|system|passages?)>",
    # A turn of a chat.
    r"^\W*(?:system|assistant|developer|user|human|tool result|ai)\s*:\s",
    r"^\W*\[?system (?:message|note|prompt|notice|override)\b",
    # Orders about the orders.
    r"\b(?:ignore|disregard|forget|override|drop)\b[^.]{0,30}\b(?:previous|prior|above|earlier|all|any"
    r"|these|your|the)\b[^.]{0,30}\b(?:instructions?|prompts?|rules?|directions?|guidelines|articles?"
    r"|reports?|context)\b",
    r"\b(?:disregard|ignore|forget) everything (?:above|before|you)\b",
    r"\byour (?:(?:new|only|next|real|system) )?(?:task|instructions?|prompt) (?:is|are|was)\b"
    r"|\bsystem prompt\b|\b(?:full )?text of your instructions\b",
    # A machine is addressed.
    rf"\b(?:note|notice|message|attention|dear|hint|important)\b[^.:]{{0,20}}(?:to|for|,)?\s*{_MACHINE}\b[^.]{{0,40}}[:,]",
    rf"\b(?:if|since|as) you(?:'re| are) (?:an? )?(?:\w+ )?{_MACHINE}\b",
    rf"^\W*(?:\w+[:,] )?(?:all |any )?{_MACHINE}(?: reading \w+(?: \w+)?)?,? {_ORDER}\b",
    r"\b(?:when|if) (?:you )?summari[sz](?:e|es|ing) (?:this|the)\b|\bstop summari[sz]ing\b"
    r"|\b(?:before|end|begin|start) the summary\b|\b(?:left out|kept out) of the summary\b",
    r"\byou are (?:now )?(?:dan|in (?:maintenance|developer|debug) mode)\b",
    # The same in other languages.
    r"\bignore[zr]? (?:toutes? )?les? (?:instructions?|consignes?)|\b(?:vergiss|ignoriere)\b.{0,20}"
    r"\banweisungen|\bignora\b.{0,12}\binstrucciones|\bignora\b.{0,15}\bistruzioni|\bignore\b.{0,12}"
    r"\binstruções|(?:забудь|игнорируй).{0,30}(?:указани|инструкци)|忽略.{0,8}指示|تجاهل.{0,12}التعليمات",
)
_ADDRESSED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|«[^»]*»|„[^“]*“")


def speaks_to_machine(sentence: str) -> bool:
    """Whether a sentence, outside what it quotes, is meant for the program that reads it."""
    return bool(_ADDRESSED.search(_QUOTED.sub('""', sentence)))
