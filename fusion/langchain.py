"""LangChain at both ends: our models for LangChain's chains, and any LangChain chat model for us.

Imported only where one of the two is asked for: `--model provider:name`, `Fusion(llm=…)` with a
LangChain chat model, or `from fusion.langchain import FusionChatModel`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from tenacity import (
    Retrying,
    retry_if_exception,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
)

from fusion.errors import ContextTooLong, LLMError, MalformedOutput, ModelError
from fusion.llm import Completion, Message, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.messages import BaseMessage

    from fusion.llm import LLM

SERVER_TRIES = 4  # of a call whose server is down or busy
LONGEST_WAIT = 20  # seconds between two of them; 1, 2, 4, … up to this
ANSWER_TRIES = 3  # of a question whose answer is none of its choices
ANSWER_TOKENS = 16  # for one word, with room for marks that some models put around it
SAMPLING = 0.7  # temperature of second tries

# One thing, by the names that LangChain's integrations give to their fields for it.
_CAPS = ("max_tokens", "max_output_tokens", "num_predict", "max_new_tokens")
_SEEDS = ("seed", "random_seed")
_ROLES = {"human": "user", "ai": "assistant", "system": "system"}
_TURNS = {"user": HumanMessage, "assistant": AIMessage, "system": SystemMessage}
_CUT_OFF = frozenset({"length", "max_tokens", "MAX_TOKENS"})


class FusionChatModel(BaseChatModel):
    """Any `LLM`, such as `fusion.llm.LlamaCpp`, as a LangChain chat model.

    `max_tokens`, `seed` and `temperature` may also be given with each call. `LLMError` passes
    through. `usage_metadata` has the tokens of each call, those from the KV cache among them.
    """

    llm: Any  # an LLM; a protocol is nothing that pydantic could check
    max_tokens: int = 512
    seed: int = 0
    temperature: float = 0.0

    @property
    def _llm_type(self) -> str:
        return "fusion"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - LangChain's signature
        **kwargs: Any,
    ) -> ChatResult:
        llm: LLM = self.llm
        before = (llm.usage.prompt, llm.usage.cached, llm.usage.generated)
        completion = llm.generate(
            [_from_langchain(message) for message in messages],
            max_tokens=kwargs.get("max_tokens", self.max_tokens),
            stop=stop or (),
            seed=kwargs.get("seed", self.seed),
            temperature=kwargs.get("temperature", self.temperature),
            grammar=kwargs.get("grammar"),
        )
        prompt = llm.usage.prompt - before[0]
        generated = llm.usage.generated - before[2]
        message = AIMessage(
            completion.text,
            usage_metadata={
                "input_tokens": prompt,
                "output_tokens": generated,
                "total_tokens": prompt + generated,
                "input_token_details": {"cache_read": llm.usage.cached - before[1]},
            },
            response_metadata={"finish_reason": completion.finish},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])


class LangChainLLM:
    """Any LangChain chat model as an `LLM`.

    A choice is read from the words of its answer, so its probability is 0 or 1. The token cap,
    the seed and the temperature are set where the model has fields for them. A model that thinks
    aloud before it answers spends the cap on thinking: turn that off in the model.
    """

    def __init__(self, model: BaseChatModel, name: str | None = None) -> None:
        self.usage = Usage()
        self.name = name or _name_of(model)
        self._model = model

    @classmethod
    def from_name(cls, name: str) -> Self:
        """Make the model that `provider:name` names, by LangChain's `init_chat_model`.

        Raises `ModelError` where there is no such provider, its package is not installed, or it
        refuses to start, such as for want of a key.
        """
        from langchain.chat_models import init_chat_model

        provider, _, model = name.partition(":")
        try:
            return cls(init_chat_model(model, model_provider=provider), name)
        except ImportError as error:
            command = re.search(r"pip install [\w.-]+", str(error))
            run = command[0] if command else f"pip install langchain-{provider}"
            raise ModelError(
                f"{name}: LangChain's package for it is not installed; run: {run}"
            ) from error
        except Exception as error:  # each provider raises its own, with no common base
            said = " ".join(str(error).split())
            raise ModelError(
                f"{name}: LangChain cannot make this model: {said}; check the provider's name "
                "before the colon, and its key."
            ) from error

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
        """See `LLM.generate`. A grammar is refused: it works on a local model's tokens."""
        if grammar is not None:
            raise LLMError(f"{self.name}: a grammar is only for local models; use a .gguf model.")
        model = self._with(max_tokens, seed, temperature)
        response = self._ask(model, messages)
        # Stop strings are cut here, not sent: some providers refuse them, and a model that
        # begins with an empty line would be stopped before its first word.
        text = response.text.lstrip()
        if found := [text.index(mark) for mark in stop if mark in text]:
            return Completion(text[: min(found)], "stop")
        return Completion(text, "length" if _cut_off(response, max_tokens) else "stop")

    def choose(self, messages: Sequence[Message], choices: Sequence[str]) -> dict[str, float]:
        """See `LLM.choose`. Raises `MalformedOutput` where no answer is one of `choices`."""
        tries = Retrying(
            stop=stop_after_attempt(ANSWER_TRIES),
            retry=retry_if_exception_type(MalformedOutput),
            reraise=True,
        )
        for attempt in tries:
            with attempt:
                seed = attempt.retry_state.attempt_number - 1
                answer = self.generate(
                    messages,
                    max_tokens=ANSWER_TOKENS,
                    seed=seed,
                    temperature=SAMPLING if seed else 0.0,
                ).text
                chosen = self._chosen(answer, choices)
        return {choice: float(choice == chosen) for choice in choices}

    def _chosen(self, answer: str, choices: Sequence[str]) -> str:
        """The choice that `answer` begins with, whatever marks and case it is written in."""
        bare = answer.lstrip("*_\"'“‘`( \n").casefold()
        for choice in choices:
            if re.match(rf"{re.escape(choice.casefold())}(?!\w)", bare):
                return choice
        raise MalformedOutput(f"{self.name}: answered {answer!r}, none of {list(choices)}.")

    def _with(self, max_tokens: int, seed: int, temperature: float) -> BaseChatModel:
        fields = type(self._model).model_fields
        values: dict[str, float] = dict.fromkeys(_CAPS, max_tokens)
        values |= dict.fromkeys(_SEEDS, seed) | {"temperature": temperature}
        known = {name: value for name, value in values.items() if name in fields}
        return self._model.model_copy(update=known) if known else self._model

    def _ask(self, model: BaseChatModel, messages: Sequence[Message]) -> AIMessage:
        turns = [_TURNS[message.role](message.content) for message in messages]
        tries = Retrying(
            stop=stop_after_attempt(SERVER_TRIES),
            wait=wait_exponential(max=LONGEST_WAIT),
            retry=retry_if_exception(_passing),
            reraise=True,
        )
        try:
            response = tries(model.invoke, turns)
        except LLMError:
            raise  # of one of our own models, wrapped
        except ContextOverflowError as error:
            raise ContextTooLong(
                f"{self.name}: the prompt does not fit its context ({error}); "
                "use fewer or shorter passages."
            ) from error
        except Exception as error:  # each provider raises its own, with no common base
            failure = LLMError(
                f"{self.name}: the call failed ({type(error).__name__}: {error}); "
                "check that its server can be reached and knows the model."
            )
            failure.retryable = _passing(error)
            raise failure from error
        if usage := response.usage_metadata:
            self.usage.prompt += usage["input_tokens"]
            self.usage.generated += usage["output_tokens"]
            self.usage.cached += usage.get("input_token_details", {}).get("cache_read", 0)
        return response


