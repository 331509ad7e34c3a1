"""IPTC ninjs 1.x to 3.x: news in JSON, one object, a list of them, or a package of items.

1.x has `headline`, `byline`, `body_text`; 2.x and 3.x have `headlines` and `bodies` with a role and
a content type each, and `by`. 3.x writes its names with capitals inside (`versionCreated`), which
are read as lower case here.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fusion.clean.dates import Stamp, parse_stamp
from fusion.ingest.decode import decode
from fusion.ingest.draft import Draft, Refused, Unusable, embargo_end
from fusion.types import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_ITEMS = 1000
_REFUSED = ("canceled", "cancelled", "withheld")


def read(data: bytes) -> Iterator[Draft | Refused]:
    """One report an item; cancelled and withheld ones are refused."""
    try:
        loaded = json.loads(decode(data), object_hook=_lower_case)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"The JSON is malformed ({error}).") from error
    items = _items(loaded)
    if not items:
        raise Unusable("The JSON is no ninjs item: it has neither a body nor a headline.")
    for number, item in enumerate(items[:_MAX_ITEMS], 1):
        place = f"#{number}" if len(items) > 1 else ""
        status = item.get("pubstatus")
        if status in _REFUSED:
            yield Refused(place, f"Its publishing status is {status!r}.")
            continue
        try:
            yield Draft(_body(item), "ninjs", _metadata(item), place)
        except Unusable as error:
            yield Refused(place, str(error))
    if len(items) > _MAX_ITEMS:
        yield Refused(f"#{_MAX_ITEMS + 1}", f"A list is read up to {_MAX_ITEMS} items.")


def _lower_case(item: dict[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in item.items()}


def _items(loaded: object) -> list[dict[str, Any]]:
    """The news items in a document: itself, its elements, or those it is a package of."""
    if isinstance(loaded, list):
        return [item for item in loaded if isinstance(item, dict) and _is_item(item)]
    if not isinstance(loaded, dict):
        return []
    if _is_item(loaded):
        return [loaded]
    for name in ("items", "data", "results", "associations"):
        inner = loaded.get(name)
        if isinstance(inner, dict):
            inner = list(inner.values())
        if isinstance(inner, list) and (found := _items(inner)):
            return found
    return []


def _is_item(item: Mapping[str, object]) -> bool:
    return any(name.startswith(("body_", "bodies", "headline")) or name == "uri" for name in item)


def _body(item: Mapping[str, Any]) -> str:
    from fusion.ingest.html import fragment_text

    bodies = [body for body in _dicts(item.get("bodies")) if isinstance(body.get("value"), str)]
    bodies.sort(key=lambda body: body.get("role") not in (None, "main", "body"))
    for body in bodies:
        kind = str(body.get("contenttype", ""))
        value: str = body["value"]
        text = fragment_text(value) if "html" in kind or "<p" in value else value
        if text.strip():
            return text
    for name in ("body_text", "body_xhtml", "body_html"):
        value = item.get(name) or ""
        if isinstance(value, str) and value.strip():
            return value if name == "body_text" else fragment_text(value)
    # Providers name their own (`body_richtext`): any that is text will do.
    others = (item[name] for name in sorted(item) if name.startswith("body_"))
    return next((fragment_text(v) for v in others if isinstance(v, str) and v.strip()), "")


def _metadata(item: Mapping[str, Any]) -> Metadata:
    first, version = _stamp(item, "firstcreated"), _stamp(item, "versioncreated")
    content = _stamp(item, "contentcreated")
    published = first or content or version
    embargo = _text(item.get("embargoed"))
    language, uri = _text(item.get("language")), _text(item.get("uri"))
    byline = _names(item.get("byline")) or _names(item.get("by")) or _names(item.get("bylines"))
    return Metadata(
        headline=_text(item.get("headline"))
        or _role(item.get("headlines"), "main")
        or _text(item.get("title")),
        outlet=_names(item.get("infosources") or item.get("infosource"))
        or _names(item.get("provider")),
        byline=byline.removeprefix("By ") if byline else None,
        agency=_text(item.get("creditline")),
        dateline=_text(item.get("dateline")) or _text(item.get("located")),
        published=published.when if published else None,
        updated=version.when if version and published and version.when != published.when else None,
        date_only=published.date_only if published else False,
        language=language[:2].lower() if language else None,
        url=uri if uri and uri.startswith("http") else None,
        rights=_text(item.get("copyrightnotice"))
        or _names(item.get("copyrightholder"))
        or _text(item.get("usageterms")),
        embargoed=embargo_end(embargo) if embargo else None,
    )


def _stamp(item: Mapping[str, Any], name: str) -> Stamp | None:
    value = item.get(name)
    return parse_stamp(value) if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _role(values: object, role: str) -> str | None:
    """The value with this role in a list of `{role, value}`, or the first value."""
    texts = _dicts(values)
    chosen = [text for text in texts if text.get("role") == role] or texts
    return _text(chosen[0].get("value")) if chosen else None


def _names(value: object) -> str | None:
    """The names in text, an object with a name, or a list of them."""
    if isinstance(value, list):
        return ", ".join(name for part in value[:20] if (name := _names(part))) or None
    if isinstance(value, dict):
        return next(
            (t for k in ("name", "literal", "value", "byline") if (t := _text(value.get(k)))), None
        )
    return _text(value)
