"""What is drawn, as text, without an app."""

from __future__ import annotations

import pytest
from textual.content import Content

from tests.app.fakes import course
from tutor.lessons.model import StepRef
from tutor.progress import State
from tutor.screens.overview import lesson_lines, neighbour, place_to_continue
from tutor.screens.search import Search
from tutor.screens.words import fenced
from tutor.widgets.choice_rows import OptionLine, rows
from tutor.widgets.lesson_page import code_rows
from tutor.widgets.map_rows import ContinueRow, LessonLine, MapRow, MatchRow, excerpt, pieces
from tutor.widgets.status_line import Cost, Environment, Key, arranged, environment_texts
from tutor.widgets.top_line import two_sides

REF = StepRef("autograd", "twice")
LESSON = LessonLine("autograd", 2, "Autograd: derivatives from a recording", "◐", "begun", 1, 12, 45, (1,))


@pytest.mark.parametrize("width", [58, 74, 92])
@pytest.mark.parametrize(
    "row",
    [LESSON, ContinueRow(REF, "Continue", "Autograd, step 6 of 7: " + "long " * 20), MatchRow(REF, "A › B", "x" * 60)],
)
def test_a_row_of_the_map_fills_its_width_exactly(row: MapRow, width: int) -> None:
    assert Content("".join(text for text, _ in pieces(row, width, True))).cell_length == width


def test_a_begun_lesson_shows_a_bar_even_where_a_tenth_is_not_done() -> None:
    assert any(text == "━" for text, _ in pieces(LESSON, 74, False))


def test_what_comes_before_shrinks_to_an_arrow() -> None:
    assert any("after 1" in text for text, _ in pieces(LESSON, 92, False))
    assert any("↑" in text for text, _ in pieces(LESSON, 66, False))


def test_long_lines_of_code_go_on_below_further_in() -> None:
    shown = code_rows(Content("    box = torch.tensor([[1.0, 2.0], [3.0, 4.0]])"), 30)
    assert [row.plain for row in shown] == ["    box = torch.tensor([[1.0,", "      2.0], [3.0, 4.0]])"]


def test_short_code_stands_as_it_is() -> None:
    assert [row.plain for row in code_rows(Content("for x in y:\n    pass\n\nx"), 30)] == [
        "for x in y:",
        "    pass",
        "",
        "x",
    ]


def test_a_line_without_spaces_is_cut_where_it_must() -> None:
    assert all(row.cell_length <= 30 for row in code_rows(Content("x" * 100), 30))


def test_options_wrap_in_their_own_column_and_keep_their_index() -> None:
    shown = rows(
        [OptionLine("one two three four"), OptionLine("b", True, "right", "why")], width=20, cursor=0, several=False
    )
    assert [(row.plain.rstrip(), index) for row, index in shown] == [
        (" ▸   1  one two", 0),
        ("        three four", 0),
        ("", -1),
        ("   ✓ 2  b", 1),
        ("        │ why", 1),
    ]


def test_a_fenced_option_keeps_its_lines() -> None:
    shown = rows([OptionLine("```python\na\n  b\n```")], width=40, cursor=None, several=True)
    assert [row.plain for row, _ in shown] == ["     1 [ ]  a", "              b"]


def test_the_status_line_drops_words_before_keys() -> None:
    ready = Environment(torch_version="2.13.0+cpu", level="jail")
    texts = environment_texts(ready, Cost(0.0142, 5.6))
    keys = [Key(f"F{n}", "Word", "app.quit") for n in range(1, 9)]
    assert "torch 2.13 · 14 ms · 6 MB · isolated" in arranged(keys, texts, 120).plain
    narrow = arranged(keys, texts, 62).plain
    assert "torch" not in narrow
    assert narrow.endswith("isolated")
    assert len(narrow) == 62
    assert all(arranged(keys, texts, width).cell_length == width for width in range(60, 200, 7))


def test_the_top_line_shortens_the_path_before_it_drops_the_dots() -> None:
    lefts = (Content("a long lesson › step"), Content("step"))
    rights = (Content("●●●○ 4 of 4"), Content("4 of 4"))
    assert two_sides(lefts, rights, 20).plain == "step     ●●●○ 4 of 4"
    assert two_sides(lefts, rights, 12).plain == "step  4 of 4"
    assert two_sides(lefts, rights, 10).plain == "s…  4 of 4"


def test_search_wants_every_word_and_puts_titles_first() -> None:
    found = Search(course()).find("shape")
    assert found[0].place.endswith("What shape?")
    assert {match.ref.step for match in found} == {"shape", "more"}
    assert Search(course()).find("shape zebra") == ()
    assert Search(course()).find("  ") == ()


def test_more_letters_find_among_what_was_found_and_fewer_find_everything_again() -> None:
    search = Search(course())
    for words in ("shape", "shape zebra", "shap", "shape", "", "tape", "a"):
        assert search.find(words) == Search(course()).find(words)


def test_the_map_counts_only_steps_that_the_course_still_has() -> None:
    states = {StepRef("tensors", "gone"): State.PASSED, StepRef("tensors", "more"): State.PASSED}
    tensors, autograd, training = lesson_lines(course(), states)
    assert (tensors.done, tensors.style, autograd.after, training.after) == (1, "begun", (1,), (1, 2))
    states |= {StepRef("tensors", "welcome"): State.PASSED_WITH_ANSWER}
    tensors, autograd, training = lesson_lines(course(), states)
    assert (tensors.done, tensors.style, autograd.after, training.after) == (2, "done", (), (2,))


def test_search_does_not_give_solutions_away() -> None:
    assert Search(course()).find("x.grad = None") == ()


def test_an_excerpt_shows_the_found_word() -> None:
    text = "a " * 100 + "needle" + " b" * 100
    assert "needle" in excerpt(text, ["needle"])


def test_going_on_falls_back_to_the_first_open_step() -> None:
    made = course()
    states = {StepRef("tensors", "welcome"): State.PASSED}
    assert place_to_continue(made, StepRef("gone", "gone"), states) == StepRef("tensors", "more")
    assert place_to_continue(made, REF, states) == REF
    assert neighbour(made, StepRef("tensors", "more"), 1) == StepRef("autograd", "tape")
    assert neighbour(made, StepRef("tensors", "welcome"), -1) is None


def test_a_fence_is_longer_than_any_in_the_code() -> None:
    assert fenced("x = '```'").startswith("````python\n")
