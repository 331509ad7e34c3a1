"""Disjoint sets: which things belong together, given pairs that do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T", bound="Hashable")


class DisjointSets(Generic[T]):
    """Sets that grow by `join` (Galler & Fischer 1964), in the order of first mention."""

    def __init__(self) -> None:
        self._parent: dict[T, T] = {}

    def add(self, item: T) -> None:
        """Make `item` known, alone if it was not."""
        self._parent.setdefault(item, item)

    def join(self, one: T, other: T) -> None:
        """Put the sets of two items together."""
        self.add(one)
        self.add(other)
        self._parent[self._root(other)] = self._root(one)

    def sets(self) -> list[list[T]]:
        """All sets, each with its items."""
        members: dict[T, list[T]] = {}
        for item in self._parent:
            members.setdefault(self._root(item), []).append(item)
        return list(members.values())

    def _root(self, item: T) -> T:
        while (parent := self._parent[item]) != item:
            self._parent[item] = self._parent[parent]  # halve the path
            item = parent
        return item
