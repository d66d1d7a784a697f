"""What every screen that lies over another one shares."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """Is left once: a second key or click that was on its way already does not take the screen below with it."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Leave with a result, unless that has been done."""
        return super().dismiss(result) if self.is_active else AwaitComplete()
