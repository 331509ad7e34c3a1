"""The prompts: one Markdown file each in `prompts/`, whose front matter names its variables.

    ---
    variables: [passages, sentence]
    ---
    {passages}Sentence: {sentence}
    …

Every prompt about passages begins with them, under one system text: the model then reads the
passages once for writing a sentence and for checking it (they stay in the KV cache).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fusion.errors import FusionError
from fusion.llm import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.resources.abc import Traversable

_FRONT_MATTER = re.compile(r"---\nvariables: \[(.*?)\]\n---\n", re.DOTALL)
_VARIABLE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt's text with `{variables}` in it; `sha256` is of the whole file."""

    name: str
    template: str
    variables: frozenset[str]
    sha256: str

    def fill(self, values: Mapping[str, str]) -> str:
        """Put `values` for the variables. What a value contains is never read as a variable."""
        if set(values) != self.variables:
            raise FusionError(
                f"prompts/{self.name}.md takes {sorted(self.variables)}, not {sorted(values)}."
            )
        return _VARIABLE.sub(lambda match: values[match[1]], self.template)


def messages(name: str, values: Mapping[str, str]) -> list[Message]:
    """Build the conversation that puts prompt `name` to the model."""
    return [
        Message("system", load("system").fill({})),
        Message("user", load(name).fill(values)),
    ]


def passages_block(passages: Sequence[str]) -> str:
    """Number the passages, one a line, and end with an empty line."""
    lines = (f"[{i}] {' '.join(text.split())}" for i, text in enumerate(passages, start=1))
    return "Passages:\n" + "\n".join(lines) + "\n\n"


@cache
def load(name: str) -> Prompt:
    """Read `prompts/<name>.md`; its variables must be those that its front matter names."""
    return parse(name, (_folder() / f"{name}.md").read_text(encoding="utf-8"))


def parse(name: str, text: str) -> Prompt:
    """Make a prompt of the text of its file. Raises `FusionError` where the two parts disagree."""
    head = _FRONT_MATTER.match(text)
    if head is None:
        raise FusionError(f"prompts/{name}.md: it must begin with '---', 'variables: […]', '---'.")
    declared = frozenset(v.strip() for v in head[1].split(",") if v.strip())
    template = text[head.end() :].strip("\n")
    used = frozenset(_VARIABLE.findall(template))
    if used != declared:
        raise FusionError(
            f"prompts/{name}.md: it declares {sorted(declared)} and uses {sorted(used)}."
        )
    return Prompt(name, template, declared, hashlib.sha256(text.encode()).hexdigest())


def hashes() -> dict[str, str]:
    """SHA-256 of every prompt file, by name."""
    names = sorted(f.name.removesuffix(".md") for f in _folder().iterdir() if f.name[-3:] == ".md")
    return {name: load(name).sha256 for name in names}


def _folder() -> Traversable:
    installed = files("fusion") / "_prompts"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "prompts"
