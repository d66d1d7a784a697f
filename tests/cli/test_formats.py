"""The problems of a course in every format that `validate` prints."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.lessons.broken import lesson
from tutor.cli import FINDINGS, FINE, USAGE, main

BAD = lesson('objektives: [a]\n"x, y: 100%": 1\n')


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good file and one with two problems, in the current folder."""
    (tmp_path / "good.yaml").write_text(lesson())
    (tmp_path / "bad.yaml").write_text(BAD)
    monkeypatch.chdir(tmp_path)


def output(capsys: pytest.CaptureFixture[str], form: str, *names: str, code: int = FINDINGS) -> str:
    assert main(["validate", *names, "--format", form]) == code
    return capsys.readouterr().out


@pytest.mark.usefixtures("files")
def test_human(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "human", "good.yaml", "bad.yaml")
    assert text.startswith("bad.yaml:4:1: unknown key `objektives`\n    4 | objektives: [a]\n      | ^^^^^^^^^^\n")
    assert text.endswith("\n\n2 files, 2 problems.\n")
    assert output(capsys, "human", "good.yaml", code=FINE) == "1 file, no problems.\n"


@pytest.mark.usefixtures("files")
def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = json.loads(output(capsys, "json", "bad.yaml", "bad.yaml"))["problems"]
    assert first == {
        "file": "bad.yaml",
        "line": 4,
        "column": 1,
        "message": "unknown key `objektives`",
        "help": "did you mean `objectives`?",
        "page": "docs/authoring.md#fields-of-a-lesson",
    }
    assert second["line"] == 5
    assert json.loads(output(capsys, "json", "good.yaml", code=FINE)) == {"problems": []}


@pytest.mark.usefixtures("files")
def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = output(capsys, "github", "good.yaml", "bad.yaml").splitlines()
    assert first == (
        "::error file=bad.yaml,line=4,col=1,title=unknown key `objektives`::unknown key `objektives`"
        "%0Adid you mean `objectives`?%0Adocs/authoring.md#fields-of-a-lesson"
    )
    assert "title=unknown key `x%2C y%3A 100%25`::unknown key `x, y: 100%25`%0A" in second
    assert output(capsys, "github", "good.yaml", code=FINE) == ""


@pytest.mark.usefixtures("files")
def test_junit(capsys: pytest.CaptureFixture[str]) -> None:
    root = ElementTree.fromstring(output(capsys, "junit", "good.yaml", "bad.yaml").encode())
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "3", "2")
    good, bad = root
    assert [(case.get("name"), len(case)) for case in good] == [("no problems", 0)]
    assert [case.get("line") for case in bad] == ["4", "5"]
    assert bad[0].get("name") == "4:1: unknown key `objektives`"
    assert "did you mean `objectives`?" in (bad[0][0].text or "")


@pytest.mark.usefixtures("files")
def test_a_file_that_is_not_there_is_a_failure_of_its_suite(capsys: pytest.CaptureFixture[str]) -> None:
    root = ElementTree.fromstring(output(capsys, "junit", "lost.yaml", code=USAGE).encode())
    assert [(suite.get("name"), suite.get("failures")) for suite in root] == [("lost.yaml", "1")]


def test_text_that_xml_can_t_hold_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_bytes(b"format: 1\ntitle: \x1b[31m<&>\n")
    (suite,) = ElementTree.fromstring(output(capsys, "junit", str(file)).encode())
    assert "<&>" in (suite[0][0].text or "")
