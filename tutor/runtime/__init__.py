"""Where code runs: a zygote with torch loaded, a locked-down process for each run."""

from __future__ import annotations
