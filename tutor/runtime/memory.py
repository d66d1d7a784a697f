"""Gives memory back that was needed while libraries were loaded, and hardly ever again."""

from __future__ import annotations

import contextlib
import ctypes
from pathlib import Path

_MADV_DONTNEED = 4


def give_back() -> None:
    """Free what malloc holds unused, and let go of the pages of machine code; those that run again are found again."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.malloc_trim(0)
        libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for start, end in _code():
            libc.madvise(start, end - start, _MADV_DONTNEED)


def _code() -> list[tuple[int, int]]:
    """Where shared libraries have their code: mapped from files and not writable, so that nothing in it can be lost."""
    found = []
    for line in Path("/proc/self/maps").read_text().splitlines():
        where, rights, _, _, _, *file = line.split(maxsplit=5)
        if rights == "r-xp" and file and file[0].startswith("/"):
            start, _, end = where.partition("-")
            found.append((int(start, 16), int(end, 16)))
    return found
