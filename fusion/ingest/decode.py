"""Bytes to text: what a file declares, then UTF-8, then what the bytes look like."""

from __future__ import annotations

import codecs
import re

from fusion.ingest.draft import Unusable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Controls that no text has; tab, line feed, vertical tab, form feed, return and escape may occur.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# What Windows-1252 adds to ASCII in western text: quotes, dashes, signs, accented letters.
_WESTERN = re.compile("[‘’‚“”„–—…•€£§©«»°·¡¿ºª½¼¾²³™\xa0À-ÖØ-öø-ÿŒœŠšŽžŸ]")
# What news is found in, tried before the many rarities that decode any bytes to something.
_IN_USE = [
    "cp1252",
    "cp1250",
    "cp1251",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "iso8859_2",
    "koi8_r",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
    "cp874",
]
# Share of control characters, replaced bytes or unlikely characters above which it is not text.
_MAX_NOISE = 0.01


def decode(data: bytes, declared: str | None = None) -> str:
    """The text in `data`, without a byte-order mark. Raises `Unusable` if it holds none.

    `declared` is the charset that the container states. It is believed where the bytes agree,
    but after UTF-8: bytes that are valid UTF-8 beyond ASCII are hardly ever anything else.
    """
    if not data.strip(b"\0\t\n\v\f\r "):
        raise Unusable("The file is empty.")
    text = _decoded(data, declared)
    if len(_CONTROLS.findall(text)) > _MAX_NOISE * len(text):
        raise Unusable("The file is binary, not text.")
    return text


def _decoded(data: bytes, declared: str | None) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if (wide := _wide(data)) is not None:
        return data.decode(wide, errors="replace")
    for candidate in ("utf-8", declared):
        if candidate is not None and (text := _strict(data, candidate)) is not None:
            return text
    return _guessed(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            return None
        return data.decode(encoding)
    except (LookupError, ValueError):
        return None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: nearly every other byte of western text is zero."""
    sample = data[:4096]
    half = len(sample) // 2
    if half < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.1 * half:
        return "utf-16-be"
    return None


def _guessed(data: bytes) -> str:
    if len(_CONTROLS.findall(data.decode("latin-1"))) > _MAX_NOISE * len(data):
        raise Unusable("The file is binary, not text.")
    mended = data.decode("utf-8", errors="replace")
    broken = mended.count("\ufffd")
    beyond = sum(char > "\x7f" for char in mended) - broken
    if broken <= _MAX_NOISE * len(mended) and beyond > 5 * broken:
        return mended  # UTF-8 with a few damaged bytes, such as a cut in the middle of a letter
    western = _strict(data, "cp1252")
    if western is not None:
        foreign = [char for char in western if char > "\x7f"]
        # Western prose is mostly ASCII, and what is not ASCII is its known letters and signs.
        if len(foreign) < 0.12 * len(western) and all(map(_WESTERN.match, foreign)):
            return western
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_IN_USE).best() or from_bytes(data).best()
    if best is None:
        raise Unusable("The file is binary, or its text encoding cannot be told.")
    return str(best)
