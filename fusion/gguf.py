"""Is a file a whole GGUF model? Answered from its header, before llama.cpp sees it.

The layout is that of the GGUF specification (ggml project, `docs/gguf.md`, versions 2 and 3):
magic, counts, key-value pairs, one info a tensor, padding, tensor data. Each info gives a
tensor's shape, type and offset, so the length that the file must have can be computed.
"""

from __future__ import annotations

import math
import mmap
import struct
from typing import TYPE_CHECKING

from fusion.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)  # version 1 had 32-bit counts; llama.cpp no longer reads it
_DEFAULT_ALIGNMENT = 32  # bytes, where `general.alignment` is not given
_MAX_DIMENSIONS = 4  # ggml's own limit

_STRING, _ARRAY, _UINT32 = 8, 9, 4
# bytes of each scalar value type: u8 i8 u16 i16 u32 i32 f32 bool, u64 i64 f64
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

# ggml tensor type -> (weights in a block, bytes of a block), as ggml_blck_size and ggml_type_size
# of llama.cpp (ggml 0.25) answer. A type that is newer than this table is not measured.
# fmt: off
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 30: (1, 2), 28: (1, 8),  # F32 F16 BF16 F64
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),  # I8 I16 I32 I64
    2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),  # Q4_0 … Q8_1
    10: (256, 84), 11: (256, 110), 12: (256, 144),  # Q2_K Q3_K Q4_K
    13: (256, 176), 14: (256, 210), 15: (256, 292),  # Q5_K Q6_K Q8_K
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50),  # IQ2_XXS IQ2_XS IQ3_XXS IQ1_S
    20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),  # IQ4_NL IQ3_S IQ2_S IQ4_XS
    29: (256, 56), 34: (256, 54), 35: (256, 66),  # IQ1_M TQ1_0 TQ2_0
    39: (32, 17), 40: (64, 36), 41: (128, 18), 42: (64, 18),  # MXFP4 NVFP4 Q1_0 Q2_0
}
# fmt: on


def check_gguf(path: Path) -> None:
    """Raise ModelError, naming the file, unless `path` is a GGUF model with all its bytes."""
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ModelError(f"{path}: not a GGUF file; give a model in GGUF format.")
            # mapped, not read: a vocabulary has 150,000 strings and the weights are not needed
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                have, need = len(data), _needed_bytes(_Header(data))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}.") from error
    except (struct.error, OverflowError) as error:  # a length that leads beyond the file
        raise ModelError(f"{path}: truncated within its header; download it again.") from error
    except _Malformed as error:
        raise ModelError(f"{path}: not a GGUF model this program knows: {error}.") from error
    if have < need:
        raise ModelError(f"{path}: truncated: {have:,} of {need:,} bytes; download it again.")


class _Malformed(Exception):
    pass


class _Header:
    """A cursor over little-endian GGUF values. Reading past the end raises struct.error."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.position = len(_MAGIC)

    def integer(self, form: str) -> int:
        value: int
        (value,) = struct.unpack_from("<" + form, self._data, self.position)
        self.position += struct.calcsize(form)
        return value

    def string(self) -> bytes:
        length = self.integer("Q")
        start, self.position = self.position, self.position + length
        if self.position > len(self._data):
            raise struct.error("a string ends beyond the file")
        return self._data[start : self.position]

    def skip(self, kind: int) -> None:
        """Step over a value of this type."""
        if kind == _STRING:
            self.string()
        elif kind == _ARRAY:
            self._skip_array()
        elif kind in _SCALAR_BYTES:
            self.position += _SCALAR_BYTES[kind]
        else:
            raise _Malformed(f"value type {kind}")

    def _skip_array(self) -> None:
        kind, count = self.integer("I"), self.integer("Q")
        if kind in _SCALAR_BYTES:
            self.position += count * _SCALAR_BYTES[kind]
        elif kind == _STRING:
            unpack, data, position = struct.Struct("<Q").unpack_from, self._data, self.position
            for _ in range(count):
                position += 8 + unpack(data, position)[0]
            self.position = position
        else:
            raise _Malformed(f"an array of value type {kind}")


def _needed_bytes(header: _Header) -> int:
    if (version := header.integer("I")) not in _VERSIONS:
        raise _Malformed(f"version {version}")
    tensors, pairs = header.integer("Q"), header.integer("Q")
    if tensors == 0:
        raise _Malformed("it holds no weights")
    alignment = _DEFAULT_ALIGNMENT
    for _ in range(pairs):
        key, kind = header.string(), header.integer("I")
        if key == b"general.alignment" and kind == _UINT32:
            alignment = header.integer("I")
        else:
            header.skip(kind)
    if alignment == 0:
        raise _Malformed("alignment 0")
    end = max(_tensor_end(header) for _ in range(tensors))
    return -(-header.position // alignment) * alignment + end


def _tensor_end(header: _Header) -> int:
    """Read one tensor info; return where its data ends, in bytes from the start of all data."""
    header.string()  # its name
    dimensions = header.integer("I")
    if dimensions > _MAX_DIMENSIONS:
        raise _Malformed(f"a tensor of {dimensions} dimensions")
    weights = math.prod(header.integer("Q") for _ in range(dimensions))
    kind, offset = header.integer("I"), header.integer("Q")
    per_block, block_bytes = _BLOCKS.get(kind, (1, 0))
    return offset + -(-weights // per_block) * block_bytes
