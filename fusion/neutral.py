"""A summary's own voice: what it may not say outside quotations.

It makes no judgement, though it may quote one from who makes it. `LOADED` is of words whose judging
sense is their usual one in news, so that a neutral sentence is seldom stopped. It does not speak of
itself, nor as the reporter does ("we were told", "as you can see"), nor chats ("it's hard to see
why"). And who says something *says* it: "claimed" and "admitted" judge too, unless the source uses
them. English only; of other languages nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.words import plain, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

LOADED = word_set("""
abominable absurd agitators amazing amazingly appalling arrogant astonishing astonishingly atrocious
barbaric betrayal betrayed bloodthirsty bombshell bombshells bootlickers botched bravely brazen
brazenly breathtaking breathtakingly bullies bully bungled bungling callous charade circus clown
clowns clueless contemptible cops corrupt coward cowardly cowards crackpot crackpots craven cretins
cronies crooked crooks cynical cynically daft deceitful defiled delusional demonic depraved
despicable despot despots diabolic diabolical disgrace disgraceful disgracefully disgusting
dishonest drivel earth-shattering evil extortionate fanatics farce farcical fat-cat fat-cats
feckless fiasco filthy foolish foolishly freeloaders gallant gallantly game-changing genius geniuses
glorious gobsmacking goon goons greed greedily greedy grotesque gullible gutless gutter hapless
hateful heart-stopping heartbreaking heartbroken heartless heinous henchmen heroic heroically hordes
horrifying horrifyingly howling humiliating hypocrisy hypocrite hypocrites hypocritical hysterical
idiotic idiots imbecile immoral incompetence incompetent incredible incredibly inept infamous
infuriating insane insanely insolent invaders jaw-dropping lackeys laughable lazy leeches liar liars
ludicrous lunatic lunatics maniac masterful mind-blowing mind-boggling mindless miraculous
miraculously mob mobs moronic mouthpiece murderous noble nobly notorious obscene odious oppressors
outrage outrageous outrageously parasites pathetic pathetically patriotic perverse petulant phoney
phony pigheaded pompous preening preposterous puppets quisling rabble rampant reckless recklessly
ridiculous riffraff rogues rotten ruthless ruthlessly saboteurs sanctimonious savage savages
scandalous scandalously scroungers scum sensational sensationally senseless shady shambles shambolic
shameful shamefully shameless shamelessly shocking shockingly shrill sickening sinister slavish
sleazy smug snivelling snobs so-called spineless spiteful squalid stooge stooges stunning stunningly
stunt stupid stupidly surrender-monkeys swindle tantrum terrifying terrifyingly thug thuggish thugs
toadies traitor traitors treacherous triumphant triumphantly turncoat turncoats tyrannical tyrant
unbelievable unbelievably unforgivable unpatriotic unscrupulous vermin vicious viciously vile
villain villains vindictive warmonger warmongers whining wicked witch-hunt work-shy workshy wretched
zealots
""")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# What a state is called by those who deny that it is one, and turns of tabloids.
_PHRASES = re.compile(
    r"\b(?:(?:Zionist|fascist|terrorist|puppet|rogue|criminal|mafia) (?:entity|regime|state|clique)"
    r"|fat cats?|hit(?:s|ting)? back (?:at|in)|barking up)\b",
    re.IGNORECASE,
)
# “A TERRIFIED mother”: ordinary words in capitals shout. Names and acronyms do not end so.
_SHOUTED = re.compile(r"[A-Z]{3,}(?:ED|LY|FUL|LESS|IOUS)\Z")
# In `plain` text. Single marks count too, as headlines have them; a mark without another quotes
# nothing here, since it would hide what the writer says after it.
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def _bare(text: str) -> str:
    """The text, with plain marks, without what stands in them."""
    return _QUOTED.sub(" ", plain(text))


def loaded_words(text: str) -> list[str]:
    """The loaded words of `text` outside its quotations, shouted ones among them, in order.

    After them, turns of several words.
    """
    bare = _bare(text)
    found = [w for w in _WORD.findall(bare) if w.lower() in LOADED or _SHOUTED.match(w)]
    return found + _PHRASES.findall(bare)


_REPORTER = re.compile(
    r"\b(?:I(?= [a-z]|['’])|[Mm]y|[Mm]yself|[Ww]e|[Ww]e['’]\w+|[Oo]ur(?! Lady)|[Oo]urs|us|me)\b"
    r"|\b[Tt]his (?:newspaper|paper|magazine|broadcaster|website|site|blog|reporter"
    r"|correspondent|edition)\b"
    r"|\b(?:[Yy]ou|[Yy]ours?|[Yy]ourself)\b"  # the reader is the reporter's, not the news's
    r"|^\W*(?:Hopefully|Sadly|Unfortunately|Thankfully|Luckily|Frankly|Arguably|Obviously|Ironically"
    r"|Interestingly|Curiously|Remarkably|Maybe|Perhaps(?! \d)|Assuming|Of course|To be sure"
    r"|Needless to say)\b"
    r"|\b(?:press time|(?:time of|as of this) (?:writing|publication)|(?:went|going) to press)\b"
)
# World War I, Part I, King Charles I.
_NUMERAL = re.compile(
    r"\b(?:War|Part|Phase|Stage|Division|Article|Class|Type|Category|Level|Title|Chapter|Section"
    r"|Act|Book|Volume|Grade|Tier|Annex|(?:King|Queen|Pope|Emperor|Empress|Tsar|Elizabeth)"
    r"(?: [A-Z]\w+)*) I\b"
)


def reporters_voice(text: str) -> str:
    """The first word outside quotations by which the writer speaks of themselves; "" for none."""
    found = _REPORTER.search(_NUMERAL.sub(" ", _bare(text)))
    return found[0] if found else ""


# Spoken forms, and turns by which a writer weighs what they tell: news has them from others.
_COMMENT = re.compile(
    r"\b(?:\w+['’](?:ll|re|ve)|(?:it|that|there|what|here|let|who|how)['’]s"
    r"|(?:does|do|ca|is|are)n['’]t)\b"
    r"|\b(?:hard to (?:say|see|know|tell|believe|imagine|understand|predict)|(?:no|small) wonder"
    r"|of course|in other words|after all(?=[,.])|turns out|to be fair|in fairness|not to mention"
    r"|seems? unable to|pretty (?:much|good|clear|normal)|really"
    r"|no doubt(?! (?:that|about|whether|as to)\b)|^\W*what (?:appears?|seems?) to"
    r"|hilarious(?:ly)?|funny|depressing(?:ly)?|ironic(?:ally)?|needless|arguably|undoubtedly"
    r"|obviously|surely|maybe|the (?:truth|fact|point|question|problem|bottom line) is"
    r"|make no mistake|a bunch of|some context|perp|guys?)\b"
    r"|^\W*(?:yes|no|oh|well|ok|okay|wow),|^\W*(?:cue|the (?:good|bad) news)\b|\w!"
    r"|^\W*(?:another|one|part|some)(?: (?:big|good|main|more))?"
    r" (?:of the )?(?:reasons?|problems?|examples?)\b"
    r"|^\W*there (?:are|is) (?:one|two|three|four|a few|some) (?:thing|reason|way|question)s?\b",
    re.IGNORECASE,
)


def commentary(text: str) -> str:
    """The first sign, outside quotations, that the writer chats or weighs; "" for none.

    Ask it of what nobody else is said to say: “he did not think that it's hard” is told of him.
    """
    found = _COMMENT.search(_bare(text))
    return found[0] if found else ""


_SAYING = "said says say told tells"
# What may stand before a verb that ends its clause: “…, the union claimed.”, not “were claimed.”
_TAIL = re.compile(r"[,”\"] ?(?:(?!(?:who|which|that|is|are|was|were|be|been)\b)[\w'’.-]+ ){1,6}$")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being) (?:\w+ly )?$")
_JUDGING = re.compile(
    r"\b(claimed|claims|alleged|admitted|reported|stated|asserted|revealed|noted|declared|explained"
    r"|emphasi[sz]ed|acknowledged|boasted|conceded)(?= that\b|,? [“\"]|[.,](?: |$))"
)


def with_plain_speech(sentence: str, passages: Sequence[str]) -> str:
    """The sentence with "said" for a verb of saying that no passage has, where one has "said"."""
    there = {stem(word.lower()) for passage in passages for word in _WORD.findall(passage)}
    if not there & {stem(word) for word in _SAYING.split()}:
        return sentence

    def plainer(match: re.Match[str]) -> str:
        before, after = sentence[: match.start()], sentence[match.end() :]
        if stem(match[0]) in there or _PASSIVE.search(before):
            return match[0]
        return match[0] if after[:1] in (".", ",") and not _TAIL.search(before) else "said"

    return _JUDGING.sub(plainer, sentence)
