from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion import prompts
from fusion.errors import FusionError
from fusion.prompts import hashes, load, messages, parse, passages_block

FOLDER = Path(__file__).parents[1] / "prompts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_file_is_valid(name: str) -> None:
    prompt = load(name)
    assert prompt.fill(dict.fromkeys(prompt.variables, "x")).strip()
    assert prompt.sha256 == hashlib.sha256((FOLDER / f"{name}.md").read_bytes()).hexdigest()


def test_every_file_is_hashed_and_used() -> None:
    assert sorted(hashes()) == NAMES
    code = "\n".join(
        path.read_text("utf-8") for path in Path(prompts.__file__).parent.rglob("*.py")
    )
    assert [name for name in NAMES if f'"{name}"' not in code] == []


def test_prompts_about_passages_begin_with_them() -> None:
    about = [load(name) for name in NAMES if "passages" in load(name).variables]
    assert len(about) >= 2
    assert all(prompt.template.startswith("{passages}") for prompt in about)


def test_a_variable_that_is_missing_or_too_many_is_refused() -> None:
    with pytest.raises(FusionError, match=re.escape("prompts/check.md takes ['passages'")):
        load("check").fill({"passages": "x"})
    with pytest.raises(FusionError, match=r"not \['extra', 'passages', 'sentence'\]"):
        load("check").fill({"passages": "x", "sentence": "y", "extra": "z"})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Write.", "must begin with '---'"),
        ("---\nvariables: [a, b]\n---\nUse {a}.", r"declares \['a', 'b'\] and uses \['a'\]"),
        ("---\nvariables: []\n---\nUse {a}.", r"declares \[\] and uses \['a'\]"),
    ],
)
def test_a_file_whose_parts_disagree_is_named(text: str, problem: str) -> None:
    with pytest.raises(FusionError, match=rf"prompts/mine\.md: .*{problem}"):
        parse("mine", text)


@given(st.text())
def test_what_a_value_contains_is_never_read_as_a_variable(value: str) -> None:
    prompt = parse("mine", "---\nvariables: [a, b]\n---\n{a}|{b}")
    assert prompt.fill({"a": value + "{b}", "b": value}) == f"{value}{{b}}|{value}"


def test_passages_are_numbered_one_a_line() -> None:
    block = passages_block(["One\nline.", "  Two  spaces. "])
    assert block == "Passages:\n[1] One line.\n[2] Two spaces.\n\n"


def test_writing_and_checking_read_the_same_beginning() -> None:
    block = passages_block(["The bridge is shut."])
    write = messages("write", {"passages": block, "remarks": ""})
    check = messages("check", {"passages": block, "sentence": "It is shut."})
    assert write[0] == check[0]
    assert write[0].role == "system"
    assert write[1].content.startswith(block)
    assert check[1].content.startswith(block)
