"""Names and where they are found: what a module or a class holds, with signatures and first words of their texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["m", "c", "f", "v", "k"]
"""Module, class, function, value; a keyword argument."""
MOST_BASES = 50


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A name; `gives` is the place of what it is or, for a function and a class, of what a call of it makes."""

    name: str
    kind: Kind = "v"
    signature: str = ""
    """The arguments in their brackets; where there are several ways to call it, one a line."""
    text: str = ""
    """The first paragraph of its docstring."""
    gives: str = ""

    @property
    def forms(self) -> tuple[str, ...]:
        """The ways to call it."""
        return tuple(self.signature.split("\n")) if self.signature else ()


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A module or a class: the places of the classes that it takes after, and its own names."""

    bases: tuple[str, ...] = ()
    names: tuple[Named, ...] = ()


Places = dict[str, Place]
_decode = msgspec.json.Decoder(Places).decode


def read(text: str | bytes) -> Places:
    """The places that the program of tutor.runtime.names_program has printed; MsgspecError if it has not."""
    return _decode(text)


class Atlas:
    """Places by their names; what is looked up often is worked out once."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self.places = places
        self._members: dict[str, dict[str, Named]] = {}
        self._by_class: dict[str, str] | None = None

    def members(self, place: str, more: Mapping[str, Place] | None = None) -> Mapping[str, Named]:
        """All names of a place, its own first; `more` are places that only this program has."""
        own = (more or {}).get(place)
        if own is None:
            if place not in self._members:
                self._members[place] = self._gathered(place, {})
            return self._members[place]
        return self._gathered(place, more or {})

    def _gathered(self, place: str, more: Mapping[str, Place]) -> dict[str, Named]:
        found: dict[str, Named] = {}
        waiting, seen = [place], set[str]()
        while waiting and len(seen) < MOST_BASES:
            here = waiting.pop(0)
            held = more.get(here) or self.places.get(here)
            if here in seen or held is None:
                continue
            seen.add(here)
            for one in held.names:
                found.setdefault(one.name, one)
            waiting += held.bases
        return found

    def after(self, place: str, more: Mapping[str, Place] | None = None) -> tuple[str, ...]:
        """The place, and those of the classes that it takes after."""
        found: list[str] = []
        waiting = [place]
        while waiting and len(found) < MOST_BASES:
            here = waiting.pop(0)
            if here and here not in found:
                found.append(here)
                held = (more or {}).get(here) or self.places.get(here)
                waiting += held.bases if held is not None else ()
        return tuple(found)

    def at(self, path: str) -> Named | None:
        """What a whole dotted path leads to: "torch.nn.Linear"."""
        parent, _, last = path.rpartition(".")
        if not parent:
            return Named(path, "m", gives=path) if path in self.places else None
        found = self.members(parent).get(last)
        if found is None and path in self.places:
            return Named(last, "m", gives=path)
        return found

    def class_named(self, name: str) -> str:
        """The place of the class whose own name this is; empty where none is known."""
        if self._by_class is None:
            every = (one.gives for place in self.places.values() for one in place.names if one.kind == "c")
            self._by_class = {}
            for place in (*every, *self.places):
                self._by_class.setdefault(place.rpartition(".")[2], place)
        return self._by_class.get(name, "")

    @property
    def modules(self) -> list[str]:
        """Modules that an import may name."""
        tops = {one.gives for place in self.places.values() for one in place.names if one.kind == "m"}
        return sorted({*tops, *(place for place in self.places if "." not in place)})
