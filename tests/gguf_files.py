"""Tiny files in GGUF's layout, for tests."""

from __future__ import annotations

import struct

F32 = 0
Q4_0 = 2


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def tiny_gguf(
    *, kind: int = F32, shape: tuple[int, ...] = (64, 2), version: int = 3, alignment: int = 32
) -> bytes:
    """One tensor of zeros after pairs of every sort: scalar, string, arrays of both."""
    pairs = [
        _string("general.architecture") + struct.pack("<I", 8) + _string("tiny"),
        _string("general.alignment") + struct.pack("<II", 4, alignment),
        _string("tiny.rope") + struct.pack("<If", 6, 1e4),
        _string("tokens") + struct.pack("<IIQ", 9, 8, 2) + _string("a") + _string("bc"),
        _string("scores") + struct.pack("<IIQ2f", 9, 6, 2, 0.0, 1.0),
    ]
    info = _string("weights") + struct.pack("<I", len(shape))
    info += struct.pack(f"<{len(shape)}QIQ", *shape, kind, 0)
    head = b"GGUF" + struct.pack("<IQQ", version, 1, len(pairs)) + b"".join(pairs) + info
    weights = 1
    for length in shape:
        weights *= length
    size = {F32: 4 * weights, Q4_0: weights // 32 * 18}.get(kind, 0)
    return head + bytes(-len(head) % alignment) + bytes(size)
