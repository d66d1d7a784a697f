"""The JSON Schema of course files, made from the model, the kinds of check and what their docstrings say.

Editors complete and explain a file by it. It is committed as `schema.json`, so that it can be had without this module.
"""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from tutor.checks import KINDS
from tutor.lessons import model
from tutor.lessons.rules import LANGUAGE
from tutor.lessons.texts import CourseText, LessonText

FILE = Path(__file__).with_name("schema.json")
Schema = dict[str, Any]

_ID = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64}
_CHECK_ID = {"type": "string", "pattern": "^[A-Za-z0-9_.-]+$", "maxLength": 64}
_ANY_KEY_OF_YOUR_OWN: Schema = {"^x-": {"description": "A note of your own."}}
_FORMAT: Schema = {"description": "The version of this format.", "const": model.FORMAT}
_SIMPLE: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}


def schema() -> Schema:
    """The schema of a course, a lesson or a translation of one of them."""
    made = _Made()
    course = made.struct(model.Course, required=("format",), more={"format": _FORMAT})
    lesson = made.struct(model.Lesson, required=("format",), more={"format": _FORMAT})
    course["properties"]["lessons"] = _listed(course["properties"]["lessons"], {"anyOf": [_PATH, made.inline_lesson()]})
    language = {"description": "The language of these texts.", "type": "string", "pattern": f"^{LANGUAGE.pattern}$"}
    head = {"format": _FORMAT, "language": language}
    translations = [made.struct(one, required=tuple(head), more=head) for one in (LessonText, CourseText)]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A course or lesson of torch-tutor",
        "description": "One file: a course, a lesson, or the translation of one of them.",
        "anyOf": [course, lesson, *translations],
        "definitions": dict(sorted(made.definitions.items())),
    }


def text() -> str:
    """The schema as it is committed."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


_PATH: Schema = {"description": "The path of a lesson file, relative to this one.", "type": "string"}


class _Made:
    """Schemas of structs, each once, under the name of its class."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def ref(self, kind: type[msgspec.Struct]) -> Schema:
        """A reference to the schema of a struct."""
        name = f"{kind.__name__}Check" if kind in KINDS.values() else kind.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # it may hold itself
            self.definitions[name] = self.struct(kind)
        return {"$ref": f"#/definitions/{name}"}

    def inline_lesson(self) -> Schema:
        """A lesson within the file of a course: it may have a format, and need not."""
        self.definitions["InlineLesson"] = self.struct(model.Lesson, more={"format": _FORMAT})
        return {"$ref": "#/definitions/InlineLesson"}

    def struct(
        self, kind: type[msgspec.Struct], *, required: tuple[str, ...] = (), more: Schema | None = None
    ) -> Schema:
        """An object with the fields that authors write; `more` are those that the loader reads itself."""
        words = described(kind)
        properties: Schema = dict(more or {})
        needed = list(required)
        if tag := getattr(kind, "kind", ""):
            properties["kind"] = {"description": _first_sentence(kind), "const": tag}
            needed.append("kind")
        for field in msgspec.structs.fields(kind):
            name = field.encode_name
            if name.startswith("x-") or (kind is model.OrderStep and name == "starter"):
                continue  # the loader makes them
            properties[name] = {"description": words[field.name], **_apart(self._field(kind, field))}
            if (field.required and not self._filled_in(kind, name)) or (kind is model.FixStep and name == "starter"):
                needed.append(name)
        return {
            "description": _paragraph(kind),
            "type": "object",
            "properties": properties,
            "patternProperties": _ANY_KEY_OF_YOUR_OWN,
            "additionalProperties": False,
            "required": needed,
        }

    def _filled_in(self, kind: type[msgspec.Struct], name: str) -> bool:
        """Whether the loader gives a field where the author does not."""
        return (issubclass(kind, model.Step) and name == "title") or (kind in KINDS.values() and name == "id")

    def _field(self, kind: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> Schema:
        name = field.encode_name
        made: Schema
        if name == "id":
            return dict(_CHECK_ID if kind in KINDS.values() else _ID)
        if name == "checks" and issubclass(kind, model.Step):
            made = {"type": "array", "items": self._check()}
        elif name == "steps" and issubclass(kind, model.Lesson):
            made = {"type": "array", "items": {"anyOf": [self.ref(step) for step in model.STEP_KINDS.values()]}}
            return {**made, "minItems": 1}
        elif name == "lessons" and issubclass(kind, model.Course):
            made = {"type": "array"}
        elif name == "hints" and issubclass(kind, model.Step):
            made = {"type": "array", "items": {"anyOf": [{"type": "string"}, self.ref(model.Hint)]}}
        else:
            made = self.of(field.type)
        if field.default not in (msgspec.NODEFAULT, msgspec.UNSET, None, "") and isinstance(
            field.default, bool | int | float | str
        ):
            made = {**made, "default": field.default}
        return made

    def _check(self) -> Schema:
        """An expression, or a mapping with the fields of its kind; plug-ins may bring kinds of their own."""
        expression = {"description": "An expression that must be what it is in the solution.", "type": "string"}
        foreign: Schema = {
            "description": "A check of a kind that a plug-in brings.",
            "type": "object",
            "properties": {"kind": {"type": "string", "not": {"enum": list(KINDS)}}},
            "required": ["kind"],
        }
        return {"anyOf": [expression, *(self.ref(kind) for kind in KINDS.values()), foreign]}

    def of(self, wanted: Any) -> Schema:
        """The schema of a type."""
        origin, args = get_origin(wanted), get_args(wanted)
        if origin is Annotated:
            return {**self.of(args[0]), **_bounds(args[1:])}
        if origin in (Union, UnionType):
            parts = [self.of(part) for part in args if part is not msgspec.UnsetType]
            return parts[0] if len(parts) == 1 else {"anyOf": parts}
        if origin is Literal:
            return {"enum": list(args)}
        if origin is tuple and Ellipsis in args:
            return {"type": "array", "items": self.of(args[0])}
        if origin is tuple:
            kinds = [self.of(part) for part in args]
            return {"type": "array", "items": kinds, "minItems": len(args), "maxItems": len(args)}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(args[1])}
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            return self.ref(wanted)
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return {"enum": [one.value for one in wanted]}
        return dict(_SIMPLE[wanted])


def _apart(made: Schema) -> Schema:
    """What stands beside `$ref` does not count, so a reference goes into a list of its own."""
    return {"allOf": [made]} if "$ref" in made else made


def _listed(made: Schema, item: Schema) -> Schema:
    return {**made, "items": item, "minItems": 1}


def _bounds(metas: tuple[Any, ...]) -> Schema:
    names = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
    found = {}
    for meta in metas:
        for own, theirs in names.items():
            if (bound := getattr(meta, own, None)) is not None:
                found[theirs] = bound
    return found


# ---- what the docstrings say --------------------------------------------------------------------------------------


@cache
def described(kind: type) -> dict[str, str]:
    """What stands below each field of a class and of those that it is made of."""
    found: dict[str, str] = {}
    for base in reversed(kind.__mro__):
        if base.__module__.startswith("tutor."):
            found |= _below_fields(base)
    return found


def _below_fields(kind: type) -> dict[str, str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, below in zip(tree.body, tree.body[1:], strict=False):
        is_text = isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and is_text:
            found[field.target.id] = " ".join(str(below.value.value).split())  # type: ignore[attr-defined]
    return found


def _paragraph(kind: type) -> str:
    """The docstring of a class, its lines joined."""
    return " ".join((inspect.getdoc(kind) or "").split())


def _first_sentence(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split())
