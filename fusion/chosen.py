"""The model of a run: one that was given, another provider's, or a file for llama.cpp."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fusion.summary import ModelInfo

if TYPE_CHECKING:
    from collections.abc import Callable

    from langchain_core.language_models import BaseChatModel

    from fusion.llm import LLM
    from fusion.progress import Observer
    from fusion.settings import Settings


def chosen(
    settings: Settings, given: LLM | BaseChatModel | None, observer: Observer
) -> tuple[ModelInfo, Callable[[], LLM]]:
    """What the model is, found or refused now, and how to load it when a call needs it."""
    if given is not None or _names_provider(settings.model):
        other = _other_model(settings.model, given)
        name = getattr(other, "name", type(other).__name__)
        return ModelInfo(name=name, file="", sha256=""), lambda: other
    from fusion.llm import LlamaCpp
    from fusion.models import resolve

    found = resolve(
        settings.model, settings.cache_dir, lambda words: observer.stage("model", words)
    )
    info = ModelInfo(name=found.name, file=found.path.name, sha256=found.sha256)
    return info, lambda: LlamaCpp(found.path)


def _names_provider(model: str) -> bool:
    """Whether it is LangChain's `provider:name`, not a path; one letter would be a drive."""
    provider, colon, _ = model.partition(":")
    return bool(colon and re.fullmatch(r"\w[\w-]+", provider)) and not Path(model).exists()


def _other_model(name: str, given: LLM | BaseChatModel | None) -> LLM:
    if given is not None and hasattr(given, "choose"):
        return cast("LLM", given)
    from fusion.langchain import LangChainLLM

    if given is None:
        return LangChainLLM.from_name(name)
    return LangChainLLM(given)
