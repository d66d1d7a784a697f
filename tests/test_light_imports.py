"""The process that draws never loads torch, scikit-learn or pydantic; the command line loads no Textual."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "sklearn", "pydantic", "numpy", "scipy", "plotext")
PROBE = "import sys; {what}; print(' '.join(m for m in {names!r} if m in sys.modules))"


def loaded_after(what: str, names: tuple[str, ...]) -> str:
    program = PROBE.format(what=what, names=names)
    return subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    "what",
    [
        "import tutor.app, tutor.screens.course_map",
        "import tutor.runtime.client",
        "import tutor.exercise, tutor.progress",
        "import tutor.known_names, tutor.completion.names, tutor.widgets.completing",
        "from tutor.lessons.load import load_course; load_course()",
        "import tutor.checks; tutor.checks.KINDS",
    ],
)
def test_nothing_heavy_is_loaded_to_draw_the_first_screen(what: str) -> None:
    assert loaded_after(what, HEAVY) == ""


def test_the_command_line_loads_no_textual() -> None:
    what = "import io, contextlib; from tutor.cli import main\nwith contextlib.redirect_stdout(io.StringIO()): main(['list'])\n"
    program = f"import sys\n{what}\nprint(' '.join(m for m in {('textual', *HEAVY)!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""


def test_judging_loads_numpy_but_no_torch() -> None:
    assert loaded_after("import tutor.checks.judge, tutor.checks.relations", ("torch", "sklearn", "pydantic")) == ""


def test_the_runtime_is_loaded_after_the_first_paint() -> None:
    what = "import tutor.cli.open, tutor.cli.kept, tutor.cli.session, tutor.app, tutor.screens.course_map"
    assert loaded_after(what, ("tutor.runtime.client", "tutor.exercise", "yaml")) == ""
