"""A summary's own voice: what it may not say outside quotations.

It makes no judgement, though it may quote one from who makes it. `LOADED` is of words whose judging
sense is their usual one in news, so that a neutral sentence is seldom stopped. It does not speak of
itself, nor as the reporter does ("we were told"). And who says something *says* it: "claimed" and
"admitted" judge too, unless the source uses them. English only; of other languages nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.verify.text import plain, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

LOADED = word_set("""
abominable absurd appalling arrogant atrocious barbaric betrayal betrayed bloodthirsty botched
brazen brazenly bungled bungling callous clown clowns clueless corrupt cowardly coward cowards
craven crooked crooks cronies cynical cynically daft deceitful delusional demonic depraved
despicable diabolical disgrace disgraceful disgracefully dishonest evil extortionate farce
farcical fat-cat fat-cats feckless filthy foolish foolishly glorious goons greed greedily greedy
gullible gutless heartless heinous heroic heroically hypocrisy hypocrite hypocrites hypocritical
hysterical idiotic idiots immoral incompetence incompetent inept infamous infuriating insane
insanely lackeys laughable lazy liar liars ludicrous lunatic lunatics maniac masterful moronic
mouthpiece notorious odious outrage outrageous outrageously pathetic pathetically perverse
petulant pompous preposterous puppets rampant reckless recklessly ridiculous rotten ruthless
ruthlessly scandalous scandalously scum senseless shady shambles shambolic shameful shamefully
shameless shamelessly shockingly sinister sleazy snobs so-called spineless squalid stooge stooges
stupid stupidly surrender-monkeys swindle thugs thuggish toadies traitor traitors treacherous
tyrant tyrannical unforgivable unscrupulous vicious viciously vile villain villains wicked
""")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_QUOTED = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")


def loaded_words(text: str) -> list[str]:
    """The loaded words of `text` outside its quotations, in order."""
    bare = _QUOTED.sub(" ", plain(text))
    return [word for word in _WORD.findall(bare) if word.lower() in LOADED]


_REPORTER = re.compile(
    r"\b(?:(?<!War )I(?= [a-z]|['’])|[Mm]y|[Mm]yself|[Ww]e|[Ww]e['’]\w+|[Oo]ur|[Oo]urs|us|me)\b"
    r"|\bthis (?:newspaper|paper|magazine|broadcaster|website|site|blog|reporter|correspondent)\b"
)


def reporters_voice(text: str) -> str:
    """The first word outside quotations by which the writer speaks of themselves; "" for none."""
    found = _REPORTER.search(_QUOTED.sub(" ", plain(text)))
    return found[0] if found else ""


_SAYING = "said says say told tells"
_JUDGING = re.compile(
    r"\b(claimed|claims|alleged|admitted|reported|stated|asserted|revealed|noted|declared|explained"
    r"|emphasi[sz]ed|acknowledged|boasted|conceded)(?= that\b|,? [“\"]|[.,](?: |$))"
)


def with_plain_speech(sentence: str, passages: Sequence[str]) -> str:
    """The sentence with "said" for a verb of saying that no passage has, where one has "said"."""
    there = {stem(word.lower()) for passage in passages for word in _WORD.findall(passage)}
    if not there & {stem(word) for word in _SAYING.split()}:
        return sentence
    return _JUDGING.sub(lambda m: m[0] if stem(m[0]) in there else "said", sentence)
