"""What holds for every test: a terminal that can show all that is drawn, wherever the tests are run."""

from __future__ import annotations

import os

from textual import _wait

for name in ("NO_COLOR", "LC_ALL"):
    os.environ.pop(name, None)
os.environ.update(LC_CTYPE="C.UTF-8", TERM="xterm-256color")

# Textual's pilot takes the app for idle when it has slept through this time, after each key and at each pause. Messages
# are waited for apart from that, so a shorter time is as safe, and most of the time of our tests was such sleep.
_wait.SLEEP_GRANULARITY = 1 / 200
_wait.SLEEP_IDLE = _wait.SLEEP_GRANULARITY / 20
