"""Whether an embargo is in force: the one question about a story that needs a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from fusion.render import say_time

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion.summary import SummarySource

_WESTMOST = timedelta(hours=12)  # behind UTC: where a day and its hours begin last


def notes_in_force(sources: Iterable[SummarySource], now: datetime | None = None) -> list[str]:
    """A sentence for each source that must not be published yet at `now`, aware; default: now.

    An embargo that states no zone ends when its time has come everywhere.
    """
    moment = now or datetime.now(UTC)
    return [
        f"{source.file}: embargoed until {say_time(source.embargoed)}; "
        "do not publish before then what rests on it."
        for source in sources
        if source.embargoed and moment < _end(source.embargoed)
    ]


def _end(stated: datetime) -> datetime:
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC) + _WESTMOST
