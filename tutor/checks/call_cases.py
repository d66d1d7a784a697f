"""The inputs on which two functions are compared: small and simple ones first, then random ones and edges.

They are made from the fields of a check alone, by Python's own generator, so that both processes get the same ones and
neither has to be trusted. Numbers are multiples of 1/8: short to read, and exact however they are summed.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod

import msgspec

from tutor.checks.call_types import Argument, Bound, arguments
from tutor.runtime.protocol import CallCase
from tutor.runtime.values import PlainValue, TensorValue, Value

_FORMATS = {"float32": "f", "float64": "d", "int64": "q", "int32": "i", "uint8": "B", "bool": "?"}
_LARGE = 1024
_RANKS = ((), (3,), (2, 3), (1,), (2, 1, 3))
"""Dimensions that `...` stands for, one case after the other."""

Style = Callable[[random.Random, int], float]
"""The number at a place of a tensor, without bounds."""


def _counted(rng: random.Random, place: int) -> float:
    return float(place % 9 + 1)


def _whole(rng: random.Random, place: int) -> float:
    return float(rng.randint(-3, 3))


def _any(rng: random.Random, place: int) -> float:
    return rng.choice((-1, 1)) * rng.randint(1, 32) / 8


def _negative(rng: random.Random, place: int) -> float:
    return -rng.randint(1, 32) / 8


def _positive(rng: random.Random, place: int) -> float:
    return rng.randint(1, 32) / 8


def _zero(rng: random.Random, place: int) -> float:
    return 0.0


def _tied(rng: random.Random, place: int) -> float:
    return float(rng.choice((1, 2)))


def _large(rng: random.Random, place: int) -> float:
    return float(rng.choice((-1, 1)) * rng.randint(1, 8) * _LARGE)


def _large_positive(rng: random.Random, place: int) -> float:
    return abs(_large(rng, place))


_EIGHTHS = (_any, _negative, _positive)


class Plan(msgspec.Struct, frozen=True):
    """One case: the sizes of the named dimensions in order, those of `...`, and the style of numbers."""

    sizes: tuple[int, ...]
    rank: tuple[int, ...]
    style: Style


@lru_cache(maxsize=64)
def _cases(texts: tuple[str, ...], draws: int) -> tuple[CallCase, ...]:
    wanted = arguments(texts)
    names = tuple(dict.fromkeys(name for one in wanted for name in one.names))
    open_rank = any(one.dims is not None and "..." in one.dims for one in wanted)
    made: dict[bytes, tuple[int, CallCase]] = {}
    for number, plan in enumerate(_plans(len(names), draws, open_rank, _free(wanted))):
        args = _arguments(wanted, dict(zip(names, plan.sizes, strict=True)), plan, random.Random(number))
        if args is not None:
            case = CallCase(args=args)
            made.setdefault(msgspec.msgpack.encode(case), (sum(map(_size, args)), case))
    return tuple(case for _, case in sorted(made.values(), key=lambda pair: pair[0]))


def cases(generate: dict[str, str], draws: int) -> tuple[CallCase, ...]:
    """The cases for these kinds of arguments, the smallest first; `draws` of them are random, the others edges."""
    return _cases(tuple(generate.values()), draws) if generate else ()


def _size(value: Value) -> int:
    return prod(value.shape) if isinstance(value, TensorValue) else 1


def _free(wanted: Sequence[Argument]) -> bool:
    """Whether any numbers can be negative, large or tied at will."""
    return any(not one.bounded and one.type != "bool" for one in wanted)


def _plans(names: int, draws: int, open_rank: bool, free: bool) -> list[Plan]:
    ascending = tuple(range(2, 2 + names))
    plans = [
        Plan((1,) * names, (), _counted),
        Plan(ascending, (2,), _counted),
        Plan(tuple(reversed(ascending)), (3,), _whole),
    ]
    for number in range(draws):
        rng = random.Random(1000 + number)
        top = min(5, 2 + number // 3)
        plans.append(
            Plan(_drawn(rng, names, top, number), _RANKS[number % len(_RANKS)], _whole if number < 3 else _any)
        )
    if names:
        plans += [
            Plan((1,) * names, (1,), _any),
            Plan((1, *range(3, 2 + names)), (1, 3), _any),
            Plan((*range(3, 2 + names), 1), (3, 1), _any),
            Plan((3,) * names, (3, 3), _any),
            Plan((0, *(2,) * (names - 1)), (0,), _any),
            Plan((*(2,) * (names - 1), 0), (2, 0), _any),
        ]
    elif open_rank:
        plans += [Plan((), rank, _any) for rank in ((), (1,), (0,), (1, 3), (3, 1), (3, 3), (2, 0), (2, 3, 4))]
    if free:
        rank = (2,) if names else (2, 3)
        plans += [
            Plan(ascending if names > 1 else (4,) * names, rank, style)
            for style in (_negative, _positive, _zero, _tied, _large)
        ]
        plans.append(Plan((2,) * names, (2,), _large_positive))
    return plans


def _drawn(rng: random.Random, names: int, top: int, number: int) -> tuple[int, ...]:
    """Random sizes, in every second case all different."""
    if number % 2:
        return tuple(rng.sample(range(1, top + names + 1), names))
    return tuple(rng.randint(1, top) for _ in range(names))


def _arguments(
    wanted: Sequence[Argument], sizes: dict[str, int], plan: Plan, rng: random.Random
) -> tuple[Value, ...] | None:
    """The arguments of one case; None where bounds leave no number for one of them."""
    made = [_argument(one, sizes, plan, rng) for one in wanted]
    return None if any(value is None for value in made) else tuple(value for value in made if value is not None)


def _argument(one: Argument, sizes: dict[str, int], plan: Plan, rng: random.Random) -> Value | None:
    bounds = tuple(_resolved(bound, sizes) for bound in (one.low, one.high))
    if one.dims is None:
        found = _numbers(one, bounds, 1, plan.style, rng)
        return None if found is None else PlainValue(type=one.type, value=found[0])
    shape: tuple[int, ...] = ()
    for dim in one.dims:
        shape += plan.rank if dim == "..." else (dim if isinstance(dim, int) else sizes[dim],)
    numbers = _numbers(one, bounds, prod(shape), plan.style, rng)
    if numbers is None:
        return None
    data = struct.pack(f"<{len(numbers)}{_FORMATS[one.dtype]}", *numbers)
    return TensorValue(dtype=one.dtype, shape=shape, data=data)


def _resolved(bound: Bound | None, sizes: dict[str, int]) -> float | None:
    return float(sizes[bound]) if isinstance(bound, str) else bound


def _numbers(
    one: Argument, bounds: tuple[float | None, ...], count: int, style: Style, rng: random.Random
) -> list[float | int | bool] | None:
    """`count` numbers of an argument, within its bounds; None where there are none."""
    if one.type == "bool":
        return [style(rng, place) > 0 if style in (_zero, _positive) else rng.random() < 0.5 for place in range(count)]
    low, high = bounds
    if low is None and high is None:
        low = 0.0 if one.type == "uint8" else None
    elif low is None and one.whole and high is not None and high > 0:
        low = 0.0  # what is only bounded above counts something, or is an index
    if low is None and high is None:
        scale = 8 if one.whole and style in _EIGHTHS else 1
        free = [scale * style(rng, place) for place in range(count)]
        return [int(number) for number in free] if one.whole else list(free)
    grid = _grid(one, low, high)
    if not grid and count:
        return None
    return [rng.choice(grid) for _ in range(count)]


def _grid(one: Argument, low: float | None, high: float | None) -> list[float | int | bool]:
    """The numbers to choose from between bounds: whole ones, or 17 evenly spaced."""
    if low is None:
        low = (high or 0.0) - 8
    if high is None:
        high = low + (9 if one.whole else 8)
    step = 1.0 if one.whole else (high - low) / 16
    first = -(-low // 1) if one.whole else low
    last = min(10_000, int((high - first) // step)) if high >= first else -1
    numbers = [first + place * step for place in range(last + 1)]
    kept = [number for number in numbers if not (one.above and number <= low) and not (one.below and number >= high)]
    return [int(number) for number in kept] if one.whole else list(kept)
