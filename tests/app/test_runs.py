"""Running code: streams, stopping, faults, hints, the answer, drafts."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.app.driver import NARROW, Driver, tutor
from tests.app.fakes import FakeRuntime
from tests.widgets.tensors import tensor
from tutor.checks.base import Finding, Status
from tutor.checks.difference import Difference
from tutor.lessons.model import StepRef
from tutor.progress import Progress, State
from tutor.runtime.plot import Plot
from tutor.runtime.protocol import Outcome

TWICE = StepRef("autograd", "twice")


async def run_endless(t: Driver) -> None:
    await t.open("autograd/twice")
    t.lesson.desk.editor.text = "while True: pass"
    await t.pilot.press("f5")
    await asyncio.wait_for(t.examiner.running.wait(), 5)
    await t.settle()


async def test_output_and_losses_are_there_while_it_runs_and_esc_stops_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await run_endless(t)
        results = t.lesson.desk.results
        assert results.output.buffer.lines[0].text == "tensor(14.)"
        assert len(results.curve.losses) == 40
        assert t.bottom.startswith("Esc Stop")

        await t.press("f5")
        assert t.messages == ["Your program is still running. Esc stops it."]
        assert len(t.examiner.codes) == 1

        await t.press("escape")
        assert results.line.text.plain == "Stopped."
        assert t.progress.attempts(TWICE) == 0
        assert t.bottom.startswith("F5 Run")


async def test_a_long_run_shows_what_moves_unless_the_learner_chose_a_tab(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await run_endless(t)
        desk = t.lesson.desk
        desk.results.show_live()
        await t.settle()
        assert desk.results.active == "curve"
        await t.press("alt+o")
        desk.results.show_live()
        await t.settle()
        assert desk.results.active == "output"
        await t.press("escape")


async def test_leaving_a_step_stops_its_run_and_shows_nothing_of_it_elsewhere(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await run_endless(t)
        await t.press("ctrl+n")
        assert t.lesson.ref.step == "loop"
        assert not t.lesson.desk.running
        assert not t.lesson.desk.results.output.buffer.lines


async def test_run_pressed_before_torch_is_there_waits_and_says_so(tmp_path: Path) -> None:
    runtime = FakeRuntime(ready_at_once=False)
    async with tutor(tmp_path, runtime=runtime) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        assert "torch is loading, 2 s. Your code runs right after." in t.text
        runtime.loaded.set()
        await t.settle()
        assert "Checks 1/2" in t.text
        assert "torch 2.13" in t.bottom


async def test_torch_that_can_t_be_had_is_told_and_the_lessons_can_be_read(tmp_path: Path) -> None:
    async with tutor(tmp_path, runtime=FakeRuntime(fault="no sandbox on this machine")) as t:
        assert "torch did not start" in t.bottom
        assert any("no sandbox" in message for message in t.messages)
        await t.open("autograd/tape")
        assert "Autograd records" in t.text


async def test_a_fault_of_ours_is_told_and_not_counted(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        t.examiner.bug = RuntimeError("the judge fell over")
        await t.press("f5")
        assert "the judge fell over" in t.text
        assert t.progress.attempts(TWICE) == 0
        t.examiner.bug = None
        await t.press("f5")
        assert "Checks 1/2" in t.text


async def test_an_infrastructure_failure_is_told_and_not_counted(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        t.examiner.outcome = Outcome.RUNTIME_FAULT
        await t.press("f5")
        assert not t.lesson.desk.running
        assert t.progress.attempts(TWICE) == 0
        assert t.lesson.desk.results.active == "checks"


async def test_hints_come_one_at_a_time_and_offer_themselves_after_two_failures(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f5")
        assert "F2 shows" not in t.text
        await t.press("f5")
        assert "F2 shows hint 1 of 3." in t.text
        await t.press("f2", "f2", "f2")
        assert t.progress.hints_shown(TWICE) == 3
        await t.press("f2")
        assert t.messages == [
            "That was the last hint, and no small change of your program passes. F3 shows the answer."
        ]
        assert t.progress.hints_shown(TWICE) == 3


async def test_after_the_last_hint_small_changes_are_tried_and_the_line_is_told_before_the_change(
    tmp_path: Path,
) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        t.examiner.passes = "x**2 - 3*x"
        await t.press("f5", "f2", "f2", "f2", "f2")
        assert "one in line 6, every check passes." in t.text
        assert "in place of" not in t.text
        tried = len(t.examiner.codes)
        await t.press("f2")
        assert "Line 6: - in place of +." in t.text
        assert len(t.examiner.codes) == tried


async def test_before_the_first_run_there_is_nothing_to_try_changes_of(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f2", "f2", "f2", "f2")
        assert t.messages == ["That was the last hint. F3 shows the answer."]
        assert not t.examiner.codes


async def test_the_answer_asks_first_and_a_pass_after_it_is_marked(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.press("f3", "enter")
        assert not t.progress.answer_shown(TWICE)
        await t.press("f3", "y")
        assert t.progress.answer_shown(TWICE)
        assert "The answer" in t.text
        assert "for step in range(2):\n    y" in t.lesson.desk.editor.text
        await t.press("f3", "y")
        assert "x.grad = None" in t.lesson.desk.editor.text
        await t.press("ctrl+z")
        assert "x.grad = None" not in t.lesson.desk.editor.text
        t.lesson.desk.editor.text = "x.grad = None"
        await t.press("f5")
        assert t.progress.state(TWICE) is State.PASSED_WITH_ANSWER


async def test_of_a_program_that_passes_it_is_said_what_could_be_better(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.examiner.remarks = (Finding(status=Status.PASSED, finding="the loss grows", why="It is too fast."),)
        await t.open("autograd/twice")
        t.lesson.desk.editor.text = "x.grad = None"
        await t.press("f5")
        await t.finish_run()
        assert t.lesson.desk.results.active == "checks"
        assert "It works, but the loss grows. It is too fast." in t.text


async def test_what_was_expected_opens_from_the_tensors_of_a_run(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        t.examiner.differences = (Difference(expr="x.grad", got=tensor(14.0), expected=tensor(7.0)),)
        await t.open("autograd/twice")
        await t.press("f5")
        await t.finish_run()
        await t.press("alt+t", "alt+t", "enter")
        assert "Got 14, expected 7." in t.text


async def test_reset_asks_and_gives_the_starter_back(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        t.lesson.desk.editor.text = "x.grad = None"
        await t.press("f5", "f2", "f7", "n")
        assert t.lesson.desk.editor.text == "x.grad = None"
        await t.press("f7", "y")
        assert t.lesson.desk.editor.text.startswith("import torch")
        assert t.progress.state(TWICE) is State.BEGUN
        assert t.lesson.hints.shown == 0


async def test_the_draft_is_saved_by_running_and_by_leaving(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        assert t.progress.draft(TWICE) is None
        t.lesson.desk.editor.text = "first"
        await t.press("f5")
        assert t.progress.draft(TWICE) == "first"
        t.lesson.desk.editor.text = "second"
        await t.press("f4")
        assert t.progress.draft(TWICE) == "second"


async def test_what_is_typed_is_saved_without_any_key_for_it(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        await t.type("# ")
        timer = t.lesson.desk._save_timer
        assert timer is not None
        await timer._tick(next_timer=0, count=0)
        await t.settle()
        draft = t.progress.draft(TWICE)
        assert draft is not None
        assert draft.startswith("# import torch")


async def test_a_data_directory_that_can_t_be_written_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "progress.sqlite3").mkdir()
    async with tutor(tmp_path) as t:
        assert len(t.messages) == 1
        assert "lasts until you quit" in t.messages[0]
        await t.open("autograd/twice")
        t.lesson.desk.editor.text = "x.grad = None"
        await t.press("f5")
        assert "Passed." in t.text
        assert len(t.messages) == 1


async def test_two_tutors_at_once_keep_one_progress(tmp_path: Path) -> None:
    async with tutor(tmp_path) as t:
        other = Progress(tmp_path / "progress.sqlite3", "fake")
        other.mark_passed(StepRef("tensors", "welcome"))
        other.close()
        await t.open("autograd/words")
        await t.press("f4")
        assert "1 of 10 steps" in t.top


async def test_in_one_column_a_hint_brings_the_page_and_esc_takes_it_away(tmp_path: Path) -> None:
    async with tutor(tmp_path, NARROW) as t:
        await t.open("autograd/twice")
        await t.press("f6", "f2")
        assert "Hint 1 of 3" in t.text
        assert t.bottom.startswith("F6 To your code")
        await t.press("escape")
        assert "import torch" in t.text
        assert t.focused == "editor"


async def test_what_a_program_asks_to_have_drawn_has_a_view_of_its_own(tmp_path: Path) -> None:
    plots = (
        Plot(kind="scatter", name="data", x=(0.0, 1.0), y=(0.0, 1.0), classes=(0, 1)),
        Plot(kind="confusion", counts=((3, 1), (0, 4))),
        Plot(kind="curve", name="valid", y=(2.0, 1.0)),
    )
    async with tutor(tmp_path) as t:
        await t.open("autograd/twice")
        assert "Plots" not in t.text
        t.examiner.more = {"plots": plots}
        await t.press("f5")
        await t.finish_run()
        assert "Plots" in t.text
        await t.press("alt+p", "alt+p")
        assert "2 points: o 1 of class 0, x 1 of class 1." in t.text
        await t.press("n")
        assert "7 of 8 are right (87 %). Most often 0 was taken for 1, once." in t.text
        await t.press("alt+u")
        assert "valid" in t.text
        await t.press("alt+p")
        t.examiner.more = {}
        await t.press("f5")
        await t.finish_run()
        assert "Plots" not in t.text
        assert t.lesson.desk.results.active == "checks"
