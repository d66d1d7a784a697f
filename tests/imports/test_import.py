"""`torch-tutor import`: notebooks become drafts that can be opened, marked cells become tasks that can be proved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import FINE, USAGE, main
from tutor.imports.asserts import Asserted
from tutor.imports.marks import starter_and_solution
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import CodeStep, ReadStep


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text(source: str, kind: str = "markdown") -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


def code(source: str, **metadata: object) -> dict[str, Any]:
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": metadata, "source": lines, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any]) -> Path:
    path = Path("My Work.ipynb")
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


NBGRADER = (
    text("# Tensors by hand\n\nA first text."),
    code("%matplotlib inline\nimport torch\nx = torch.arange(6.0)\nprint(x)"),
    text("## Exercise\n\nWrite `f`, which squares."),
    code(
        "def f(v):\n    ### BEGIN SOLUTION\n    return v**2\n    ### END SOLUTION\n",
        nbgrader={"solution": True, "grade": False, "grade_id": "f"},
    ),
    code(
        "assert f(2) == 4\n### BEGIN HIDDEN TESTS\nassert torch.isclose(f(x), x**2).all()\n### END HIDDEN TESTS\n"
        "for i in range(3):\n    assert f(i) == i * i",
        nbgrader={"solution": False, "grade": True, "grade_id": "t", "points": 2},
    ),
    text("The end."),
    code("print(f(3))"),
)
OTTER = (
    text("# ASSIGNMENT CONFIG\nname: hw1", "raw"),
    code("import torch"),
    text("# BEGIN QUESTION\nname: q1\npoints: 3", "raw"),
    text("**Question 1.** Make `z` and `half`."),
    text("# BEGIN SOLUTION", "raw"),
    code("z = torch.ones(3) * 2 # SOLUTION\nhalf = z / 2 # SOLUTION NO PROMPT\nprint(z)"),
    text("# END SOLUTION", "raw"),
    text("# BEGIN TESTS", "raw"),
    code("z.tolist() == [2, 2, 2]"),
    code("# HIDDEN\nassert half.sum() == 3"),
    text("# END TESTS", "raw"),
    text("# END QUESTION", "raw"),
)


def test_nbgraders_marks_become_a_task(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(notebook(*NBGRADER))]) == FINE
    said = capsys.readouterr().out
    assert "Made my-work.yaml: 3 steps, of these 1 task." in said
    assert "Look at `x-tests` and `x-to-do` in: exercise." in said
    course = load_course(Path("my-work.yaml"))
    assert course.title == "Tensors by hand"
    first, task, last = course.lessons[0].steps
    assert isinstance(first, ReadStep)
    assert (first.text, first.run and "# left out: %matplotlib" in first.run) == ("A first text.\n", True)
    assert isinstance(task, CodeStep)
    assert task.starter == "def f(v):\n    ...\n"
    assert task.solution == "def f(v):\n    return v**2\n"
    assert "x = torch.arange(6.0)" in task.setup
    assert [(c.id, c.points, c.hidden) for c in task.checks] == [("test-1", 2, False), ("test-2", 2, True)]
    assert isinstance(last, ReadStep)
    assert last.run is not None
    assert "return v ** 2" in last.run  # it needs the function


def test_otters_marks_become_a_task() -> None:
    assert main(["import", str(notebook(*OTTER)), "--output", "hw.yaml"]) == FINE
    (lesson,) = load_course(Path("hw.yaml")).lessons
    task = lesson.steps[-1]
    assert isinstance(task, CodeStep)
    assert task.starter == "z = ...\nprint(z)\n"
    assert task.solution == "z = torch.ones(3) * 2\nhalf = z / 2\nprint(z)\n"
    assert [(c.title, c.hidden) for c in task.checks] == [("z.tolist()", False), ("half.sum()", True)]


def test_the_drafts_are_proved_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", str(notebook(*NBGRADER)), "--output", "a.yaml"])
    main(["import", str(notebook(*OTTER)), "--output", "b.yaml"])
    assert main(["test", "a.yaml", "b.yaml", "--seeds", "1"]) == FINE
    assert "all proved" in capsys.readouterr().out


def test_long_texts_fill_several_pages() -> None:
    paragraphs = "\n\n".join(f"Paragraph {n}\nhas two lines." for n in range(60))
    assert main(["import", str(notebook(text(paragraphs)))]) == FINE
    (lesson,) = load_course(Path("my-work.yaml")).lessons
    texts = [step.text for step in lesson.steps if isinstance(step, ReadStep)]
    assert len(texts) > 3
    assert all(len(page.splitlines()) <= 40 for page in texts)
    assert "\n".join(texts).count("Paragraph") == 60


@pytest.mark.parametrize(
    ("cell", "starter", "solution"),
    [
        ("x = 5 # SOLUTION", "x = ...\n", "x = 5\n"),
        ("    return x  # SOLUTION", "    ...\n", "    return x\n"),
        ("torch.manual_seed(0) # SEED\ny = 1", "y = 1\n", "torch.manual_seed(0)\ny = 1\n"),
        ("# BEGIN SOLUTION\ny = 1\n# END SOLUTION\nz = 2", "...\nz = 2\n", "y = 1\nz = 2\n"),
        ("# BEGIN SOLUTION NO PROMPT\ny = 1\n# END SOLUTION\nz = 2", "z = 2\n", "y = 1\nz = 2\n"),
        (
            "# BEGIN SOLUTION NO PROMPT\ny = 1\n# END SOLUTION\n# BEGIN PROMPT\ny = None\n# END PROMPT",
            "y = None\n",
            "y = 1\n",
        ),
        ("y == 5 # SOLUTION", "...\n", "y == 5\n"),
    ],
)
def test_marks_in_code(cell: str, starter: str, solution: str) -> None:
    assert starter_and_solution(cell) == (starter, solution)


@pytest.mark.parametrize(
    ("test", "expr"),
    [
        ("assert f(2) == 4", "f(2)"),
        ("assert 4 == f(2)", "f(2)"),
        ("assert np.allclose(f(2), 4)", "f(2)"),
        ("torch.testing.assert_close(a, b)", "a"),
        ("assert x.shape == (2, 3), 'wrong'", "x.shape"),
        ("assert isinstance(x, list)", "isinstance(x, list)"),
    ],
)
def test_what_a_test_looks_at_is_checked(test: str, expr: str) -> None:
    tests = Asserted()
    tests.add(test)
    assert tests.checks == [{"kind": "equal", "id": "test-1", "expr": expr}]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ('{"cells": [', "bad.ipynb:1:12: this is no notebook"),
        ("[]", "it has no `cells`"),
        ('{"worksheets": []}', "older than 4"),
        ('{"cells": [3]}', "cell 1 has no type"),
        ('{"cells": []}', "no cell that a lesson could be made of"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_notebook_is_told(data: str, says: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.ipynb").write_text(data)
    assert main(["import", "bad.ipynb"]) == USAGE
    assert says in capsys.readouterr().err
    assert not Path("bad.yaml").exists()


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    Path("my-work.yaml").write_text("mine")
    assert main(["import", str(notebook(text("Hello.")))]) == USAGE
    assert "my-work.yaml is there already" in capsys.readouterr().err
    assert Path("my-work.yaml").read_text() == "mine"


def test_an_exported_notebook_comes_back(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--to", "notebooks", "--output", "out"]) == FINE
    assert main(["import", "out/03-arithmetic.ipynb", "--output", "back.yaml"]) == FINE
    assert validate(Path("back.yaml")) == []
