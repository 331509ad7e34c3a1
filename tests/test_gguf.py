from __future__ import annotations

import contextlib
import struct
import tempfile
from pathlib import Path

import pytest
from gguf_files import F32, Q4_0, tiny_gguf
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import ModelError
from fusion.gguf import check_gguf

WHOLE = tiny_gguf()


def refusal(content: bytes) -> str:
    """The message for a file of this content; it must name the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tried.gguf"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"tried\.gguf: ") as caught:
            check_gguf(path)
    return str(caught.value)


@pytest.mark.parametrize("alignment", [1, 32, 256])
@pytest.mark.parametrize(("kind", "shape"), [(F32, (64, 2)), (F32, ()), (Q4_0, (32, 3))])
def test_a_whole_file_is_accepted_and_one_byte_less_is_not(
    tmp_path: Path, kind: int, shape: tuple[int, ...], alignment: int
) -> None:
    content = tiny_gguf(kind=kind, shape=shape, alignment=alignment)
    path = tmp_path / "whole.gguf"
    path.write_bytes(content)
    check_gguf(path)
    assert f"{len(content) - 1:,} of {len(content):,} bytes" in refusal(content[:-1])


@given(st.integers(4, len(WHOLE) - 1))
def test_every_truncation_is_refused(length: int) -> None:
    assert "truncated" in refusal(WHOLE[:length])


@given(st.binary(max_size=200))
def test_anything_that_is_no_gguf_is_refused(content: bytes) -> None:
    refusal(content)


@given(st.integers(4, len(WHOLE) - 513), st.binary(min_size=1, max_size=8))
def test_a_damaged_header_never_raises_anything_else(place: int, noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noisy.gguf"
        path.write_bytes(WHOLE[:place] + noise + WHOLE[place + len(noise) :])
        with contextlib.suppress(ModelError):
            check_gguf(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a GGUF file"),
        (b"<html>not found</html>", "not a GGUF file"),
        (tiny_gguf(version=1), "version 1"),
        (tiny_gguf(shape=(1, 1, 1, 1, 1)), "5 dimensions"),
        (b"GGUF" + struct.pack("<IQQ", 3, 0, 0), "no weights"),
        (b"GGUF" + struct.pack("<IQQQ", 3, 1, 1, 2**63), "truncated"),
        (b"GGUF" + struct.pack("<IQQQII", 3, 1, 1, 0, 99, 0), "value type 99"),
    ],
)
def test_what_is_wrong_is_said(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_a_tensor_type_newer_than_the_table_is_not_held_against_a_file(tmp_path: Path) -> None:
    path = tmp_path / "newer.gguf"
    path.write_bytes(tiny_gguf(kind=999))
    check_gguf(path)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        check_gguf(tmp_path / "missing.gguf")
