"""The command line as a learner, a script and an author use it; exit codes and JSON fields are public."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from tutor.cli import FINDINGS, FINE, USAGE, main

pytestmark = pytest.mark.usefixtures("torch_loaded_once")

COURSE = """\
format: 1
id: tiny
title: A tiny course
version: 1.0.0
lessons:
  - format: 1
    id: first
    title: First steps
    minutes: 5
    steps:
      - id: hello
        kind: read
        title: Hello
        text: Read me.
      - id: ones
        kind: code
        title: Ones
        task: Make `x`, two rows of three ones.
        starter: |
          import torch
          x = None
        solution: |
          import torch
          x = torch.ones(2, 3)
        checks: [x]
        hints: [Look at torch.ones.]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def course(tmp_path: Path) -> str:
    file = tmp_path / "course.yaml"
    file.write_text(COURSE)
    return str(file)


@pytest.fixture
def answer(tmp_path: Path) -> Path:
    return tmp_path / "answer.py"


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    loaded: dict[str, object] = json.loads(capsys.readouterr().out)
    return loaded


def test_list_names_every_lesson_and_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == FINE
    text = capsys.readouterr().out
    for lesson in ("tensors/", "autograd/", "modules/", "training/", "evaluation/"):
        assert lesson in text


def test_list_json_has_the_public_fields(capsys: pytest.CaptureFixture[str], course: str) -> None:
    assert main(["list", "--json", "--course", course]) == FINE
    assert printed(capsys) == {
        "course": "tiny",
        "title": "A tiny course",
        "lessons": [
            {
                "id": "first",
                "title": "First steps",
                "minutes": 5,
                "steps": [
                    {"id": "hello", "title": "Hello", "kind": "read", "state": "new"},
                    {"id": "ones", "title": "Ones", "kind": "code", "state": "new"},
                ],
            }
        ],
    }


def test_show_prints_task_and_starter_but_not_the_solution(capsys: pytest.CaptureFixture[str], course: str) -> None:
    assert main(["show", "first/ones", "--course", course]) == FINE
    text = capsys.readouterr().out
    assert "two rows of three ones" in text
    assert "    x = None" in text
    assert "torch.ones(2, 3)" not in text


def test_a_step_that_is_not_there_names_the_nearest(capsys: pytest.CaptureFixture[str], course: str) -> None:
    assert main(["show", "first/one", "--course", course]) == USAGE
    assert "did you mean first/ones?" in capsys.readouterr().err


def test_a_right_answer_passes_and_is_recorded(capsys: pytest.CaptureFixture[str], course: str, answer: Path) -> None:
    answer.write_text("import torch\nprint('hi')\nx = torch.ones(2, 3)\n")
    assert main(["check", "first/ones", str(answer), "--course", course, "--json"]) == FINE
    found = printed(capsys)
    assert set(found) == {
        *("step", "passed", "outcome", "device", "device_name", "seconds"),
        *("verdicts", "stdout", "stderr", "error"),
    }
    assert (found["step"], found["passed"], found["outcome"]) == ("first/ones", True, "finished")
    assert (found["stdout"], found["error"]) == ("hi\n", None)
    (verdict,) = found["verdicts"]  # type: ignore[misc]
    assert set(verdict) == {"id", "kind", "status", "finding", "relation", "next", "points", "earned"}
    assert (verdict["status"], verdict["points"], verdict["earned"]) == ("passed", 1, 1)
    assert main(["list", "--json", "--course", course]) == FINE
    assert '"passed"' in capsys.readouterr().out


def test_data_files_are_there_for_the_learner_and_the_solution(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, answer: Path
) -> None:
    data = b"1,2\n3,4\n"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "table.csv").write_bytes(data)
    step = (
        "{id: rows, kind: code, task: Read it., solution: 'y = open(\"data/table.csv\").read().split()', checks: [y]}"
    )
    files = f"files: [{{path: data/table.csv, sha256: {hashlib.sha256(data).hexdigest()}}}]\n"
    (tmp_path / "lesson.yaml").write_text(f"format: 1\nid: l\ntitle: L\n{files}steps: [{step}]\n")
    answer.write_text("with open('data/table.csv') as file:\n    y = [line.strip() for line in file]\n")
    assert main(["check", "l/rows", str(answer), "--course", str(tmp_path / "lesson.yaml")]) == FINE
    assert "1 of 1 checks passed." in capsys.readouterr().out


def test_a_wrong_answer_is_explained_from_standard_input(
    capsys: pytest.CaptureFixture[str], course: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"import torch\nx = torch.ones(3, 2)\n")))
    assert main(["check", "first/ones", "-", "--course", course]) == FINDINGS
    text = capsys.readouterr().out
    assert "✗ x" in text
    assert "0 of 1 checks passed" in text


