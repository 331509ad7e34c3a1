"""Decisions in words an editor can check: measures, aligned passages, deviating details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.fold import WORD, fold
from fusion.types import GroupEvidence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion.dedup.copies import Overlap
    from fusion.dedup.document import Document
    from fusion.dedup.original import Voice
    from fusion.dedup.rewrites import Alignment
    from fusion.dedup.topic import OffTopic

EXAMPLES = 5  # aligned passages shown
DETAILS = 6  # deviating details named


def copy_evidence(found: Overlap) -> GroupEvidence:
    """Why `found.b` carries the text of `found.a`."""
    original, member = found.a, found.b
    scores = {
        "share_of_member_in_original": round(found.share_b, 3),
        "share_of_original_in_member": round(found.share_a, 3),
    }
    if original.words == member.words:
        return GroupEvidence(member.id, original.id, "the same text, word for word", scores)
    reason = (
        f"{found.share_b:.0%} of its words stand in passages of the original, "
        f"{found.share_a:.0%} of the original's in its own"
    )
    pairs = [(i, j) for i, j, _ in found.pairs]
    return _with_details(original, member, pairs, reason, scores)


def rewrite_evidence(found: Alignment) -> GroupEvidence:
    """Why `found.b` is a rewrite of `found.a`."""
    reason = (
        f"{found.share:.0%} of the shorter text follows the other sentence by sentence, in the "
        f"same order, with {found.lexical:.0%} of the words in common"
    )
    scores = {
        "share_aligned_in_order": round(found.share, 3),
        "words_in_common": round(found.lexical, 3),
        "aligned_passages": float(len(found.pairs)),
    }
    pairs = [(i, j) for i, j, _ in found.pairs]
    return _with_details(found.a, found.b, pairs, reason, scores)


def off_topic_evidence(voice: Voice, found: OffTopic) -> GroupEvidence:
    """Why the report tells another story."""
    key = voice.original.id
    reason = (
        f"another story: only {found.names_shared:.0%} of its names are the story's, and its "
        f"opening has none nearer than {found.nearest:.2f}, where those of the other reports have "
        f"one at {found.usual:.2f}"
    )
    scores = {
        "names_shared": round(found.names_shared, 3),
        "nearest_opening": round(found.nearest, 3),
        "usual_nearest_opening": round(found.usual, 3),
    }
    return GroupEvidence(key, key, reason, scores)


def _with_details(
    original: Document,
    member: Document,
    pairs: Iterable[tuple[int, int]],
    reason: str,
    scores: dict[str, float],
) -> GroupEvidence:
    """The evidence with the pairs that deviate in names and numbers first."""
    known = {name for names in original.names for name in names}
    deviating: list[tuple[int, int, int]] = []
    details: dict[str, None] = {}
    for i, j in pairs:
        new = [name for name in dict.fromkeys(member.names[j]) if name not in original.words[i]]
        strange = [name for name in new if name not in known]
        details.update(dict.fromkeys(_as_printed(member, j, name) for name in strange))
        deviating.append((-len(new) - len(strange), i, j))
    if details:
        named = ", ".join(list(details)[:DETAILS])
        reason += f"; names or numbers that the original does not have: {named}"
    examples = tuple(
        (original.passages[i].text, member.passages[j].text)
        for _, i, j in sorted(sorted(deviating)[:EXAMPLES], key=lambda entry: entry[1])
    )
    return GroupEvidence(member.id, original.id, reason, scores, examples)


def _as_printed(document: Document, passage: int, folded: str) -> str:
    words = (match.group() for match in WORD.finditer(document.passages[passage].text))
    return next(word for word in words if fold(word) == folded)
