"""The scorers by name, as tasks name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.embed import E5Embedder, Remembered
from fusion.errors import UsageError
from fusion.evaluate.planted import Planted
from fusion.evaluate.reference import ReferenceFacts, Rouge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fusion.evaluate.scorer import Scorer

_SCORERS: dict[str, Callable[[], Scorer]] = {
    "planted": Planted,
    "rouge": Rouge,
    "facts": lambda: ReferenceFacts(Remembered(E5Embedder())),
}


def scorers_from(names: Sequence[str]) -> list[Scorer]:
    """The scorers of these names. Raises `UsageError`."""
    for name in names:
        if name not in _SCORERS:
            raise UsageError(f"{name!r}: no such scorer; there are {', '.join(_SCORERS)}.")
    return [_SCORERS[name]() for name in names]
