"""Writing: one sentence a fact, in the model's words, held to its form; and what it then cites.

The model writes from three or four numbered passages and need not cite: which of them the sentence
rests on is read off the words it used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion import prompts
from fusion.errors import MalformedOutput
from fusion.neutral import loaded_words, reporters_voice, with_plain_speech
from fusion.sentences import split_sentences
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.llm import LLM
    from fusion.types import Chunk

MAX_TOKENS = 90  # a sentence of 45 words; what is longer is not a sentence
FEWEST_WORDS = 5
SAMPLING = 0.7  # temperature of second tries; the first is greedy
NEEDED = 2  # content words that a passage must add to be cited beside a better one
SAME_ALONE = 0.8  # share of the sentence's content words from which a passage carries it alone

# Talk about the sources, or to the reader, is no news sentence.
_META = re.compile(
    r"\b(?:passages?|(?:the|these|this) (?:articles?|texts?|sources say"
    r"|reports? (?:say|state|agree|mention))|in summary|as an ai|i cannot|here is)\b",
    re.IGNORECASE,
)
NAMED_BY_TODAY = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|(?:this|last) (?:morning|afternoon|evening|night))\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:sentence|headline|summary)\s*:\s*|^\s*(?:\[\d+\]|\d+[.)]|[-*•])\s+", re.I
)
_MARKS = re.compile(r"\s*\[\d+(?:\s*,\s*\d+)*\]")


def draft(passages: Sequence[str], llm: LLM, *, problems: Sequence[str] = (), seed: int = 0) -> str:
    """Write one sentence that says what `passages` report.

    After a failed try, `problems` says what was wrong with it and `seed` gives other words.
    Raises `MalformedOutput` (retryable) and `LLMError`.
    """
    remarks = "".join(f"Take care: {problem}\n" for problem in problems)
    completion = llm.generate(
        prompts.messages(
            "write", {"passages": prompts.passages_block(passages), "remarks": remarks}
        ),
        max_tokens=MAX_TOKENS,
        stop=("\n",),
        seed=seed,
        temperature=SAMPLING if problems else 0.0,
    )
    if completion.finish == "length":
        raise MalformedOutput(f"The sentence did not end in {MAX_TOKENS} tokens.")
    return with_plain_speech(one_sentence(completion.text), passages)


def one_sentence(written: str) -> str:
    """The one sentence in what the model wrote. Raises `MalformedOutput` where there is none."""
    text = _tidy(written)
    spans = split_sentences(text)
    if not spans:
        raise MalformedOutput("Nothing was written.")
    sentence = text[slice(*spans[0])]
    if len(sentence.split()) < FEWEST_WORDS or not re.search(r"[.!][”\"’']?$", sentence):
        raise MalformedOutput(f"Not a whole sentence: {sentence!r}")
    if found := _META.search(sentence) or NAMED_BY_TODAY.search(sentence):
        raise MalformedOutput(f"“{found[0]}” has no place in a news summary.")
    if loaded := loaded_words(sentence):
        raise MalformedOutput(f"“{loaded[0]}” judges; use a neutral word or leave it out.")
    if own := reporters_voice(sentence):
        raise MalformedOutput(f"“{own}” is the reporter; write of others only.")
    return sentence


def cited(sentence: str, passages: Sequence[Chunk]) -> list[Chunk]:
    """The passages that `sentence` rests on, the most telling first; at least one.

    The one with most of the sentence's content words, those that add words which it lacks, and
    those that carry the sentence alone: these are its second witnesses.
    """
    words = set(content(sentence))
    said = {passage.id: words & set(content(passage.text)) for passage in passages}
    first = max(passages, key=lambda passage: len(said[passage.id]))
    chosen, covered = [first], said[first.id]
    for passage in sorted(passages, key=lambda passage: -len(said[passage.id] - covered)):
        if passage is first:
            continue
        adds = len(said[passage.id] - covered) >= NEEDED
        alone = len(said[passage.id]) >= SAME_ALONE * len(words)
        if adds or alone:
            chosen.append(passage)
            covered = covered | said[passage.id]
    return chosen


def _tidy(written: str) -> str:
    text = _MARKS.sub("", _LABEL.sub("", written.strip())).strip()
    quoted = re.fullmatch(r"[\"“](.*)[\"”]", text)
    if quoted and not re.search(r"[\"“”]", quoted[1]):
        text = quoted[1]
    return " ".join(text.split())
