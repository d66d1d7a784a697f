"""Performance, as ratios against a yardstick measured in the same run: `make bench`."""

from __future__ import annotations