def test_an_error_of_the_program_has_its_line_and_an_explanation(
    capsys: pytest.CaptureFixture[str], course: str, answer: Path
) -> None:
    answer.write_text("import torch\nx = torch.ones(2, 3) @ torch.ones(2, 3)\n")
    assert main(["check", "first/ones", str(answer), "--course", course, "--json"]) == FINDINGS
    found = printed(capsys)
    assert found["outcome"] == "raised"
    error = found["error"]
    assert isinstance(error, dict)
    assert set(error) == {"type", "message", "line", "explanation"}
    assert (error["type"], error["line"]) == ("RuntimeError", 2)
    assert error["explanation"]


def test_a_step_without_code_can_not_be_checked(capsys: pytest.CaptureFixture[str], course: str, answer: Path) -> None:
    answer.write_text("x = 1\n")
    assert main(["check", "first/hello", str(answer), "--course", course]) == USAGE
    assert "read step" in capsys.readouterr().err


def test_a_file_that_is_not_there_or_not_text_is_one_clear_message(
    capsys: pytest.CaptureFixture[str], course: str, answer: Path
) -> None:
    assert main(["check", "first/ones", str(answer), "--course", course]) == USAGE
    assert str(answer) in capsys.readouterr().err
    answer.write_bytes(b"x = '\xff'\n")
    assert main(["check", "first/ones", str(answer), "--course", course]) == USAGE
    assert "UTF-8" in capsys.readouterr().err


def test_run_reports_variables_losses_and_level(capsys: pytest.CaptureFixture[str], answer: Path) -> None:
    answer.write_text(
        "import torch\nw = torch.tensor(4.0, requires_grad=True)\nopt = torch.optim.SGD([w], lr=0.1)\n"
        "for _ in range(5):\n    opt.zero_grad()\n    loss = w**2\n    loss.backward()\n    opt.step()\nprint('done')\n"
    )
    assert main(["run", str(answer), "--json"]) == FINE
    found = printed(capsys)
    fields = {"outcome", "device", "seconds", "peak_mb", "level", "stdout", "stderr", "error", "variables", "losses"}
    assert set(found) == fields | {"device_name", "trace", "findings"}
    assert found["losses"] == pytest.approx([16.0 * 0.64**k for k in range(5)])
    assert found["stdout"] == "done\n"
    w = next(v for v in found["variables"] if v["name"] == "w")  # type: ignore[attr-defined]
    assert w == {"name": "w", "type": "Tensor", "shape": [], "dtype": "float32", "device": "cpu", "requires_grad": True}
    assert found["findings"] == []


def test_run_ends_with_1_where_the_program_raised(capsys: pytest.CaptureFixture[str], answer: Path) -> None:
    answer.write_text("print('before')\n1 / 0\n")
    assert main(["run", str(answer)]) == FINDINGS
    out, err = capsys.readouterr()
    assert "before" in out
    assert "ZeroDivisionError" in err


def test_validate_names_line_and_column(capsys: pytest.CaptureFixture[str], tmp_path: Path, course: str) -> None:
    assert main(["validate", course]) == FINE
    capsys.readouterr()
    broken = tmp_path / "broken.yaml"
    broken.write_text(COURSE.replace("task: Make", "tusk: Make"))
    assert main(["validate", str(broken), "--format", "json"]) == FINDINGS
    problems = printed(capsys)["problems"]
    assert isinstance(problems, list)
    unknown = next(problem for problem in problems if "tusk" in problem["message"])
    line = 1 + COURSE.splitlines().index("        task: Make `x`, two rows of three ones.")
    assert (unknown["file"], unknown["line"], unknown["column"]) == (str(broken), line, 9)
    assert set(unknown) == {"file", "line", "column", "message", "help", "page"}
    assert main(["validate", str(broken)]) == FINDINGS
    assert f"{broken}:{line}:9" in capsys.readouterr().out


def test_validate_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["validate", str(tmp_path / "no.yaml")]) == USAGE
    assert "no.yaml" in capsys.readouterr().out


def test_doctor_reports_every_protection(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == FINE
    found = printed(capsys)
    assert found["ok"] is True
    assert found["protections"]
    assert found["trial"]["outcome"] == "finished"  # type: ignore[index]
    assert main(["doctor"]) == FINE
    assert "isolation" in capsys.readouterr().out


def test_without_a_terminal_the_app_says_what_to_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main([]) == USAGE
    assert "needs a terminal" in capsys.readouterr().err


def test_a_broken_course_is_refused_with_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("format: 1\nid: [unclosed\n")
    assert main(["list", "--course", str(broken)]) == USAGE
    assert "broken.yaml:" in capsys.readouterr().err
