"""An exported notebook runs, and its cells give the verdicts of `torch-tutor check`, word for word."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.exports.course import made
from tutor.cli import FINE, main
from tutor.cli.common import course_of
from tutor.exports.notebooks import MARK
from tutor.lessons.model import CodeStep
from tutor.notebook import last_answer


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a course, in the folder where one works."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return made(tmp_path / "source")


def exported(course: Path, *more: str) -> Path:
    assert main(["export", str(course), "--to", "notebooks", "--output", "out", *more]) == FINE
    return Path("out/01-powers.ipynb")


def programs(course: Path) -> list[tuple[str, str]]:
    """The solution, the starter and the wrong answers of each step."""
    found = []
    for step in course_of(course).lesson("powers").steps:
        if isinstance(step, CodeStep):
            wrong = [step.solution.replace(*w.replace) for w in step.wrong if w.replace is not None]
            found += [(step.id, program) for program in (step.solution, step.starter, *wrong)]
    return found


def printed(cell: dict[str, object]) -> str:
    outputs = cell["outputs"]
    assert isinstance(outputs, list)
    return "".join(output.get("text", "") for output in outputs)


@pytest.mark.usefixtures("torch_loaded_once")
def test_every_program_gets_the_verdicts_of_the_command_line(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = exported(course)
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    tried = programs(course)
    for name, program in tried:
        values = ", rate=rate" if name == "rates" else ""
        notebook.cells.append(nbformat.v4.new_code_cell(f"{program.rstrip()}\n\n{MARK}powers/{name}"))
        notebook.cells.append(nbformat.v4.new_code_cell(f'check("powers/{name}"{values})'))
    NotebookClient(notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": "out"}}).execute()
    checked = notebook.cells[-2 * len(tried) :][1::2]
    capsys.readouterr()
    for (name, program), cell in zip(tried, checked, strict=True):
        Path("answer.py").write_text(program)
        main(["check", f"powers/{name}", "answer.py", "--course", str(course)])
        captured = capsys.readouterr()
        # An experiment's curves are drawn by the notebook itself; the command tells them in a sentence below.
        wanted = captured.out.partition("\n\nrate=")[0] if name == "rates" else captured.out
        assert printed(cell).replace(captured.err, "").rstrip() == wanted.rstrip()
    said = "".join(map(printed, checked))
    assert "The root goes the other way." in said
    assert "It does not rise." in said


def test_the_notebook_is_the_same_every_time_and_its_data_lie_beside_it(course: Path) -> None:
    first = exported(course).read_bytes()
    assert main(["export", str(course), "--to", "notebooks", "--output", "again"]) == FINE
    assert Path("again/01-powers.ipynb").read_bytes() == first
    assert Path("out/data/numbers.csv").read_bytes() == b"1,2,3\n"
    assert Path("out/course.zip").is_file()


def test_a_students_notebook_has_the_hints_and_neither_solutions_nor_answers(course: Path) -> None:
    whole = exported(course).read_text()
    assert "x**2\\n" in whole
    assert "That is for bits." in whole
    assert main(["export", str(course), "--to", "notebooks", "--output", "for-students", "--student"]) == FINE
    cells = json.loads(Path("for-students/01-powers.ipynb").read_text())["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert "A power." in text
    assert "y = x**2" not in text
    assert "That is for bits." not in text
    assert "Two, three times." not in text


def test_the_answer_is_the_last_cell_with_its_mark() -> None:
    ran = [
        "",
        f"y = 1\n\n{MARK}powers/square",
        f"y = 2\n{MARK}powers/square\n",
        f"z = 3\n{MARK}powers/square-root",
        "y",
    ]
    assert last_answer("powers/square", ran) == "y = 2\n"
    assert last_answer("powers/square-root", ran) == "z = 3\n"
