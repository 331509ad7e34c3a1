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
# A text that speaks of itself and of what is made of it is not telling news.
_TEXT = (
    r"(?:articles?|texts?|pieces?|pages?|reports?|stor(?:y|ies)|news|items?|dispatch(?:es)?"
    r"|lines?|paragraphs?|sentences?)"
)
_THIS = rf"(?:this|these|the (?:present|following)) {_TEXT}\b"
_SHORTEN = (
    r"(?:summari[sz]\w*|condens\w+|shorten\w*|abridg\w+|recap\w*|retell\w*|paraphras\w+"
    r"|sum(?:s|ming)? up)"
)
_SHORTER = (
    r"(?:summar(?:y|ies)|digests?|recaps?|synops[ei]s|overviews?|retellings?"
    r"|(?:short(?:er|ened)?|condensed|abridged|brief) (?:versions?|forms?|texts?))"
)
_READING = (
    rf"(?: (?:(?:that|which|who) (?:is|are) |is |now )?(?:reading|processing|{_SHORTEN})"
    rf" (?:{_THIS}|(?:this|these|it|text)\b))"
)
# What a writer of text is bidden besides.
_BID = (
    rf"(?:{_WRITE}|begin|open|lead|start|close|end|finish|use|copy|put|drop|insert|carry|mark|thank|skip"
    r"|leave (?:\w+ ){0,3}out|contain|read out|rely|quote|cite|give|conclude|run this)"
)
_MODAL = (
    r"\b(?:must|should|shall|would|ought to|ha(?:s|ve) to|needs? to|(?:is|are) to"
    r"|(?:asked|required|instructed|bidden|expected|requested) to)(?: not| only| always)?"
)
# Where a clause begins; what is appended to honest news begins there.
_CLAUSE = r"(?:^\W*|[;:(—–]\s*|, (?:and|but|so|while) )"
_FOREIGN_MACHINE = (
    r"(?:asistentes?|assistent[ei]s?|assistants?|chat-?bots?|inteligencia artificial"
    r"|intelligen[cz]es? artifi[cz]i\w+"
    r"|mod[eèé]l\w+ (?:de (?:lenguaje|linguagem|langage)|linguistic\w)"
    r"|(?:herramientas?|ferramentas?|outils?|strument[oi]|programas?|programmes?)"
    r" (?:de|di) (?:resum\w+|résumé|synthèse|sintesi|riassunto)|sprachmodell\w*|taalmodel\w*"
    r"|assistenten|zusammenfass\w+|samenvatt\w+|künstliche intelligenz"
    r"|ki(?:-(?:system|modell|assistent|werkzeug|programm|tool|agent)\w*)?|ia"
    r"|языков\w+ модел\w+|чат-?бот\w*|ассистент\w*|нейросет\w+|ии)"
)
_FOREIGN_THIS = (
    r"(?:est[ae]|cet(?:te)?|ce|dies\w{1,2}|quest[oa]|deze?|dit|эт\w{1,3})"
    r" (?:art[íi]culos?|artigos?|articol\w|articles?|artikel\w*|text\w*|testo|tekst"
    r"|p[áa]gina|page|seite|notici?a|nouvelle|bericht\w*|meldung|стать\w+|текст\w*|страниц\w+|новост\w+)"
)
_POLITELY = r"(?:(?:please|kindly|now|then|and)[ ,]+)?"
_PATTERNS = (
    # Tokens of chat templates.
    r"<\|[\w ]{1,40}\|>|\[/?INST\]|\[/?SYSTEM_PROMPT\]|<</?SYS>>|</?(?:start|end)_of_turn>|</?s>"
    r"|^#{2,} ?(?:instruction|response|system|input)s?\s*(?::|$)"
    r"|</?(?:tool_call|system|passages?|instructions?|prompt|context|task|user|assistant|response"
    r"|answer|documents?|important)>",
    # A turn of a chat.
    r"^\W*(?:system|assistant|developer|user|human|tool result|ai|summari[sz]er|grader|evaluator"
    r"|verifier)\s*[:>]\s",
    r"^\W*role\s*:\s*(?:system|assistant|user)\b"
    rf"|\bhere(?: is|'s) (?:your|the|a) (?:\w+ )?{_SHORTER}\s*:"
    rf"|\[{_MACHINE} (?:must|should|shall|please|to)\b",
    r"^\W*system (?:message|note|prompt|notice|override)\b[^.:]{0,40}[:\]]",
    # Orders about the orders.
    rf"{_ORDERED}(?:ignore|disregard|forget|override|drop)\b[^.]{{0,30}}\b(?:previous|prior|above"
    r"|earlier|all|any|these|your|the)\b[^.]{0,30}\b(?:instructions?|prompts?|rules?|directions?"
    r"|guidelines|articles?|reports?|context)\b",
    rf"{_ORDERED}(?:disregard|ignore|forget) everything (?:above|before|you)\b",
    r"\b(?:above|below|before|after|beyond|following) this (?:line|point|sentence|paragraph)\b"
    r".{0,30}\b(?:disregard|ignore|skip|false|discard)",
    r"\byour (?:(?:new|only|next|real|system) )?(?:task|instructions?|prompt) (?:is|are|was)\b"
    r"|\byour (?:previous|last|next|final) (?:answer|reply|response|output|summary)\b"
    r"|\byour system prompt\b|\b(?:full )?text of your instructions\b",
    # A machine is addressed.
    rf"{_CLAUSE}{_MACHINE} (?:note|notice|hint)\s*:",
    rf"^\W*(?:\w+(?:'s)? ){{0,2}}(?:note|notice|message|attention|hint|important|reminder|request"
    rf"|advice)\b[^.:]{{0,20}}\b{_MACHINE}{_READING}?(?:\s*:|\W* [—–-] )",
    r"^\W*(?:[\w;.]+ )?(?:dear|for|to)(?: all| any| the| every)?"
    rf" (?:{_MACHINE}{_READING}?|machines?|bots?|(?:\w+ )?(?:tools|programs))\s*:"
    rf"|\b(?:dear|attention) {_MACHINE},",
    rf"\b(?:if|since|as) you(?:'re| are) (?:an? )?(?:\w+ )?{_MACHINE}(?=[,.:;]|\W*$|{_READING})",
    rf"{_CLAUSE}(?:all |any |the |every )?{_MACHINE}{_READING},? {_MUST} {_WRITE}\b",
    rf"^\W*(?:all |any |the |every )?{_MACHINE}(?:[,:](?: please| kindly| do not| don't)?"
    rf"|,? {_MUST}(?= {_WRITE} (?:that|only|the word)\b(?! (?:they|it)\b))) {_WRITE}\b",
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
    r"|^\W*imagine (?:that )?you (?:(?:work|write) for|are (?:an? |the )?(?:\w+ )?(?:editor"
    rf"|journalist|reporter|{_MACHINE}))\b"
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
    # A machine is to take something for proven; who reprints is to name somebody.
    rf"(?:^\W*|\b(?:{_MACHINE}|software|programs?)\b.{{0,60}}\b)(?:take|treat|regard|consider|accept)"
    r" (?:the following|what follows|this|all of (?:it|this)) as (?:\w+ )?(?:verified|true|proven"
    r"|confirmed|established|facts?|supported|entailed)\b",
    r"^\W*(?:re-?production|re-?printing|re-?publication|re-?use|syndication|licen[cs]e|use)\b"
    rf".{{0,40}}\b(?:short(?:er|ened)?|condensed|abridged|{_SHORTER})\b.*\b(?:names?|mentions?|carr(?:y|ies)"
    r"|states?|says?|includes?|credits?)\b",
    # The same in other languages.
    r"(?:^|[:!]\s*)(?:ignorez (?:toutes? )?les? (?:instructions?|consignes?)"
    r"|(?:vergiss|ignoriere)\b.{0,20}\banweisungen|ignora\b.{0,12}\binstrucciones|ignora\b.{0,15}\bistruzioni|ignore\b"
    r".{0,12}\binstruções|忽略.{0,8}指示|تجاهل (?:كل |جميع )?التعليمات)"
    r"|\b(?:oublie[sz]?|glem|glöm|vergeet|negeer|olvid[ae]|dimentica|esque[cç][ae]|zapomnij)\b"
    r".{0,25}\b(?:instru\w+|consignes|anvisninger)"
    r"|(?:забудь|игнорируй).{0,30}(?:указани|инструкци)",
    # A note for a machine, its salutation, “if you are one”, “when you summarise this”.
    r"^\W*(?:nota|aviso|avviso|note|avis|message|messaggio|mensaje|mensagem|hinweis|anmerkung"
    r"|opmerking|примечание|сообщение|указание|(?:à l['’]|all['’])att?en[tz]ione?)\b"
    rf"[^.:]{{0,15}}\b{_FOREIGN_MACHINE}\s*:",
    r"^\W*(?:estimad\w+|querid\w+|car[aeio]|prezad\w+|ch[eè]re?s?|liebe[rs]?|beste|geachte"
    r"|sehr geehrte[rs]?|уважаем\w+|дорог\w+|(?:por|per) favor,?|bitte,?|пожалуйста,?)"
    rf" {_FOREIGN_MACHINE}\s*[,:]",
    r"\b(?:s[ie] (?:\w+ )?(?:eres|es|sos|sei|siete|és|é)|si (?:tu es|vous êtes)|(?:wenn|falls)"
    r" (?:du|sie|ihr)|als (?:je|jij|u)|если (?:ты|вы))(?: —| –)?"
    r"(?: (?:un[ea]?|uma?|een|eine?)['’]?)?"
    rf" ?{_FOREIGN_MACHINE}(?=[,:;.]|$| (?:que|qui|che|die|el|und)\b)",
    rf"\b(?:{_FOREIGN_MACHINE}\b.{{0,20}}|resum\w+|riassum\w+|résum\w+) {_FOREIGN_THIS}\b"
    rf"|\b{_FOREIGN_THIS} (?:zusammen|samenvat)",
    r"\b(?:al (?:resumir|sintetizar) (?:est[ae]|el presente)|ao resumir est[ae]"
    r"|nel riassumere quest|en (?:résumant|synthétisant) (?:ce|cet|cette)\b"
    r"|beim zusammenfassen diese[rs]|(?:wenn|falls) (?:du|sie) dies\w* .{0,30}\bzusammenfass"
    r"|bij het samenvatten van (?:dit|deze)|при (?:пересказе|обобщении) (?:этой|этого))",
)
_ADDRESSED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE)
_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*\"|«[^»]*»|„[^“]*“|(?<!\w)['‘](?:[^'’]|(?<=\w)['’](?=\w))*['’](?!\w)"
)
# Signs of which each alone, and most pairs, stand in honest news; three that nobody says do not.
_SIGNS = tuple(
    re.compile(sign, re.IGNORECASE)
    for sign in (
        # who is to read it, or how that is steered,
        rf"\b(?:{_MACHINE}|ai-\w+|machines?|computers?|programs?|software|bots?|robots?|crawlers?"
        r"|algorithms?|checkers?|automat(?:ed|ic)|the model|prompts?|instructions?|guidelines|debug"
        r"|override|tokens|persona|(?:supported|entailed) by)\b",
        # that it speaks of its own words,
        rf"\b{_THIS}|\b(?:reading|{_SHORTEN}) this(?=[^\w ]|$| (?:must|should|shall|is|has|it)\b)"
        r"|\bthe (?:(?:next|above|previous|preceding|following|other) )?(?:lines?|sentences?|words?"
        r"|paragraphs?|passages?|sources?|articles?) (?:above|below)\b"
        r"|\b(?:with|add|use|write|say|carry|contain) the (?:words?|sentence|phrase|line)\b"
        r"|\bthe (?:next|above|preceding|following|other) (?:lines?|sentences?|words?|paragraphs?"
        r"|passages?|sources?|articles?)\b",
        # of what is made of them,
        rf"\b(?:{_SHORTER}|{_SHORTEN}|abstracts?|tl;?dr|headline"
        r"|(?:last|first|opening) (?:sentence|line)|(?:the|your|a|short|right|correct) answer)\b",
        # whom it speaks to,
        rf"\byou(?:rs?)?\b|\b(?:dear|attention|hello|hey) {_MACHINE}\b",
        # and what it bids.
        rf"(?:{_CLAUSE}|, |@\w+ )(?:then |please |kindly )*{_BID}\b(?! ?[:,])"
        rf"|\bplease {_BID}\b|{_MODAL} {_BID}\b"
        rf"|\b(?:asks?|bids?|requires?|wants?|urges?)(?: that)?(?: [\w-]+){{1,4}} (?:to )?{_BID}\b"
        r"|\b(?:is|are|should|must) (?:to )?be (?:treated|ignored|disregarded|replaced|marked)\b",
    )
)
_ENOUGH_SIGNS = 3
# Who says so: before the signs (“The firm said …”) or set off by commas (“…, the judge said”).
_SAYS = (
    r"(?:said|says|told|tells|added|adds|advise[sd]|argue[sd]|concede[sd]|found|finds|warn(?:s|ed)"
    r"|rule[sd]|announce[sd]|showed|shows|joke[sd]|insist(?:s|ed)|reported|claim(?:s|ed))"
)
_SAYER = re.compile(
    rf"[,”\"»] (?:[\w'’.-]+ ){{0,8}}{_SAYS}(?: [\w'’]+){{0,5}}(?:,|\W*$)|,? according to \w"
    rf"|^\W*(?:[\w'’-]+,? ){{1,8}}?{_SAYS}\b",
    re.IGNORECASE,
)
# A report of such a sentence that is quoted says of what it is a quotation: “the hidden text read”.
_TOLD_OF = re.compile(
    rf"\b(?:it|{_MACHINE}|{_TEXT}|posts?|messages?|lines?|notes?|comments?|sentences?|words?|code"
    r"|e-?mails?|files?|web ?sites?|prompts?|instructions?|hidden|wrote|reads?|studied|tests?)\b",
    re.IGNORECASE,
)


