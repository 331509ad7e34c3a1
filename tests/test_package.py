from __future__ import annotations

import subprocess
import sys

import pytest

import fusion


def test_the_public_names_are_these_and_exist() -> None:
    assert fusion.__all__ == ["Fusion", "FusionError", "Settings", "StorySummary", "summarize"]
    assert all(callable(getattr(fusion, name)) for name in fusion.__all__)


def test_other_names_are_no_attributes() -> None:
    with pytest.raises(AttributeError, match="no attribute 'summarise'"):
        fusion.summarise  # noqa: B018 - reading it is the test


def test_importing_fusion_imports_nothing_heavy() -> None:
    heavy = {"chromadb", "langchain", "langchain_core", "llama_cpp", "numpy", "pydantic", "rich"}
    program = "import sys, fusion, fusion.cli; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert heavy & set(done.stdout.split()) == set()


def test_the_package_runs_as_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fusion", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("fusion ")
