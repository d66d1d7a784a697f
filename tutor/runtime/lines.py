"""What each line of a program made: the shapes of the tensors it named, and how often its loops went round.

The program's tree gets small hidden statements before it is compiled (`instrument`): they call a `Name` after an
assignment and count a `Loop` at the start of its body. Both are constants of the compiled code, so that no name of the
program can hide, or show, them.
"""

from __future__ import annotations

import warnings
from types import CodeType
from typing import Any

from tutor.runtime import instrument
from tutor.runtime.line_notes import Loop, Name
from tutor.runtime.protocol import Job
from tutor.runtime.values import LineShape, LoopCount

_SHAPES, _LOOPS = 2000, 1000


class Lines:
    """The names and loops of one program."""

    def __init__(self) -> None:
        self._names: tuple[Name, ...] = ()
        self._loops: tuple[Loop, ...] = ()
        self._parsed = False

    def compiled(self, job: Job) -> CodeType:
        """The learner's code, compiled, with its lines watched; as it is where that can't be done."""
        code = self._watched(job)
        if code is not None:
            return code
        with warnings.catch_warnings():
            if self._parsed:  # what there is to warn of was said
                warnings.simplefilter("ignore")
            return compile(job.code, job.filename, "exec", dont_inherit=True)

    def _watched(self, job: Job) -> CodeType | None:
        beside = f"{job.setup}\n{job.given}\n{job.probes!r}"
        try:
            tree: Any = compile(job.code, job.filename, "exec", instrument.ONLY_PARSE, dont_inherit=True)
            self._parsed = True
            watched = instrument.watched(tree, job.code, beside)
            code = watched.finished(compile(watched.tree, job.filename, "exec", dont_inherit=True))
        except Exception:  # a mistake in the program, or one of ours: both show best when it is run as it is
            return None
        self._names, self._loops = tuple(watched.names.values()), tuple(watched.loops)
        return code

    def shapes(self) -> tuple[LineShape, ...]:
        """The tensors that lines named, in the order of the lines."""
        seen = [shape for name in self._names if (shape := name.seen()) is not None]
        return tuple(sorted(seen, key=lambda shape: shape.line)[:_SHAPES])

    def loops(self) -> tuple[LoopCount, ...]:
        """The loops that went round at least once, in the order of their lines."""
        counts = [loop.count() for loop in self._loops if loop.times]
        return tuple(sorted(counts, key=lambda count: count.line)[:_LOOPS])
