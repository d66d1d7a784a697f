from __future__ import annotations

import pytest

from tutor.widgets.stretch import LEAST, WHOLE, Stretch


@pytest.mark.parametrize("steps", [0, 1, LEAST])
def test_where_there_is_nothing_to_zoom_in_on_all_is_shown(steps: int) -> None:
    assert WHOLE.scaled(0.5, steps, 0.5) == WHOLE
    assert WHOLE.moved(0.5, steps) == WHOLE
    assert WHOLE.ends(steps) == (1, steps)


def test_it_gets_no_shorter_than_a_few_steps_and_no_longer_than_all() -> None:
    short = WHOLE
    for _ in range(20):
        short = short.scaled(0.5, 1000, 0.3)
    assert short.length == LEAST
    assert short.scaled(1000, 1000, 0.3) == WHOLE


def test_it_stays_within_the_run() -> None:
    middle = WHOLE.scaled(0.5, 100, 0.5)
    assert middle.ends(100) == (26, 75)
    assert middle.moved(-5, 100).ends(100) == (1, 50)
    assert middle.moved(5, 100).ends(100) == (51, 100)


def test_at_the_end_it_follows_elsewhere_it_stays() -> None:
    assert WHOLE.scaled(0.5, 100, 1).ends(140) == (91, 140)
    assert WHOLE.scaled(0.5, 100, 0).ends(140) == (1, 50)


def test_of_a_shorter_run_than_before_it_shows_what_there_is() -> None:
    assert Stretch(50, 100).ends(20) == (1, 20)
