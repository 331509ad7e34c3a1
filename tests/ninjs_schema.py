"""What IPTC's published ninjs schemas (1.4, 2.1, 3.0) say of the properties that news text uses.

A subset: properties of pictures, planning and financial data are left out, so an item that has
them fails here though it is valid. Names, types, required properties and the closed lists of
values are the standard's; everything not named is refused, as the standard does.
"""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
# RFC 3339, which "format": "date-time" means; a validator need not check formats.
MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$"}
STANDARD = {
    "type": "object",
    "properties": {"name": TEXT, "version": TEXT, "schema": URI},
    "additionalProperties": False,
}
TYPES = ["text", "audio", "video", "picture", "graphic", "composite", "component"]
RIGHTS = {
    "type": "object",
    "oneOf": [{"required": ["linkedrights"]}, {"required": ["encodedrights"]}],
}


def _list_of(required: list[str], **properties: Any) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return {"type": "array", "items": item}


_OF_ALL: dict[str, Any] = {
    "uri": URI,
    "type": {"enum": TYPES},
    "profile": TEXT,
    "version": TEXT,
    "firstcreated": MOMENT,
    "versioncreated": MOMENT,
    "contentcreated": MOMENT,
    "embargoed": MOMENT,
    "expires": MOMENT,
    "pubstatus": {"enum": ["usable", "withheld", "canceled"]},
    "copyrightholder": TEXT,
    "copyrightnotice": TEXT,
    "usageterms": TEXT,
    "rightsinfo": RIGHTS,
    "ednote": TEXT,
    "language": TEXT,
    "title": TEXT,
    "slugline": TEXT,
    "located": TEXT,
}
_OF_1: dict[str, Any] = {
    "mimetype": TEXT,
    "representationtype": {"enum": ["complete", "incomplete"]},
    "urgency": {"type": "number"},
    "byline": TEXT,
    "headline": TEXT,
    "charcount": {"type": "number"},
    "wordcount": {"type": "number"},
    "infosource": _list_of([], name=TEXT, rel=TEXT, scheme=URI, code=TEXT),
    "altids": {"type": "object"},
    "$standard": STANDARD,
}
_OF_2: dict[str, Any] = {
    "representationtype": {"enum": ["full", "partial"]},
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    "by": TEXT,
    "headlines": _list_of(["value"], role=TEXT, contenttype=TEXT, value=TEXT),
    "descriptions": _list_of(["value"], role=TEXT, contenttype=TEXT, value=TEXT),
    "bodies": _list_of(
        ["value"],
        role=TEXT,
        contenttype=TEXT,
        charcount={"type": "number"},
        wordcount={"type": "number"},
        value=TEXT,
    ),
    "infosources": _list_of([], name=TEXT, rel=TEXT, uri=URI, literal=TEXT),
    "altids": _list_of([], role=TEXT, value=TEXT),
    "standard": STANDARD,
}
# 3.0 is 2.x with capitals inside its names.
_CAPITALS = {
    name.lower(): name
    for name in (
        *("representationType", "firstCreated", "versionCreated", "contentCreated", "pubStatus"),
        *("copyrightHolder", "copyrightNotice", "usageTerms", "rightsInfo", "edNote", "altIds"),
        *("infoSources", "contentType", "charCount", "wordCount"),
    )
}


def _with_capitals(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {_CAPITALS.get(name, name): _with_capitals(value) for name, value in schema.items()}
    return schema


def _item(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": ["uri"],
        "additionalProperties": False,
        **more,
    }


# By the standard's major version.
NINJS: dict[int, dict[str, Any]] = {
    1: _item(
        _OF_ALL | _OF_1, patternProperties={"^(body|description|headline)_[a-zA-Z0-9_]+": TEXT}
    ),
    2: _item(_OF_ALL | _OF_2),
    3: _item(_with_capitals(_OF_ALL | _OF_2)),
}
