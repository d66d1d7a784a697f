"""What holds for every test: a terminal that can show all that is drawn, wherever the tests are run."""

from __future__ import annotations

import os

for name in ("NO_COLOR", "LC_ALL"):
    os.environ.pop(name, None)
os.environ.update(LC_CTYPE="C.UTF-8", TERM="xterm-256color")
