from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest
from langchain_core.exceptions import ContextOverflowError
from langchain_core.language_models import BaseChatModel, GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from fusion.chosen import _names_provider
from fusion.errors import ContextTooLong, LLMError, MalformedOutput, ModelError
from fusion.langchain import ANSWER_TRIES, SERVER_TRIES, FusionChatModel, LangChainLLM
from fusion.llm import Message, ScriptedLLM, Usage
from fusion.pipeline import Fusion
from fusion.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from langchain_core.messages import BaseMessage

ASKED = [Message("system", "Be brief."), Message("user", "Is it shut? Yes or No?")]


def saying(*answers: AIMessage | str) -> LangChainLLM:
    return LangChainLLM(GenericFakeChatModel(messages=iter(answers)))


class Remote(BaseChatModel):
    """A provider's model: fails with `errors` first, and notes how it was asked."""

    model: str = "large"
    max_tokens: int | None = None
    temperature: float | None = None
    random_seed: int | None = None
    errors: list[Any] = []  # noqa: RUF012 - a pydantic field
    asked: list[Any] = []  # noqa: RUF012

    @property
    def _llm_type(self) -> str:
        return "remote"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        self.asked.append((messages, self.max_tokens, self.temperature, self.random_seed))
        if self.errors:
            raise self.errors.pop(0)
        return ChatResult(generations=[ChatGeneration(message=AIMessage("The bridge is shut."))])


class Busy(Exception):
    status_code = 503


class Denied(Exception):
    status_code = 401


