"""Loaded wording: words that judge what they name, found outside quotations.

A news summary may quote a judgement from the one who makes it; it makes none. The list is of words
whose judging sense is their usual one in news, so that a neutral sentence is seldom stopped. It is
English only; of other languages nothing is said.
"""

from __future__ import annotations

import re

from fusion.verify.text import plain, word_set

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
