"""`show` and `check` of orders and experiments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.cli import FINDINGS, FINE, USAGE, main
from tutor.lessons.load import load_course
from tutor.lessons.model import CodeStep, OrderStep, StepRef
from tutor.progress import Progress, State

pytestmark = pytest.mark.usefixtures("torch_loaded_once")

KINDS = Path(__file__).parents[1] / "content" / "kinds"
ORDER, EXPERIMENT = str(KINDS / "order.yaml"), str(KINDS / "experiment.yaml")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TORCH_TUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def step(file: str, name: str) -> CodeStep:
    (lesson,) = load_course(Path(file)).lessons
    found = lesson.step(name)
    assert isinstance(found, CodeStep)
    return found


def answer(folder: Path, code: str) -> str:
    (folder / "answer.py").write_text(code)
    return str(folder / "answer.py")


def test_show_prints_the_lines_of_an_order_shuffled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "order/training-step", "--course", ORDER]) == FINE
    out = capsys.readouterr().out
    shuffled = step(ORDER, "training-step")
    assert isinstance(shuffled, OrderStep)
    assert "Put these lines in order; 2 do not belong:" in out
    assert "".join(f"    {line}\n" for line in shuffled.starter.splitlines()) in out
    assert "torch-tutor check order/training-step FILE" in out


def test_check_of_an_order_takes_the_arranged_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right = step(ORDER, "training-step").also_correct[0]
    assert main(["check", "order/training-step", answer(tmp_path, right), "--course", ORDER]) == FINE
    shuffled = step(ORDER, "training-step").starter
    assert main(["check", "order/training-step", answer(tmp_path, shuffled), "--course", ORDER]) == FINDINGS
    assert "2 of 2 checks passed." in capsys.readouterr().out


def test_show_prints_the_values_and_the_questions_of_an_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "experiment/rates", "--course", EXPERIMENT]) == FINE
    out = capsys.readouterr().out
    assert "    lr = 0.01, 0.1, 1.0\n    momentum = 0.0, 0.9\n" in out
    assert "torch-tutor check experiment/rates FILE --set lr=0.01 --set momentum=0.0" in out
    assert "At which rate was the loss lowest" in out
    assert "  2. `0.1`" in out


def test_check_runs_an_experiment_with_the_values_that_are_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    file = answer(tmp_path, step(EXPERIMENT, "rates").solution + "print(lr, momentum)\n")
    assert (
        main(["check", "experiment/rates", file, "--course", EXPERIMENT, "--set", "lr=1", "--set", "momentum=.9"])
        == FINE
    )
    out = capsys.readouterr().out
    assert out.startswith("1.0 0.9\n")
    assert "lr=1.0, momentum=0.9\nLoss " in out
    assert main(["check", "experiment/rates", file, "--course", EXPERIMENT, "--json"]) == FINE
    seen = json.loads(capsys.readouterr().out)
    assert seen["setting"] == {"lr": 0.01, "momentum": 0.0}
    assert seen["passed"] is True


def test_an_experiment_without_checks_is_fine_when_it_came_to_its_end_but_not_passed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    file = answer(tmp_path, step(EXPERIMENT, "only-look").solution)
    assert main(["check", "experiment/only-look", file, "--course", EXPERIMENT]) == FINE
    assert "lr=0.1\nLoss fell from 1 to" in capsys.readouterr().out
    progress = Progress(next(home.rglob("*.sqlite3")), "experiment")
    assert progress.state(StepRef("experiment", "only-look")) is State.BEGUN
    progress.close()
    assert main(["check", "experiment/only-look", answer(tmp_path, "x = ("), "--course", EXPERIMENT]) == FINDINGS


@pytest.mark.parametrize(
    ("name", "file", "word", "said"),
    [
        ("experiment/rates", EXPERIMENT, "lr=3", "lr can't be '3' here; it is one of 0.01, 0.1, 1.0."),
        ("experiment/rates", EXPERIMENT, "rate=3", "it has lr=0.01, momentum=0.0."),
        ("order/training-step", ORDER, "lr=3", "it has no parameters to set"),
    ],
)
def test_a_value_that_cant_be_set_is_told(
    name: str, file: str, word: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", name, answer(tmp_path, ""), "--course", file, "--set", word]) == USAGE
    assert said in capsys.readouterr().err
