"""Kinds of checks from other distributions: found by entry point, loaded only when named, faults told once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lessons.broken import checks
from tutor.checks import plugins
from tutor.cli.kept import keep_course, kept_course
from tutor.lessons.load import load_course, validate

MODULE = """\
from tutor.checks.base import Check
from tutor.checks.observed import failed, got_of, passed
from tutor.runtime.protocol import ValueProbe

class Even(Check, frozen=True, kw_only=True):
    kind = "even"
    expr: str
    def probes(self):
        return (ValueProbe(self.id, self.expr),)
    def judge(self, seen, expected, code):
        got = got_of(seen, self.id, self.expr, code)
        return passed("even") if got.value % 2 == 0 else failed(f"{got.value} is odd")

class Wrong(Even, frozen=True, kw_only=True):
    kind = "another"

nothing = 3
"""
POINTS = {
    "even": "even_check:Even",
    "broken": "even_check:Missing",
    "lost": "no_such_module:Kind",
    "number": "even_check:nothing",
    "misnamed": "even_check:Wrong",
}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on sys.path in which a distribution with plug-ins is installed."""
    folder = tmp_path / "site"
    info = folder / "even_checks-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "even_check.py").write_text(MODULE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: even-checks\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in POINTS.items())
    (info / "entry_points.txt").write_text(f"[torch_tutor.checks]\n{lines}")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    plugins._points.cache_clear()
    plugins._from_plugin.cache_clear()
    yield folder
    sys.modules.pop("even_check", None)
    plugins._points.cache_clear()
    plugins._from_plugin.cache_clear()


def course(folder: Path, check: str) -> Path:
    file = folder / "course.yaml"
    file.write_text(checks(check))
    return file


def test_a_kind_of_a_plug_in_is_read_with_its_fields_and_kept(site: Path, tmp_path: Path) -> None:
    file = course(tmp_path, "{kind: even, expr: y}")
    read = load_course(file)
    (one,) = read.lessons[0].steps[0].checks  # type: ignore[union-attr]
    assert (one.kind, one.expr, type(one).__module__) == ("even", "y", "even_check")  # type: ignore[attr-defined]
    keep_course(file, read)
    assert kept_course(file) == read
    (problem,) = validate(course(tmp_path, "{kind: even, expr: y, exper: z}"))
    assert (problem.message, problem.help[:12]) == ("unknown key `exper`", "known here: ")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken", "can't be loaded: AttributeError"),
        ("lost", "can't be loaded: ModuleNotFoundError"),
        ("number", "gives no kind of check: even_check:nothing must be a subclass"),
        ("misnamed", 'must say `kind = "misnamed"`'),
    ],
)
def test_a_plug_in_that_does_not_work_is_one_problem(site: Path, tmp_path: Path, name: str, reason: str) -> None:
    (problem,) = validate(course(tmp_path, f"{{kind: {name}, expr: y}}"))
    assert f"the plug-in for `{name}` (even-checks) {reason}" in problem.message
    assert problem.line == 14


def test_an_unknown_kind_names_those_of_plug_ins_too(site: Path, tmp_path: Path) -> None:
    (problem,) = validate(course(tmp_path, "{kind: evn, expr: y}"))
    assert (problem.message, problem.help) == ("`evn` is no kind of check", "did you mean `even`?")


def test_a_kept_course_whose_plug_in_is_gone_is_read_again(site: Path, tmp_path: Path) -> None:
    file = course(tmp_path, "{kind: even, expr: y}")
    keep_course(file, load_course(file))
    (site / "even_checks-1.0.dist-info" / "entry_points.txt").write_text("")
    plugins._points.cache_clear()
    plugins._from_plugin.cache_clear()
    assert kept_course(file) is None


def test_nothing_is_looked_for_where_no_course_asks() -> None:
    program = (
        "import sys; import tutor.lessons.load as l; l.load_course();"
        "from tutor.checks import plugins; print(plugins._points.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "0"
