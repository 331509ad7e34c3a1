"""How far a run is, and an honest guess at how long the rest takes."""

from __future__ import annotations

from statistics import fmean
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fusion.progress import Observer

T = TypeVar("T")


class Pace:
    """Tells how far the run is, and how long the rest takes.

    `units` counts what is to be made of each kind (a system, a scorer). A kind goes on at the mean
    of what it took so far; one that has not begun is taken to be like the mean of the others.
    """

    def __init__(self, observer: Observer, units: Mapping[str, int]) -> None:
        self._observer = observer
        self._left = dict(units)
        self._total = sum(units.values())
        self._seconds: dict[str, list[float]] = {}

    def time(self, kind: str, what: str, make: Callable[[], T]) -> T:
        """Do one unit of the work, and count the time that it takes."""
        number = self._total - sum(self._left.values()) + 1
        self._observer.stage(f"{number} of {self._total}", what + self._about())
        started = perf_counter()
        try:
            return make()
        finally:
            self._seconds.setdefault(kind, []).append(perf_counter() - started)
            self._left[kind] -= 1

    def seconds_left(self) -> float | None:
        """The estimate; None before anything was made."""
        means = {kind: fmean(took) for kind, took in self._seconds.items()}
        if not means:
            return None
        usual = fmean(means.values())
        return sum(count * means.get(kind, usual) for kind, count in self._left.items())

    def _about(self) -> str:
        seconds = self.seconds_left()
        if seconds is None:
            return ""
        return (
            f", about {seconds:.0f} s left" if seconds < 100 else f", {seconds / 60:.0f} min left"
        )
