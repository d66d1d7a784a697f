"""YAML as one would write it: long texts as blocks, lists set in."""

from __future__ import annotations

from typing import Any

import yaml


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Lists are indented below their key."""
        super().increase_indent(flow, False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else "'" if _is_number(text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _is_number(text: str) -> bool:
    """Whether YAML 1.2 reads a number where this writer's YAML 1.1 reads a text, as in 1e-5."""
    try:
        float(text.replace("_", "x"))
    except ValueError:
        return False
    return True


_Writer.add_representer(str, _text)


def yaml_of(value: Any) -> str:
    """Plain values as YAML."""
    return yaml.dump(_tidy(value), Dumper=_Writer, sort_keys=False, allow_unicode=True, width=10_000)


def _tidy(value: Any) -> Any:
    """A block can't hold spaces at the end of a line, nor tabs."""
    if isinstance(value, dict):
        return {key: _tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in value.expandtabs(4).split("\n"))
    return value