_INPUT = r"(?:passages?|sources?|evidence|articles?|documents?|input|context|trusted)"
_BANNER = rf"(?:={{3,}}|-{{3,}})[^=-]*\b{_INPUT}\b[^=-]*(?:={{3,}}|-{{3,}})"
# What no reader of news sees: elements that run, load or hide, comments, tables and images of
# Markdown, JSON, fences. Read with the quotations, which are most of it.
_CODE = re.compile(
    r"<!--|</?(?:script|style|iframe|img|meta|object|embed|svg|form|input|link)\b"
    r"|<\w+ [^<>]{0,80}\b(?:style|on\w+) ?="
    r"|<\w+ [^<>]{0,80}\b(?:hidden\b|href ?= ?.javascript:)|&lt;/?\w|\{\{[#/]?\w"
    r"|!\[[^\]]*\]\(|\]\((?:javascript|data):|```|^\[[^\]]*\]: #|-{3} ?\w+ ?: .*-{3}"
    r"|^\|[^|]*\|[^|]*\|"
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
    outside = _QUOTED.sub('""', sentence)
    return bool(
        _ADDRESSED.search(outside)
        or (_signs(outside) and not _SAYER.search(outside))
        or (any(map(_signs, _QUOTED.findall(sentence))) and not _TOLD_OF.search(outside))
        or _CODE.search(sentence)
        or _ENCODED.search(sentence)
        or sum(bool(_DISGUISED.search(word)) for word in sentence.split()) > _MOST_DISGUISED
    )


def _signs(text: str) -> bool:
    return sum(bool(sign.search(text)) for sign in _SIGNS) >= _ENOUGH_SIGNS


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
