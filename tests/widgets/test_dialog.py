from __future__ import annotations

from textual.app import App
from textual.binding import Binding

from tutor.widgets.dialog import Dialog


class Asked(Dialog[str]):
    BINDINGS = [Binding("y", "dismiss('yes')"), Binding("n", "dismiss('no')")]


async def test_a_second_answer_that_is_on_its_way_changes_nothing() -> None:
    answers: list[str | None] = []
    app: App[None] = App()
    async with app.run_test() as pilot:
        below = Asked()
        await app.push_screen(below, answers.append)
        dialog = Asked()
        await app.push_screen(dialog, answers.append)
        for answer in ("yes", "no", "yes"):
            dialog.call_later(dialog.action_dismiss, answer)
        await pilot.pause()
        assert answers == ["yes"]
        assert app.screen is below
        await pilot.press("n")
        assert answers == ["yes", "no"]
