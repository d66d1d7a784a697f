"""The commands of torch-tutor, one file each; light to import."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

FINE, FINDINGS, USAGE, FAULT, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes of every command."""


class UsageError(Exception):
    """What was asked can't be done; the message says what, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    from tutor.cli.parser import parse
    from tutor.glyphs import HANDLER

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)  # a terminal that can't show a mark still gets the words
    options = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except UsageError as error:
        print(f"torch-tutor: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        close_quietly()
        return FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def close_quietly() -> None:
    """Give up standard output, so that the interpreter does not complain about it at its end."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
