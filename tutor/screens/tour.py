"""Three pages for the first start: the map, a lesson, and what helps."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tutor.keys import key
from tutor.widgets.dialog import Dialog


def pages() -> tuple[tuple[str, str, str], ...]:
    """Title, picture and words of each page, with the keys that are in force."""
    return (
        (
            "The map",
            "  ● 1  Tensors      ━━━━━━━━  13/13\n"
            "  ◐ 2  Shapes       ━━━─────   5/13\n"
            "▸ ○ 3  Arithmetic   ────────   0/14",
            "This is where you start, and come back to. A lesson is new ○, begun ◐ or passed ●. ↑ and ↓ choose one,"
            f" Enter opens it, {key('/')} searches. “Continue” goes on where you were. What you do is kept at once.",
        ),
        (
            "A lesson",
            " What to know     │  1  x = torch.ones(2, 3)     x: f32[2, 3]\n"
            " and what to do   │  2  y = x.sum()              y: f32[]\n"
            "                  │\n"
            "                  │ ✓ y   6, float32",
            f"Read at the left, write at the right, and run with {key('F5')}: in a moment the checks say what is right,"
            f" what is not, and why. {key('F6')} goes from pane to pane; below 100 columns it turns the page."
            f" {key('^N')} goes on. Your code runs in a process of its own that can't harm your machine.",
        ),
        (
            "When you want help",
            f"  {key('F2'):<4} the next hint          {key('F1'):<4} all keys and marks\n"
            f"  {key('F3'):<4} the answer             {key('^P'):<4} every command, by name\n"
            f"  {key('Esc'):<4} stops a run            F12  colours, marks, keys, sizes",
            "A wrong answer costs nothing: run as often as you like. All of it works without a network, by keys and by"
            " mouse.",
        ),
    )


class Tour(Dialog[None]):
    """One page at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,space,pagedown,n", "turn(1)", "Next", show=False, priority=True),
        Binding("left,pageup,p", "turn(-1)", "Back", show=False, priority=True),
        Binding("escape,q", "dismiss", "Close", show=False, priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._pages, self._at = pages(), 0

    def compose(self) -> ComposeResult:
        """The page."""
        with Vertical(id="tour", classes="sheet"):
            yield Static(self._title(), id="tour-title")
            yield Static(self._pages[0][1], id="tour-picture", markup=False)
            yield Static(self._pages[0][2], id="tour-words", markup=False)
            yield Static(self._ending(), id="tour-ending")

    def _title(self) -> Content:
        title = self._pages[self._at][0]
        return Content.assemble((title, "bold $primary"), (f"   {self._at + 1} of {len(self._pages)}", "$quiet"))

    def _ending(self) -> Content:
        last = self._at == len(self._pages) - 1
        words = "Enter begins.  ← goes back." if last else "Enter goes on.  Esc leaves the tour."
        return Content.styled(words, "$quiet")

    def action_turn(self, by: int) -> None:
        """Turn the page; after the last one the tour is over."""
        if self._at + by >= len(self._pages):
            self.dismiss(None)
            return
        self._at = max(0, self._at + by)
        _, picture, words = self._pages[self._at]
        for name, content in (
            ("title", self._title()),
            ("picture", Content(picture)),
            ("words", Content(words)),
            ("ending", self._ending()),
        ):
            self.query_one(f"#tour-{name}", Static).update(content)

    def on_click(self) -> None:
        """A click turns the page, too."""
        self.action_turn(1)
