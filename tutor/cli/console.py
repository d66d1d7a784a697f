"""The console of `torch-tutor run --console`: reads statements, has them run in the finished program, prints."""

from __future__ import annotations

import asyncio
import codeop
import contextlib
import sys

from tutor.cli.common import explanation
from tutor.cli.run import write_output
from tutor.runtime.client import Runtime
from tutor.runtime.console import TIME_S
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Answer, Limits, Outcome

GREETING = "Your program has ended; its names are still there. An empty line ends a block, Ctrl+D ends the console."


async def talk(runtime: Runtime) -> None:
    """Answer statement after statement until the input ends or the program is gone."""
    interactive = sys.stdin.isatty()
    if interactive:
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - input() then edits lines and remembers them
        print(GREETING)
    while True:
        code = await asyncio.to_thread(_statement, interactive)
        if code is None:
            return
        answer = await runtime.evaluate(code, write_output)
        _print(answer)
        if answer.outcome not in (Outcome.FINISHED, Outcome.RAISED) and answer.error is None:
            return


def _statement(interactive: bool) -> str | None:
    """Read lines until they make a whole statement; None at the end of the input."""
    lines: list[str] = []
    while True:
        try:
            lines.append(input(("... " if lines else ">>> ") if interactive else ""))
        except EOFError:
            return "\n".join(lines) or None
        code = "\n".join(lines)
        try:
            if codeop.compile_command(code, "<console>", "single") is not None and (len(lines) == 1 or not lines[-1]):
                return code
        except (SyntaxError, ValueError, OverflowError):
            return code  # the answer says what is wrong with it


def _print(answer: Answer) -> None:
    if answer.text:
        print(answer.text)
    if answer.error is not None:
        print(answer.error.text.rstrip(), file=sys.stderr)
        if known := explanation(answer.error):
            print(known, file=sys.stderr)
    elif answer.outcome is not Outcome.FINISHED:
        print(sentence(answer, Limits(time_s=TIME_S)), file=sys.stderr)
