"""The learner's own editor, in the place of ours for a while."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
import time
from pathlib import Path

AT_ONCE_S = 0.5
"""Nobody reads a file and leaves the editor in less."""


class EditorFault(Exception):
    """The editor could not be used; the message says why and what to do."""


def edited(text: str, name: str) -> str:
    """The text as the editor of $VISUAL or $EDITOR leaves it; EditorFault where there is none, or it fails.

    The editor must wait until the file is closed (`code --wait`).
    """
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not command:
        raise EditorFault("Set $VISUAL or $EDITOR to the editor that you want, such as `nano`, then start again.")
    with tempfile.TemporaryDirectory(prefix="torch-tutor-") as folder:
        file = Path(folder) / name
        file.write_text(text, encoding="utf-8")
        began = time.monotonic()
        try:
            code = subprocess.run([*shlex.split(command), str(file)], check=False).returncode
            changed = file.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:  # no such program, an open quote, or what is no UTF-8
            raise EditorFault(f"`{command}` could not be used: {error}. Your code is as it was.") from None
    if changed == text and not code and time.monotonic() - began < AT_ONCE_S:
        raise EditorFault(
            f"`{command}` came back at once, with your code as it was. If it opens a window of its own, tell it to"
            " wait, as in VISUAL='code --wait'."
        )
    if code:
        raise EditorFault(f"`{command}` ended with an error ({code}). Your code is as it was.")
    return changed
