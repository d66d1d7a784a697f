"""The range of torch that a course names, held against the version that is installed."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pytest

from tutor.cli import USAGE, main
from tutor.cli import session as cli_session
from tutor.lessons.versions import allows, installed


@pytest.mark.parametrize(
    ("wanted", "have", "fits"),
    [
        ("", "2.6.0", True),
        (">=2.6", "2.6.0+cpu", True),
        (">=2.6", "2.13.0", True),
        (">=2.6", "2.5.1", False),
        (">= 2.6 , < 3", "2.99", True),
        (">=2.6,<3", "3.0.0", False),
        ("<2.6", "2.6.0", False),
        ("<=2.6", "2.6.0", True),
        (">2.6", "2.6.0", False),
        ("==2.6", "2.6.0", True),
        ("==2.6", "2.6.1", False),
        ("==2.6.*", "2.6.1", True),
        ("!=2.6.*", "2.6.1", False),
        ("!=2.6", "2.6.1", True),
        ("~=2.6.1", "2.6.3", True),
        ("~=2.6.1", "2.6.0", False),
        ("~=2.6.1", "2.7.0", False),
        ("~=2.6", "2.9", True),
        ("~=2.6", "3.0", False),
        (">=2.7", "2.7.0a0+git123", True),
        (">=2.7", "unknown", True),
    ],
)
def test_a_version_lies_in_a_range(wanted: str, have: str, fits: bool) -> None:
    assert allows(wanted, have) is fits


def test_the_version_is_found_without_loading_torch() -> None:
    assert installed().split("+")[0] == version("torch").split("+")[0]


def test_a_course_for_another_torch_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_session, "installed", lambda: "2.5.1")
    step = "{id: a, kind: code, task: T, solution: y = 1, checks: [y]}"
    course = f"format: 1\nid: k\ntitle: K\nrequires: '>=2.6'\nlessons: [{{id: l, title: L, steps: [{step}]}}]\n"
    (tmp_path / "course.yaml").write_text(course)
    (tmp_path / "a.py").write_text("y = 1")
    files = [str(tmp_path / "a.py"), "--course", str(tmp_path / "course.yaml")]
    assert main(["check", "l/a", *files]) == USAGE
    said = capsys.readouterr().err
    assert "this course needs torch >=2.6, and torch 2.5.1 is installed." in said
    assert 'python -m pip install "torch>=2.6"' in said
