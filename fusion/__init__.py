"""fusion: several reports on one story in, one fused, cited, verified summary out.

    from fusion import summarize
    summary = summarize("story-dir")

Names are imported when first used, so that `fusion --help` pays for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fusion.errors import FusionError
    from fusion.pipeline import Fusion, summarize
    from fusion.settings import Settings
    from fusion.summary import StorySummary

__version__ = "0.1.0"
__all__ = ["Fusion", "FusionError", "Settings", "StorySummary", "summarize"]

_HOMES = {
    "Fusion": "fusion.pipeline",
    "FusionError": "fusion.errors",
    "Settings": "fusion.settings",
    "StorySummary": "fusion.summary",
    "summarize": "fusion.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fusion' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
