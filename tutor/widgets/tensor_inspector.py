"""One variable at a closer look: values, heatmap, histogram and gradient, over the screen."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.checks.difference import Difference
from tutor.runtime.values import Value, Variable
from tutor.widgets.dialog import Dialog
from tutor.widgets.difference_rows import rows as difference_rows
from tutor.widgets.formats import count
from tutor.widgets.inspector_rows import rows, slices, title


class TensorInspector(Dialog[None]):
    """Shows one variable; left and right go through the matrices of a tensor of more than two dimensions."""

    BINDINGS = [
        Binding("escape,enter,q", "close", "Close", id="inspector.close"),
        Binding("left,p", "slice(-1)", "Previous matrix", show=False, id="inspector.previous"),
        Binding("right,n", "slice(1)", "Next matrix", show=False, id="inspector.next"),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
    ]
    # Not a default: what the app says of all screens must not hide the one behind.
    CSS = "TensorInspector { background: $background 60%; }"
    DEFAULT_CSS = """
    TensorInspector {
        align: center middle;
        & > #inspector {
            width: 90%;
            max-width: 100;
            height: auto;
            max-height: 90%;
            background: $panel;
            border-left: outer $primary;
            padding: 1 3;
        }
        & #inspector-title { height: auto; padding: 0 0 1 0; }
        & #inspector-keys { dock: bottom; height: 2; padding: 1 0 0 0; color: $text-muted; text-wrap: nowrap; }
        & VerticalScroll {
            height: auto;
            max-height: 100%;
            scrollbar-size-vertical: 1;
            scrollbar-gutter: stable;
            scrollbar-background: $panel;
        }
    }
    """

    def __init__(self, variable: Variable, difference: Difference | None = None) -> None:
        """`difference` is from what a check expected of it."""
        super().__init__()
        self._variable, self._difference = variable, difference

    def compose(self) -> ComposeResult:
        """Title, page and keys."""
        with Vertical(id="inspector"):
            yield Static(title(self._variable), id="inspector-title")
            with VerticalScroll(can_focus=False):
                yield InspectorPage(self._variable.value, self._difference)
            yield Static(self._keys(), id="inspector-keys")

    def _keys(self) -> Content:
        keys = [("Esc", "Close"), ("↑↓", "Scroll")]
        total = slices(self._variable.value)
        if total > 1:
            keys.append(("←→", f"Other matrices ({count(total)})"))
        return Content("   ").join(Content.assemble((key, "bold $primary"), f" {word}") for key, word in keys)

    def action_close(self) -> None:
        """Go back to the table."""
        self.dismiss(None)

    def action_slice(self, by: int) -> None:
        """Show the next matrix, or the one before."""
        page = self.query_one(InspectorPage)
        page.slice_number = (page.slice_number + by) % slices(self._variable.value)

    def action_scroll(self, by: int) -> None:
        """Scroll by rows."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)


class InspectorPage(Widget):
    """The rows of a value at the width there is."""

    DEFAULT_CSS = "InspectorPage { height: auto; width: 1fr; }"
    slice_number: reactive[int] = reactive(0, layout=True)

    def __init__(self, value: Value, difference: Difference | None = None) -> None:
        super().__init__()
        self._value, self._difference = value, difference
        self._laid_out: tuple[int, int] | None = None
        self._rows: list[Content] = []

    def rows(self, width: int) -> list[Content]:
        """The rows at this width, worked out once for each width and matrix."""
        wanted = (width, self.slice_number)
        if wanted != self._laid_out:
            differing = difference_rows(self._difference, width, self.slice_number) if self._difference else []
            self._laid_out = wanted
            self._rows = [*differing[1:], *differing[:1], *rows(self._value, width, self.slice_number)]
        return self._rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are."""
        return len(self.rows(width))

    def render(self) -> Content:
        """The rows as one text."""
        return Content("\n").join(self.rows(self.content_size.width))
