"""Who is independent: which reports are one voice, and which are another story's.

The model, in the order in which it is applied:

1. **One text.** Reports of which the shorter stands nearly whole in the longer are one text:
   exact copies, reprints with local edits, trims, reorderings, respellings (`copies`).
2. **Rewrites.** Reports whose sentences say the same one by one in the same order, in other words,
   are one text and its rewrite (`rewrites`). What is told in another order, or with sentences of
   its own between, is a second reporter's.
3. **The original** of a group is the earliest of its full texts that do not credit another, where
   the reports say when they were published; else the wording that other reports confirm. Reports
   with its wording are copies of it (a later version by the same outlet: an update), the rest are
   derived from it and are never cited.
4. **Another story.** What shares few names with the story and opens further from it than its
   reports do from each other is off topic (`topic`).
5. **Shared passages.** Where two groups have near-identical passages, one took them from the other
   or both from an agency. Both reports stay independent, and each such passage counts as the voice
   of one group only. Quoted words alone prove nothing: both reporters may have been there.

Every decision is a `GroupEvidence` that can be read: the measure, its value, aligned passages.
Results do not depend on the order of the articles, save among equals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.dedup.copies import TextIndex, overlap, reused
from fusion.dedup.document import read
from fusion.dedup.evidence import copy_evidence, off_topic_evidence, rewrite_evidence
from fusion.dedup.original import Voice, choose_original, is_update, seniority, usage
from fusion.dedup.rewrites import NameIndex, align
from fusion.dedup.topic import off_topic
from fusion.disjoint import DisjointSets
from fusion.embed import Remembered
from fusion.types import Group, GroupEvidence, Grouping, Role, SharedPassage, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion.dedup.copies import Overlap
    from fusion.dedup.document import Document
    from fusion.dedup.original import Text
    from fusion.embed import PassageEmbedder
    from fusion.types import Article

__all__ = ["dedup"]

UPDATE_SHARE = 0.3  # of the shorter version in the longer: one outlet's story, told further


def dedup(articles: Sequence[Article], embedder: PassageEmbedder) -> Grouping:
    """Group `articles` into independent voices and give each its role.

    `embedder` is asked for the passages (`fusion.chunk.chunk`) of possible rewrites and the
    openings of possibly off-topic reports only, and for each of them once.
    """
    embedder = Remembered(embedder)
    documents = sorted(map(read, articles), key=lambda document: (-document.size, document.id))
    texts, partial = _one_text(documents)
    used = usage(documents)
    voices = [choose_original(group, used) for group in _with_rewrites(texts, embedder)]
    strangers = off_topic([voice.original for voice in voices], embedder)

    roles: dict[str, Role] = {}
    groups: dict[str, Group] = {}
    for voice in voices:
        key = voice.original.id
        evidence: list[GroupEvidence] = []
        if key in strangers:
            roles.update(dict.fromkeys(voice.members, Role.OFF_TOPIC))
            evidence += (off_topic_evidence(voice, strangers[key]),)
        else:
            roles.update(_roles(voice))
        evidence += _evidence(voice, embedder)
        groups[key] = Group(key, voice.members, key, tuple(evidence))
    group_of = {member: group.id for group in groups.values() for member in group.members}
    on_topic = [voice for voice in voices if voice.original.id not in strangers]
    return Grouping(
        sources=tuple(Source(a, group_of[a.id], roles[a.id]) for a in articles),
        groups=tuple(groups[key] for key in dict.fromkeys(group_of[a.id] for a in articles)),
        shared=tuple(_shared(partial, on_topic)),
    )


def _one_text(documents: Iterable[Document]) -> tuple[list[Text], list[Overlap]]:
    """Documents by their text, and the overlaps of those that share only some of it.

    Each text is compared by its fullest document, which comes first, so that the number of
    comparisons grows with that of texts, not of copies.
    """
    texts: dict[str, Text] = {}
    exact: dict[tuple[tuple[str, ...], ...], str] = {}
    partial: list[Overlap] = []
    index = TextIndex()
    for document in documents:
        leader = exact.get(document.words)
        if leader is None:
            found = [overlap(other, document) for other in index.near(document)]
            same = [o for o in found if o.is_copy or _is_version(o)]
            partial += (o for o in found if o not in same)
            leader = max(same, key=lambda o: o.share).a.id if same else document.id
            exact[document.words] = leader
        if leader == document.id:
            index.add(document)
        texts.setdefault(leader, []).append(document)
    return list(texts.values()), partial


def _is_version(found: Overlap) -> bool:
    """Whether the two are an outlet's report and its later, rewritten version."""
    if found.share < UPDATE_SHARE:
        return False
    return is_update(found.a, found.b) or is_update(found.b, found.a)


def _with_rewrites(texts: Iterable[Text], embedder: PassageEmbedder) -> list[list[Text]]:
    """Texts with their rewrites; each list is one voice."""
    groups: dict[str, list[Text]] = {}
    group_of: dict[str, str] = {}
    index = NameIndex()
    for text in texts:
        leader = text[0]
        rewritten = {
            group_of[other.id]
            for other in index.near(leader)
            if align(other, leader, embedder).is_rewrite
        }
        joined = [other for key in sorted(rewritten) for other in groups.pop(key)]
        groups[leader.id] = [text, *joined]
        group_of.update((other[0].id, leader.id) for other in groups[leader.id])
        index.add(leader)
    return list(groups.values())


def _roles(voice: Voice) -> dict[str, Role]:
    if len(voice.members) == 1:
        return {voice.original.id: Role.INDEPENDENT}
    roles = dict.fromkeys(voice.members, Role.DERIVED)
    for document in voice.text:
        updated = any(is_update(document, earlier) for earlier in voice.text)
        roles[document.id] = Role.UPDATE if updated else Role.COPY
    return roles | {voice.original.id: Role.ORIGINAL}


def _evidence(voice: Voice, embedder: PassageEmbedder) -> Iterable[GroupEvidence]:
    original = voice.original
    for document in voice.text:
        if document is not original:
            yield copy_evidence(overlap(original, document))
    for text in voice.rewrites:
        for document in text:
            yield rewrite_evidence(align(original, document, embedder))


def _shared(partial: Iterable[Overlap], voices: Iterable[Voice]) -> Iterable[SharedPassage]:
    """Passages that several voices share, each given to the most senior of them."""
    by_seniority = sorted(voices, key=seniority)
    rank = {member: i for i, voice in enumerate(by_seniority) for member in voice.members}
    alike: DisjointSets[tuple[str, int, int]] = DisjointSets()
    for found in partial:
        a, b = found.a, found.b
        if a.id in rank and b.id in rank and rank[a.id] != rank[b.id]:
            for i, j in reused(found):
                one, other = a.passages[i], b.passages[j]
                alike.join((a.id, one.start, one.end), (b.id, other.start, other.end))
    for places in sorted(map(sorted, alike.sets())):
        owner = min(rank[source] for source, _, _ in places)
        for source, start, end in places:
            if rank[source] != owner:
                yield SharedPassage(source, start, end, by_seniority[owner].original.id)
