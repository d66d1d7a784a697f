"""The errors that learners meet, by type and message: what each means, and what to try."""

from __future__ import annotations

from tutor.checks.error_autograd import AUTOGRAD
from tutor.checks.error_calls import CALLS
from tutor.checks.error_modules import MODULES
from tutor.checks.error_numbers import NUMBERS
from tutor.checks.error_python import PYTHON
from tutor.checks.error_row import Row
from tutor.checks.error_shapes import SHAPES

TABLE: tuple[Row, ...] = (*AUTOGRAD, *SHAPES, *NUMBERS, *MODULES, *CALLS, *PYTHON)
"""The first row that fits explains; Python's own and general ones stand last."""
