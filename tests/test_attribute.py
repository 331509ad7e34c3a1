from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING

import pytest
from passages import passages, source

from fusion.attribute import as_their_word, attributed
from fusion.compose import Told
from fusion.types import Chunk, Source, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUER = "the Ostwick Harbour Board"
NAMED = "The Ostwick Harbour Board thanks its divers."
SHUT = "The swing bridge has been shut to lorries since Sunday."


def released(*texts: str) -> Source:
    report = source("a", *texts)
    about = replace(report.article.metadata, issuer=ISSUER)
    return replace(report, article=replace(report.article, metadata=about))


def told(*cited: Chunk) -> Told:
    return Told(cited[0].text, "fact", cited, Verdict(True, 1.0, {}))


def shown(reports: Sequence[Source], *cited: Chunk, room: float = inf) -> Told:
    known = {report.article.id: report for report in reports}
    (result,) = as_their_word([told(*cited)], known, passages(*reports), room)
    return result


@pytest.mark.parametrize(
    ("text", "theirs"),
    [(SHUT, "The swing bridge has been shut to lorries since Sunday, according to the Ostwick"
      " Harbour Board."),
     ("The Ostwick board has hired divers.", "The Ostwick board has hired divers, it said."),
     ("We have hired divers.", "The Ostwick Harbour Board said: “We have hired divers.”"),
     ("“We are sorry,” our chief said.", ""), ("Who shut the bridge?", "")],
)  # fmt: skip
def test_what_a_release_tells_is_its_issuers_word(text: str, theirs: str) -> None:
    assert attributed(text, ISSUER) == theirs


def test_what_only_a_release_tells_names_its_issuer_and_cites_where_it_does() -> None:
    release = released(NAMED, SHUT)
    thanks, shut = passages(release)
    result = shown([release], shut)
    assert result.text == attributed(SHUT, ISSUER)
    assert (result.kind, result.passages) == ("attributed", (shut, thanks))
    assert shown([release], shut, room=5) == told(shut)


def test_what_another_report_says_too_or_somebody_says_is_left_as_it_is() -> None:
    said = "The bridge is safe, the harbour master said."
    release, other = released(NAMED, SHUT, said), source("b", SHUT)
    _, shut, safe = passages(release)
    (too,) = passages(other)
    assert shown([release, other], shut, too) == told(shut, too)
    assert shown([release], safe) == told(safe)
    assert shown([other], too) == told(too)
