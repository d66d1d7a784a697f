"""Values of a YAML file with their places."""

from __future__ import annotations

from typing import Any, Final

import msgspec


class Refused:
    """The value of a node that YAML has but courses may not: what was wrong with it has been said."""

    def __repr__(self) -> str:
        return "REFUSED"


REFUSED: Final = Refused()


class Node(msgspec.Struct):
    """A value and the place where it begins (counted from 1); `value` is plain data, without keys named `x-…`."""

    line: int
    column: int
    value: Any = REFUSED


class Scalar(Node):
    """A value without parts; `style` is empty for a plain one, else one of ' " | >."""

    text: str = ""
    style: str = ""


class Sequence(Node):
    """A list."""

    items: list[Node] = []


class Mapping(Node):
    """Keys with their places, and their values."""

    keys: dict[str, Scalar] = {}
    items: dict[str, Node] = {}

    def get(self, key: str) -> Node | None:
        """The value under a key, or None."""
        return self.items.get(key)

    def at(self, key: str) -> Node:
        """The value under a key, or the mapping that lacks it."""
        return self.items.get(key, self)

    def text(self, key: str) -> str:
        """The text under a key; empty where there is none."""
        value = self.value.get(key)
        return value if isinstance(value, str) else ""

    def listed(self, key: str) -> list[Node]:
        """The items of the list under a key; none where there is no list."""
        node = self.items.get(key)
        return node.items if isinstance(node, Sequence) else []

    def each(self, key: str, field: str) -> list[Node]:
        """The values under `field` of the mappings that are listed under a key."""
        items = self.listed(key)
        return [item.items[field] for item in items if isinstance(item, Mapping) and field in item.items]
