"""Holds a value against a JSON Schema (draft 7), as far as the schema of courses uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}
KNOWN = {
    *("$schema", "$ref", "title", "description", "default", "definitions", "type", "enum", "const", "not"),
    *("anyOf", "allOf", "properties", "patternProperties", "additionalProperties", "required", "pattern", "maxLength"),
    *("items", "minItems", "maxItems", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"),
}


def words(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Every schema within a schema, with the way to it."""
    yield path, schema
    for key in ("definitions", "properties", "patternProperties"):
        for name, inner in schema.get(key, {}).items():
            yield from words(inner, f"{path}/{key}/{name}")
    for key in ("anyOf", "allOf"):
        for number, inner in enumerate(schema.get(key, [])):
            yield from words(inner, f"{path}/{key}/{number}")
    for key in ("items", "not", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from words(schema[key], f"{path}/{key}")


def fits(value: Any, schema: Any, root: Schema) -> bool:
    """Whether a value is one that the schema allows."""
    if isinstance(schema, list):  # items in their order
        return all(fits(item, one, root) for item, one in zip(value, schema, strict=False))
    if "$ref" in schema:
        return fits(value, root["definitions"][schema["$ref"].rpartition("/")[2]], root)
    wanted = TYPES.get(schema.get("type", ""), object)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted in (int, (int, float))):
        return False
    if ("const" in schema and (value, type(value)) != (schema["const"], type(schema["const"]))) or (
        "enum" in schema and value not in schema["enum"]
    ):
        return False
    if "not" in schema and fits(value, schema["not"], root):
        return False
    if "anyOf" in schema and not any(fits(value, one, root) for one in schema["anyOf"]):
        return False
    if not all(fits(value, one, root) for one in schema.get("allOf", [])):
        return False
    if isinstance(value, str):
        return len(value) <= schema.get("maxLength", len(value)) and bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, list):
        size = schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value))
        items = schema.get("items", {})
        each = items if isinstance(items, list) else [items] * len(value)
        return size and fits(value, each, root)
    if isinstance(value, dict):
        return _object(value, schema, root)
    return not isinstance(value, int | float) or _number(value, schema)


def _number(value: float, schema: Schema) -> bool:
    return (
        value >= schema.get("minimum", value)
        and value <= schema.get("maximum", value)
        and ("exclusiveMinimum" not in schema or value > schema["exclusiveMinimum"])
        and ("exclusiveMaximum" not in schema or value < schema["exclusiveMaximum"])
    )


def _object(value: dict[str, Any], schema: Schema, root: Schema) -> bool:
    if not all(key in value for key in schema.get("required", [])):
        return False
    for key, item in value.items():
        found = [schema["properties"][key]] if key in schema.get("properties", {}) else []
        found += [one for pattern, one in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
        rest = schema.get("additionalProperties", {})
        if not found and rest is False:
            return False
        if not all(fits(item, one, root) for one in found or [rest]):
            return False
    return True
