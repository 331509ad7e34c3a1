"""Language models: one small protocol, the llama.cpp adapter, and a scripted one for unit tests.

The two things that fusion asks of a model are words (`generate`) and a choice (`choose`). A choice
is read from the probabilities of the next token, which is exact, costs one prefill and no
generation, and needs no parsing.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from fusion.errors import ContextTooLong, LLMError, ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of a conversation. A final `assistant` turn is one that the model goes on with."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote; `finish` is "length" where the token cap cut it off."""

    text: str
    finish: Literal["stop", "length"]


@dataclass(slots=True)
class Usage:
    """Running totals of a model. `cached` is the part of `prompt` that was in the KV cache."""

    prompt: int = 0
    cached: int = 0
    generated: int = 0


class LLM(Protocol):
    """A language model. Calls are made one at a time; implementations hold their own lock."""

    usage: Usage

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        seed: int = 0,
        temperature: float = 0.0,
        grammar: str | None = None,
    ) -> Completion:
        """Write at most `max_tokens` tokens, up to and without any of the `stop` strings.

        `temperature` 0 is greedy. `grammar` is GBNF (see `json_grammar`). Raises `LLMError`.
        """

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """Probability of each of `choices` to be the next word; they sum to 1."""


class LlamaCpp:
    """A GGUF model by llama.cpp, on all physical cores.

    The context grows to what a call needs, up to what the model was trained for. The KV cache
    keeps the last call's tokens, so a prompt that begins like the one before it is read only from
    where they differ. Article text cannot forge turns: contents are tokenised as plain text, and
    only the chat template's own parts as special tokens.
    """

    def __init__(self, path: Path, *, context_tokens: int = 2048) -> None:
        self.path = path
        self.usage = Usage()
        self._lock = threading.Lock()
        self._context_tokens = context_tokens
        self._llama = self._open(context_tokens)
        self._template = _ChatTemplate(self._llama)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        seed: int = 0,
        temperature: float = 0.0,
        grammar: str | None = None,
    ) -> Completion:
        """See `LLM.generate`."""
        from llama_cpp.llama_grammar import LlamaGrammar

        with self._lock:
            tokens = self._template.tokens(messages)
            self._make_room(len(tokens) + max_tokens)
            self._count_prompt(tokens)
            self._llama.set_seed(seed)
            stream = self._llama.generate(
                tokens,
                temp=temperature,
                grammar=LlamaGrammar.from_string(grammar, verbose=False) if grammar else None,
            )
            return self._collect(stream, max_tokens, stop)

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """See `LLM.choose`. Each choice is known by its first token, and these must differ."""
        import llama_cpp

        with self._lock:
            tokens = self._template.tokens(messages)
            first = [self._llama.tokenize(c.encode(), add_bos=False)[0] for c in choices]
            if len(set(first)) < len(choices):
                raise LLMError(f"The choices {list(choices)} begin with the same token.")
            self._make_room(len(tokens))
            # At least the last token is read again: its logits are what we are after.
            kept = min(self._count_prompt(tokens), len(tokens) - 1)
            self._llama.n_tokens = kept
            self._llama.eval(tokens[kept:])
            row = llama_cpp.llama_get_logits_ith(self._llama.ctx, -1)
            logits = np.array([row[token] for token in first], dtype=np.float64)
        weights = np.exp(logits - logits.max())
        return dict(zip(choices, (weights / weights.sum()).tolist(), strict=True))

    def close(self) -> None:
        """Free the model's memory."""
        self._llama.close()

    def _open(self, context_tokens: int) -> Any:
        threads = physical_cores()
        try:
            return _llama_class()(
                str(self.path),
                n_ctx=context_tokens,
                n_threads=threads,
                n_threads_batch=threads,
                verbose=False,
            )
        except (ValueError, RuntimeError) as error:
            raise ModelError(
                f"{self.path.name}: llama.cpp cannot load it ({error}); "
                "it may need a newer llama-cpp-python or more memory."
            ) from error

    def _make_room(self, needed: int) -> None:
        if needed <= self._llama.n_ctx():
            return
        trained = int(self._llama.metadata.get(f"{self._architecture()}.context_length", needed))
        if needed > trained:
            raise ContextTooLong(
                f"{self.path.name}: the prompt and its answer need {needed} tokens, "
                f"the model has {trained}; use fewer or shorter passages."
            )
        size = self._context_tokens
        while size < needed:
            size *= 2
        self._llama.close()
        self._llama = self._open(min(size, trained))
        self._template = _ChatTemplate(self._llama)

    def _architecture(self) -> str:
        return str(self._llama.metadata.get("general.architecture", ""))

    def _count_prompt(self, tokens: list[int]) -> int:
        """Add `tokens` to the usage; return how many of them the KV cache already holds."""
        held = self._llama.input_ids[: self._llama.n_tokens].tolist()
        same = takewhile(lambda pair: pair[0] == pair[1], zip(held, tokens, strict=False))
        cached = sum(1 for _ in same)
        self.usage.prompt += len(tokens)
        self.usage.cached += min(cached, len(tokens) - 1)
        return cached

    def _collect(self, stream: Any, max_tokens: int, stop: Sequence[str]) -> Completion:
        written = b""
        for count, token in enumerate(stream, start=1):
            if self._template.ends_turn(token):
                return Completion(_decode(written), "stop")
            self.usage.generated += 1
            written += self._llama.detokenize([token])
            text = _decode(written)
            if found := [text.index(s) for s in stop if s in text]:
                return Completion(text[: min(found)], "stop")
            if count == max_tokens:
                break
        return Completion(_decode(written), "length")


