"""The few things a user can set. Their hash is in every summary."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from fusion.errors import UsageError

DEFAULT_MODEL = "qwen2.5-coder-1.5b"


def default_cache_dir() -> Path:
    """Where models, indexes and run artifacts are kept: `FUSION_CACHE`, or the user's cache."""
    if configured := os.environ.get("FUSION_CACHE"):
        return Path(configured).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("fusion")


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes a summary, and where things are kept.

    sentences   length of the summary, 1 to 40
    words       its length in words instead, 20 to 800, kept within 10 %
    language    of the summary, an ISO 639-1 code; None: the one that most of the reports is in
    model       a registered name, a path to a `.gguf` file, or `provider:name` for LangChain
    seed        of every sampled token
    cache_dir   not part of the hash: it changes no result
    """

    sentences: int = 10
    model: str = DEFAULT_MODEL
    seed: int = 0
    cache_dir: Path = field(default_factory=default_cache_dir)
    words: int | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.sentences <= 40:
            raise UsageError(f"--sentences must be 1 to 40, not {self.sentences}.")
        if self.words is not None and not 20 <= self.words <= 800:
            raise UsageError(f"--words must be 20 to 800, not {self.words}.")
        if self.language is not None and not re.fullmatch("[a-z]{2}", self.language):
            raise UsageError(f"--language must be two letters such as fr, not {self.language!r}.")
        if not 0 <= self.seed < 2**32:
            raise UsageError(f"--seed must be 0 to {2**32 - 1}, not {self.seed}.")

    def hash(self) -> str:
        """SHA-256 of what can change a result, 16 hex digits.

        What is None is left out, so that a setting added later changes no hash of before.
        """
        kept = {
            name: value
            for name, value in asdict(self).items()
            if name != "cache_dir" and value is not None
        }
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]
