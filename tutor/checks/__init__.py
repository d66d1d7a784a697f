"""The kinds of check, one file each: fields, probes, judgement."""

from __future__ import annotations