def _from_langchain(message: BaseMessage) -> Message:
    role = _ROLES.get(message.type)
    if role is None:
        raise LLMError(f"A {message.type} message is not for this model; it takes only {_ROLES}.")
    return Message(role, str(message.text))  # type: ignore[arg-type]  # one of _ROLES


def _name_of(model: BaseChatModel) -> str:
    """Its class and what that was asked to be: two models must not answer from one log."""
    asked = (getattr(model, field, None) for field in ("model", "model_name", "model_id"))
    return ":".join([type(model).__name__, *(str(value) for value in asked if value)])


def _cut_off(response: AIMessage, max_tokens: int) -> bool:
    said = response.response_metadata
    reasons = {said.get(key) for key in ("finish_reason", "stop_reason", "done_reason")}
    used = response.usage_metadata["output_tokens"] if response.usage_metadata else 0
    return bool(reasons & _CUT_OFF) or used > max_tokens


def _passing(error: BaseException) -> bool:
    """Whether a later try may go well: the network, or a server that is down or busy.

    Integrations that do not raise LangChain's own errors share HTTP's status codes, and names.
    """
    retryable = getattr(error, "is_retryable", getattr(error, "retryable", None))
    if retryable is not None:
        return bool(retryable)
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return status in (408, 429) or status >= 500
    by_name = re.search("Timeout|Connect", type(error).__name__)
    return by_name is not None or isinstance(error, ConnectionError | TimeoutError)