def _llama_class() -> type[Any]:
    """`llama_cpp.Llama`, kept from the CPU's matrix unit (AMX) where it was compiled for one.

    Virtual machines may name the unit and not let it be used; then the first token ends the process
    with a segmentation fault, which nothing can catch. llama.cpp reaches it through its extra
    buffer types, which `Llama` has no argument for.
    """
    import llama_cpp

    if b"AMX_INT8 = 1" not in llama_cpp.llama_print_system_info():
        return llama_cpp.Llama

    class WithoutExtraBuffers(llama_cpp.Llama):
        def __setattr__(self, name: str, value: Any) -> None:
            if name == "model_params":
                value.use_extra_bufts = False
            super().__setattr__(name, value)

    return WithoutExtraBuffers


class _ChatTemplate:
    """Turns messages into tokens by the model's own chat template.

    The template is rendered with a marker in place of each content. What it wrote around the
    markers is tokenised with special tokens, the contents without: a `<|im_start|>` in an article
    becomes the plain characters that it is.
    """

    def __init__(self, llama: Any) -> None:
        import llama_cpp
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        self._llama = llama
        self._vocab = llama_cpp.llama_model_get_vocab(llama.model)
        self._is_eog = llama_cpp.llama_vocab_is_eog
        template = llama.metadata.get("tokenizer.chat_template")
        if not template:
            raise ModelError(
                f"{Path(llama.model_path).name}: the file has no chat template; "
                "use an instruction-tuned (“Instruct”) model."
            )

        def piece(token: int) -> str:
            return str(llama.detokenize([token], special=True).decode()) if token >= 0 else ""

        self._format = Jinja2ChatFormatter(
            template=template,
            eos_token=piece(llama.token_eos()),
            bos_token=piece(llama.token_bos()),
        )

    def tokens(self, messages: Sequence[Message]) -> list[int]:
        turns = list(messages)
        opened = turns.pop().content if turns[-1].role == "assistant" else ""
        marked: list[Any] = [
            {"role": m.role, "content": _MARKER.format(i)} for i, m in enumerate(turns)
        ]
        rest = self._format(messages=marked).prompt
        tokens: list[int] = []
        for i, message in enumerate(turns):
            before, rest = rest.split(_MARKER.format(i), 1)
            tokens += self._special(before) + self._plain(message.content)
        return tokens + self._special(rest) + self._plain(opened)

    def ends_turn(self, token: int) -> bool:
        return bool(self._is_eog(self._vocab, token))

    def _special(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=True))

    def _plain(self, text: str) -> list[int]:
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=False))


_MARKER = "\ue000{}\ue001"  # private-use characters: no template contains them


@dataclass(slots=True)
class ScriptedLLM:
    """An LLM for unit tests: answers come from two functions of the last message's content.

    Nothing that it writes says anything about quality or speed.
    """

    write: Callable[[str], str] = lambda prompt: ""  # noqa: ARG005 - the signature is the point
    choice: Callable[[str, Sequence[str]], Mapping[str, float]] = field(
        default=lambda prompt, choices: {c: 1 / len(choices) for c in choices}  # noqa: ARG005
    )
    usage: Usage = field(default_factory=Usage)
    calls: list[list[Message]] = field(default_factory=list)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        stop: Sequence[str] = (),
        seed: int = 0,  # noqa: ARG002 - the protocol's
        temperature: float = 0.0,  # noqa: ARG002
        grammar: str | None = None,  # noqa: ARG002
    ) -> Completion:
        """See `LLM.generate`; a token is a word here."""
        self.calls.append(list(messages))
        text = self.write(messages[-1].content)
        for mark in stop:
            text = text.split(mark, 1)[0]
        words = text.split(" ")
        self.usage.prompt += sum(len(m.content.split()) for m in messages)
        self.usage.generated += min(len(words), max_tokens)
        return Completion(
            " ".join(words[:max_tokens]), "length" if len(words) > max_tokens else "stop"
        )

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """See `LLM.choose`."""
        self.calls.append(list(messages))
        self.usage.prompt += sum(len(m.content.split()) for m in messages)
        return dict(self.choice(messages[-1].content, choices))


def json_grammar(schema: Mapping[str, Any]) -> str:
    """GBNF that admits exactly the JSON texts of a JSON Schema. What comes back is still parsed."""
    import json

    from llama_cpp.llama_grammar import json_schema_to_gbnf

    return str(json_schema_to_gbnf(json.dumps(schema)))


def physical_cores() -> int:
    """Cores that this process may use, counting the two threads of one core once.

    A second thread of a core makes matrix products slower, not faster. Where the system does not
    tell (other than Linux), half of the logical processors, at least one.
    """
    import os

    if not hasattr(os, "sched_getaffinity"):
        return max(1, (os.cpu_count() or 2) // 2)
    usable = os.sched_getaffinity(0)
    cores = set()
    for cpu in usable:
        siblings = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        cores.add(siblings.read_text() if siblings.exists() else str(cpu))
    return len(cores)


def _decode(written: bytes) -> str:
    # A token may end within a character; the rest of it comes with the next one.
    return written.decode("utf-8", errors="ignore")
