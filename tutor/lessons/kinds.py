"""A page for each kind of step and of check, made from docstrings: what it is, why, when not, and its fields."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from tutor.checks import KINDS
from tutor.checks.base import Check
from tutor.checks.ids import FAULTS, RELATIONS
from tutor.lessons.model import STEP_KINDS, FixStep, OrderStep, Step
from tutor.lessons.schema import described

_NAMED = re.compile(r"^(What it does|Why it matters|Example|Use instead): ", re.MULTILINE)
_SIMPLE = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`", Any: "anything", NoneType: ""}
_SHARED = tuple(field.encode_name for field in msgspec.structs.fields(Check))


def names() -> list[str]:
    """What there is a page of: kinds of step, then of check, then the ids."""
    return [*STEP_KINDS, *KINDS, "relations", "faults"]


def page(name: str, example: str = "") -> str:
    """The page of a kind, or of the ids, as Markdown; KeyError if there is none. `example` is a step in YAML."""
    if name in ("relations", "faults"):
        return _ids(name)
    every: dict[str, type[Step] | type[Check]] = {**STEP_KINDS, **KINDS}
    return _kind(name, every[name], example)


def document(examples: dict[str, str]) -> str:
    """All pages, one after the other, as `docs/kinds.md` holds them; `examples` are steps in YAML by their kind."""
    head = (
        "# Kinds of steps and checks\n\n"
        "Made by `torch-tutor kinds --all` from what stands beside the code. [Write a lesson](authoring.md) shows"
        " how they work together.\n"
    )
    shared = "\n".join(_row(field, Check) for field in msgspec.structs.fields(Check))
    parts = [head, "## Steps\n", *(page(kind, examples.get(kind, "")) for kind in STEP_KINDS)]
    parts += [f"## Checks\n\nThese fields fit every kind of check:\n\n{_HEAD}{shared}\n"]
    parts += [*(page(kind) for kind in KINDS), "## Ids\n", page("relations"), page("faults")]
    return "\n".join(parts)


_HEAD = "| field | holds | meaning |\n|---|---|---|\n"


def _kind(name: str, kind: type[Step] | type[Check], example: str) -> str:
    summary, _, rest = (inspect.getdoc(kind) or "").partition("\n\n")
    lines = [f"### `{name}`", "", _joined(summary), ""]
    pieces = _NAMED.split(rest)[1:]
    for title, text in zip(pieces[::2], pieces[1::2], strict=True):
        lines += [f"**{title}.** {_sentence(_joined(text))}", ""]
    if example:
        lines += ["```yaml", example.rstrip("\n"), "```", ""]
    fields = [field for field in msgspec.structs.fields(kind) if _is_an_authors(kind, field.encode_name)]
    return "\n".join([*lines, _HEAD + "\n".join(_row(field, kind) for field in fields), ""])


def _is_an_authors(kind: type[Step] | type[Check], name: str) -> bool:
    if issubclass(kind, Check):
        return name not in _SHARED
    return not name.startswith("x-") and not (kind is OrderStep and name == "starter")


def _row(field: msgspec.structs.FieldInfo, kind: type[Step] | type[Check]) -> str:
    filled_in = field.encode_name == ("title" if issubclass(kind, Step) else "id")
    needed = (field.required and not filled_in) or (kind is FixStep and field.encode_name == "starter")
    meaning = described(kind)[field.name].replace("|", "\\|")
    return f"| `{field.encode_name}`{' (needed)' if needed else ''} | {_holds(field.type)} | {meaning} |"


def _holds(wanted: Any) -> str:
    """What a field of a type holds, in an author's words."""
    origin, args = get_origin(wanted), get_args(wanted)
    if origin is Annotated:
        return _holds(args[0])
    if origin in (Union, UnionType):
        return _either(_holds(part) for part in args if part not in (msgspec.UnsetType, NoneType))
    if origin is Literal:
        return _either(f"`{value}`" for value in args)
    if origin is tuple:
        return f"list: {_holds(args[0])}" if Ellipsis in args else f"list of {len(args)}: {_holds(args[0])}"
    if origin is dict:
        return f"mapping: {_holds(args[1])}"
    if isinstance(wanted, type) and issubclass(wanted, Check):
        return "expression or check"
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return _either(f"`{one.value}`" for one in wanted)
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        inner = (field.encode_name for field in msgspec.structs.fields(wanted))
        return "`{" + ", ".join(inner) + "}`"
    return _SIMPLE[wanted]


def _either(words: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(words))


def _joined(text: str) -> str:
    return " ".join(text.split())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ids(name: str) -> str:
    """The ids that stand in `check --json` and in the conditions of misconceptions."""
    what, ids = {
        "relations": (
            "What a wrong value is of the wanted one: `relation` in `check --json`, and in `when`.",
            RELATIONS,
        ),
        "faults": ("What a run shows without a wanted value: `trace` in `when`, and in `run --json`.", FAULTS),
    }[name]
    own = (
        {id_: words for kind in KINDS.values() for id_, words in kind.relations.items()} if name == "relations" else {}
    )
    rows = [f"| `{id_}` | {words} |" for id_, words in {**ids, **own}.items()]
    return "\n".join([f"### {name.capitalize()}", "", what, "", "| id | meaning |", "|---|---|", *rows, ""])
