"""What a course is: the model, YAML with positions, problems with carets, the bundled content."""

from __future__ import annotations
