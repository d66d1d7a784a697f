"""Lines to be put in order and settings of experiments, as the loader makes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lessons.broken import lesson
from tutor.lessons.load import load_course
from tutor.lessons.model import ExperimentStep, OrderStep, Step
from tutor.lessons.order import lines_of, pieces, shuffled
from tutor.lessons.settings import all_settings, assignments, first_setting, label, with_values

ORDER = """\
- id: loop
  kind: order
  task: Put it in order.
  solution: |
    x = 1

    for step in range(3):
        x = x + 1
    y = x
  distractors:
    - "    x = 1"
  checks: [y]
"""
EXPERIMENT = """\
- id: rates
  kind: experiment
  task: Try them.
  parameters: {lr: [1e-3, 1], name: [SGD, "1", "no"], on: [true, false]}
  setup: n = [name, on]
  solution: y = lr
  plot: [y]
  questions:
    - {ask: A, options: [{text: a, correct: true, say: Yes.}, {text: b}]}
    - {id: question-1, ask: B, options: [{text: a, correct: true}, {text: b}]}
"""


def load(text: str, folder: Path) -> Step:
    (folder / "l.yaml").write_text(lesson(steps=text))
    return load_course(folder / "l.yaml").lessons[0].steps[0]


def order(folder: Path) -> OrderStep:
    step = load(ORDER, folder)
    assert isinstance(step, OrderStep)
    return step


def experiment(folder: Path) -> ExperimentStep:
    step = load(EXPERIMENT, folder)
    assert isinstance(step, ExperimentStep)
    return step


def test_an_order_starts_with_all_its_lines_and_none_of_them_blank(tmp_path: Path) -> None:
    step = order(tmp_path)
    assert sorted(pieces(step)) == sorted([*lines_of(step.solution), "    x = 1"])
    assert pieces(step)[0].strip()
    assert step.distractors == ("    x = 1",)


def test_the_order_at_the_start_depends_on_the_step_alone(tmp_path: Path) -> None:
    assert pieces(order(tmp_path)) == pieces(order(tmp_path))
    assert len({shuffled("a = 1\nb = a\nc = b\n", (), seed) for seed in "abcdefgh"}) > 1


@pytest.mark.parametrize("solution", ["a = 1\nb = 2\n", "a = 1\nb = 1\na = 1\n", "x = []\nx = [*x, 1]\nx = [*x, 2]\n"])
def test_the_order_at_the_start_is_never_the_right_one(solution: str) -> None:
    for seed in range(30):
        shown = lines_of(shuffled(solution, ("c = 3",), str(seed)))
        assert [line for line in shown if line != "c = 3"] != lines_of(solution)


def test_at_the_start_a_line_stands_above_what_it_needs() -> None:
    # Two imports and two lines that need nothing could be swapped and still be right.
    solution = "import torch\nimport math\na = torch.ones(2)\nb = a * math.pi\n"
    for seed in range(30):
        shown = lines_of(shuffled(solution, (), str(seed)))
        places = [shown.index(line) for line in lines_of(solution)]
        assert places[0] > places[2] or places[2] > places[3] or places[1] > places[3]


def test_questions_get_ids_that_are_free(tmp_path: Path) -> None:
    assert [question.id for question in experiment(tmp_path).questions] == ["question-2", "question-1"]


def test_where_nothing_is_checked_the_editor_starts_with_the_solution(tmp_path: Path) -> None:
    step = experiment(tmp_path)
    assert step.checks == ()
    assert step.starter == step.solution


def test_settings_are_all_combinations_and_lines_of_python(tmp_path: Path) -> None:
    step = experiment(tmp_path)
    settings = all_settings(step)
    assert len(settings) == 12
    assert settings[0] == first_setting(step) == {"lr": 0.001, "name": "SGD", "on": True}
    assert len({label(setting) for setting in settings}) == 12
    assert assignments(settings[0]) == "lr = 0.001; name = 'SGD'; on = True"
    assert label(settings[-1]) == "lr=1, name=no, on=False"
    namespace: dict[str, object] = {}
    exec(assignments({"text": "a'\n\"b"}), namespace)
    assert namespace["text"] == "a'\n\"b"


def test_a_setting_can_be_typed(tmp_path: Path) -> None:
    step = experiment(tmp_path)
    assert with_values(step, []) == first_setting(step)
    assert with_values(step, ["lr=1.0", "on = false", "name=1"]) == {"lr": 1, "name": "1", "on": False}
    for word, said in (("lr=2", "0.001, 1"), ("lt=1", "lr=0.001"), ("lr", "lr=0.001"), ("on=0", "True, False")):
        with pytest.raises(ValueError, match=said):
            with_values(step, [word])
