"""The widgets of the app, one file each; they know plain values, never the runtime."""

from __future__ import annotations
