"""What an experiment decides, without an app."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.app.fakes import EXPERIMENT, AlwaysEqual
from tutor.lessons.settings import all_settings
from tutor.screens.lab import Lab
from tutor.screens.lab_desk import places_of

SETTINGS = all_settings(EXPERIMENT)


def run_all(lab: Lab) -> Lab:
    for setting in SETTINGS:
        lab.note_run(setting, ended_like_solution=True, passed=False)
    return lab


def test_the_same_setting_counts_once() -> None:
    lab = Lab(EXPERIMENT)
    for _ in range(3):
        lab.note_run(SETTINGS[0], ended_like_solution=True, passed=False)
    assert lab.runs_missing == 1
    assert not lab.open
    lab.note_run(SETTINGS[1], ended_like_solution=False, passed=False)
    assert not lab.open
    lab.note_run(SETTINGS[1], ended_like_solution=True, passed=False)
    assert lab.open
    assert not lab.waiting


def test_a_pick_before_the_questions_come_counts_for_nothing() -> None:
    lab = Lab(EXPERIMENT)
    lab.pick(1)
    lab.hand_in()
    assert not lab.reveal()
    assert not lab.kept.picked
    assert not lab.done


def test_several_right_options_count_when_they_are_handed_in() -> None:
    lab = run_all(Lab(EXPERIMENT))
    lab.pick(1)
    assert lab.go_on()
    assert lab.at == 1
    lab.pick(0)
    lab.pick(1)
    assert not lab.done
    lab.pick(2)
    lab.hand_in()
    assert not lab.done
    lab.pick(2)
    lab.hand_in()
    assert lab.done
    assert lab.shown().locked


def test_an_answered_question_stays_answered() -> None:
    lab = run_all(Lab(EXPERIMENT))
    lab.pick(1)
    lab.pick(0)
    assert lab.picked == {1}


def test_without_questions_the_checks_alone_pass_it() -> None:
    lab = Lab(replace(EXPERIMENT, questions=(), checks=(AlwaysEqual(id="y"),)))
    assert not lab.done
    lab.note_run(SETTINGS[0], ended_like_solution=True, passed=True)
    assert lab.done
    assert not lab.waiting


@pytest.mark.parametrize(
    "kept", [None, {}, {"tried": 3}, {"tried": ["lr=77"]}, {"picked": {"gone": [9], "grows": [5]}}, "nonsense"]
)
def test_what_was_kept_of_another_version_does_no_harm(kept: object) -> None:
    lab = Lab(EXPERIMENT, kept)
    assert lab.kept.tried == []
    assert not run_all(lab).done
    assert not lab.picked


def test_places_tell_true_from_one() -> None:
    step = replace(EXPERIMENT, parameters={"a": (1, True), "b": ("x", "y")})
    assert sorted(places_of(step).values()) == [(0, 0), (0, 1), (1, 0), (1, 1)]
