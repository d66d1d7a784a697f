"""The commands of torch-tutor, one file each; light to import."""

from __future__ import annotations
