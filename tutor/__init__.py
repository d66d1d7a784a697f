"""torch-tutor: learn PyTorch in the terminal, offline, with your code run at once in a sandbox."""

from __future__ import annotations

__version__ = "0.1.0"
