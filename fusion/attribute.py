"""Whose word it is: what only a party's own release tells is told as that party's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.neutral import reporters_voice
from fusion.verify.claimant import claimant
from fusion.words import content, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.compose import Told
    from fusion.types import Chunk, Source


_ARTICLE = re.compile(r"^the ", re.IGNORECASE)


def attributed(text: str, issuer: str) -> str:
    """`text` with who says it: “…, according to the port.”, or “…, it said.” where it begins so.

    What “we” have done stands in quotation marks. "" for what cannot be told so.
    """
    if reporters_voice(text):
        quotes = '"' in plain(text)
        return "" if quotes else f"{issuer[:1].upper()}{issuer[1:]} said: “{text}”"
    if not text.endswith("."):
        return ""
    first, subject = (_ARTICLE.sub("", words).split()[0] for words in (issuer, text))
    return f"{text[:-1]}, {'it said' if subject == first else f'according to {issuer}'}."


def as_their_word(
    told: Sequence[Told],
    sources: Mapping[str, Source],
    passages: Sequence[Chunk],
    room: float,
) -> list[Told]:
    """`told` with the issuer named of what rests on their own release alone and names no claimant.

    A passage of the release that names them is cited, too. `passages` are the story's, in the order
    of reading; `room` is how many words may be added.
    """
    named = []
    for each in told:
        issuers = {sources[passage.source].article.metadata.issuer for passage in each.passages}
        issuer = issuers.pop() if len(issuers) == 1 else None
        text = attributed(each.text, issuer) if issuer and not claimant(each.text) else ""
        added = len(text.split()) - len(each.text.split())
        if not text or not issuer or added > room:
            named.append(each)
            continue
        room -= added
        named.append(
            replace(each, text=text, kind="attributed", passages=_naming(issuer, each, passages))
        )
    return named


def _naming(issuer: str, told: Told, passages: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """What is cited, with a passage of the same report that names the issuer if none does yet."""
    name = set(content(issuer))
    if any(name <= set(content(passage.text)) for passage in told.passages):
        return told.passages
    source = told.passages[0].source
    own = (p for p in passages if p.source == source and name <= set(content(p.text)))
    return (*told.passages, *([first] if (first := next(own, None)) else []))
