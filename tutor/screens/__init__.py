"""The screens of the app, one file each."""

from __future__ import annotations
