"""The name that was probably meant, as newer Pythons add it to their errors."""

from __future__ import annotations

import builtins
import difflib
import re
import sys
import types
from collections.abc import Iterable

_MOST = 2000
_LONGEST = 80
_IMPORTED = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")


def nearest(error: BaseException, frame: types.FrameType | None) -> str:
    """A name near the one that an error is about, among those that were there; empty where none is."""
    if isinstance(error, NameError) and frame is not None:
        return _of_name(str(error.name), frame)
    if isinstance(error, AttributeError) and isinstance(error.name, str):
        return _near(error.name, dir(error.obj))
    if isinstance(error, ImportError):
        match = _IMPORTED.match(str(error))
        module = sys.modules.get(match[2]) if match is not None else None
        return _near(match[1], dir(module)) if match is not None and module is not None else ""
    return ""


def _of_name(name: str, frame: types.FrameType) -> str:
    own = frame.f_locals.get("self")
    if own is not None and name in dir(own):
        return f"self.{name}"
    return _near(name, [*frame.f_locals, *frame.f_globals, *dir(builtins)])


def _near(name: str, known: Iterable[str]) -> str:
    """The nearest of the names, small and capital letters taken as alike; those that begin with _ only for such."""
    names = [one for one in list(known)[:_MOST] if one != name and one.startswith("_") == name.startswith("_")]
    if len(name) > _LONGEST or len(name) < 2:
        return ""
    by_small = {one.lower(): one for one in reversed(names)}
    close = difflib.get_close_matches(name.lower(), by_small, n=1, cutoff=0.72)
    return by_small[close[0]] if close else ""