class APIConnectionError(Exception):
    """As providers call it that share no class."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waited.append)
    return waited


# ── Any LangChain chat model as ours ───────────────────────────────────────────────────────────


def test_turns_and_options_reach_the_model() -> None:
    remote = Remote()
    completion = LangChainLLM(remote).generate(ASKED, max_tokens=9, seed=3, temperature=0.5)
    assert (completion.text, completion.finish) == ("The bridge is shut.", "stop")
    ((turns, cap, temperature, seed),) = remote.asked
    assert [(type(turn), turn.content) for turn in turns] == [
        (SystemMessage, "Be brief."),
        (HumanMessage, "Is it shut? Yes or No?"),
    ]
    assert (cap, temperature, seed) == (9, 0.5, 3)
    assert remote.max_tokens is None  # the caller's own model is as it was


def test_text_ends_before_a_stop_string_but_not_at_an_empty_first_line() -> None:
    completion = saying("\n\nIt is shut.\nMore.").generate(ASKED, max_tokens=9, stop=("\n",))
    assert (completion.text, completion.finish) == ("It is shut.", "stop")


@pytest.mark.parametrize(
    "metadata",
    [
        {"response_metadata": {"finish_reason": "length"}},
        {"response_metadata": {"stop_reason": "max_tokens"}},
        {"usage_metadata": {"input_tokens": 5, "output_tokens": 99, "total_tokens": 104}},
    ],
)
def test_a_cut_off_answer_is_told(metadata: dict[str, Any]) -> None:
    answer = AIMessage("It is shut and", **metadata)
    assert saying(answer).generate(ASKED, max_tokens=9).finish == "length"


def test_usage_is_what_the_provider_counts() -> None:
    llm = saying(
        AIMessage(
            "Shut.",
            usage_metadata={
                "input_tokens": 50, "output_tokens": 4, "total_tokens": 54,
                "input_token_details": {"cache_read": 30},
            },
        ),
        "No count.",
    )  # fmt: skip
    llm.generate(ASKED, max_tokens=9)
    llm.generate(ASKED, max_tokens=9)
    assert llm.usage == Usage(prompt=50, cached=30, generated=4)


@pytest.mark.parametrize("answer", ["Yes", "yes.", "**Yes**, it is", ' "Yes" '])
def test_a_choice_is_read_from_words(answer: str) -> None:
    assert saying(answer).choose(ASKED, ("Yes", "No")) == {"Yes": 1.0, "No": 0.0}


def test_an_answer_that_is_no_choice_is_asked_again() -> None:
    assert saying("Perhaps", "Nothing", "No").choose(ASKED, ("Yes", "No"))["No"] == 1.0


def test_no_choice_in_any_answer_is_malformed_and_retryable() -> None:
    with pytest.raises(MalformedOutput, match="answered 'Not', none of") as raised:
        saying(*["Not"] * ANSWER_TRIES).choose(ASKED, ("Yes", "No"))
    assert raised.value.retryable


def test_a_grammar_is_only_for_local_models() -> None:
    with pytest.raises(LLMError, match="a grammar is only for local models"):
        saying("{}").generate(ASKED, max_tokens=9, grammar='root ::= "{}"')


@pytest.mark.parametrize("error", [Busy(), ConnectionError(), TimeoutError(), APIConnectionError()])
def test_a_server_that_is_down_or_busy_is_tried_again_later(
    error: Exception, waits: list[float]
) -> None:
    remote = Remote(errors=[error, error])
    assert LangChainLLM(remote).generate(ASKED, max_tokens=9).text == "The bridge is shut."
    assert waits == [1, 2]


def test_a_server_that_stays_down_is_told(waits: list[float]) -> None:
    remote = Remote(errors=[Busy("no room")] * SERVER_TRIES)
    with pytest.raises(
        LLMError, match=r"Remote:large: the call failed \(Busy: no room\)"
    ) as raised:
        LangChainLLM(remote).generate(ASKED, max_tokens=9)
    assert raised.value.retryable
    assert len(waits) == SERVER_TRIES - 1


def test_a_refusal_is_not_tried_again(waits: list[float]) -> None:
    remote = Remote(errors=[Denied("no key")])
    with pytest.raises(LLMError, match="no key") as raised:
        LangChainLLM(remote).generate(ASKED, max_tokens=9)
    assert not raised.value.retryable
    assert len(remote.asked) == 1


def test_a_prompt_that_does_not_fit_is_named_so(waits: list[float]) -> None:
    with pytest.raises(ContextTooLong, match="does not fit"):
        LangChainLLM(Remote(errors=[ContextOverflowError("8k")])).generate(ASKED, max_tokens=9)


# ── By name ────────────────────────────────────────────────────────────────────────────────────


def test_a_provider_whose_package_is_missing_is_told_how_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_groq", None)
    with pytest.raises(ModelError, match=r"groq:any: .* run: pip install langchain-groq$"):
        LangChainLLM.from_name("groq:any")


def test_an_unknown_provider_is_refused() -> None:
    with pytest.raises(ModelError, match=r"nowhere:any: LangChain cannot make .*nowhere"):
        LangChainLLM.from_name("nowhere:any")


def test_a_name_may_hold_colons(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []

    def init_chat_model(model: str, *, model_provider: str) -> BaseChatModel:
        made.append((model, model_provider))
        return Remote()

    monkeypatch.setattr("langchain.chat_models.init_chat_model", init_chat_model)
    assert LangChainLLM.from_name("ollama:qwen3:4b").name == "ollama:qwen3:4b"
    assert made == [("qwen3:4b", "ollama")]


@pytest.mark.parametrize(
    ("model", "named"),
    [
        ("ollama:qwen3:4b", True),
        ("azure_openai:gpt", True),
        ("qwen2.5-coder-1.5b", False),
        ("models/a:b.gguf", False),
        (r"C:\models\a.gguf", False),
        ("./a:b", False),
    ],
)
def test_which_names_are_a_providers(model: str, named: bool) -> None:
    assert _names_provider(model) is named


def test_an_existing_file_is_no_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "story:model.gguf").touch()
    assert not _names_provider("story:model.gguf")


# ── Ours for LangChain ─────────────────────────────────────────────────────────────────────────


def test_ours_is_a_chat_model() -> None:
    scripted = ScriptedLLM(write=lambda prompt: f"You asked: {prompt}\nThe end")
    model = FusionChatModel(llm=scripted, max_tokens=6)
    answer = model.invoke([("system", "Be brief."), ("human", "Is it shut?")], stop=["\n"])
    assert answer.text == "You asked: Is it shut?"
    assert answer.response_metadata["finish_reason"] == "stop"
    assert answer.usage_metadata == {
        "input_tokens": 5, "output_tokens": 5, "total_tokens": 10,
        "input_token_details": {"cache_read": 0},
    }  # fmt: skip
    assert scripted.calls == [[Message("system", "Be brief."), Message("user", "Is it shut?")]]
    assert model.invoke("Is it shut?", max_tokens=2).response_metadata["finish_reason"] == "length"


def test_tool_messages_are_refused() -> None:
    with pytest.raises(LLMError, match="A tool message is not for this model"):
        FusionChatModel(llm=ScriptedLLM()).invoke([ToolMessage("4", tool_call_id="1")])


def test_there_and_back() -> None:
    inner = ScriptedLLM(write=lambda prompt: "Yes")
    llm = LangChainLLM(FusionChatModel(llm=inner))
    assert llm.choose(ASKED, ("Yes", "No"))["Yes"] == 1.0
    assert llm.usage.generated == inner.usage.generated == 1


# ── In the pipeline ────────────────────────────────────────────────────────────────────────────


def test_a_langchain_model_writes_a_summary(tmp_path: Path, cache_dir: Path) -> None:
    sentence = "The Ostwick swing bridge was closed on Monday after cracks were found."
    (tmp_path / "a.txt").write_text(f"Bridge closed\n\n{sentence} Ferries run instead of it.\n")

    class Writer(Remote):
        def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
            prompt = messages[-1].text
            words = "Yes" if "Answer Yes or No" in prompt else sentence
            return ChatResult(generations=[ChatGeneration(message=AIMessage(words))])

    summary = Fusion(Settings(sentences=1, cache_dir=cache_dir), llm=Writer()).summarize(tmp_path)
    assert [each.text for each in summary.sentences] == [sentence]
    assert summary.run.model.name == "Writer:large"


def test_a_named_provider_is_refused_before_any_work(
    tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_groq", None)
    (tmp_path / "a.txt").write_text("The bridge was closed on Monday after cracks were found.\n")
    with pytest.raises(ModelError, match="pip install langchain-groq"):
        Fusion(Settings(model="groq:any", cache_dir=cache_dir)).summarize(tmp_path)
    assert not (cache_dir / "stories").exists()
