"""The Tensors pane: every variable of the finished program; Enter or a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import structs
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.checks.difference import Difference
from tutor.runtime.values import Variable
from tutor.widgets.tensor_inspector import TensorInspector
from tutor.widgets.tensor_rows import table

NO_VARIABLES = "Run your code to see its variables here."


class TensorsView(Vertical):
    """A table of the variables; tensors with their shape, statistics and gradient."""

    DEFAULT_CSS = """
    TensorsView {
        height: 1fr;
        & > #tensors-heading { height: 1; }
        & > OptionList {
            height: 1fr;
            padding: 0;
            border: none;
            background: transparent;
            scrollbar-size-vertical: 1;
            text-wrap: nowrap;
        }
        & > OptionList:focus { border: none; background-tint: transparent; }
        & > OptionList > .option-list--option-highlighted { background: $panel; color: $foreground; text-style: none; }
        & > OptionList:focus > .option-list--option-highlighted {
            background: $primary 25%;
            color: $foreground;
            text-style: none;
        }
        & > #tensors-empty { display: none; color: $text-muted; }
        &.-empty > #tensors-heading, &.-empty > OptionList { display: none; }
        &.-empty > #tensors-empty { display: block; }
    }
    """

    def __init__(self, **names: Any) -> None:
        """`names` are `id`, `classes` and `name`, as every widget takes them."""
        super().__init__(**names)
        self._variables: tuple[Variable, ...] = ()
        self._differences: dict[str, Difference] = {}
        self.add_class("-empty")

    def compose(self) -> ComposeResult:
        """The heading, the rows, and the sentence that stands in their place."""
        yield Static(id="tensors-heading")
        yield OptionList(markup=False, compact=True)
        yield Static(Content(NO_VARIABLES), id="tensors-empty")

    def show(self, variables: Sequence[Variable], differences: Sequence[Difference] = ()) -> None:
        """Show these variables in the order of the program, what should be different first where it is none of them."""
        names = {variable.name for variable in variables}
        others = [Variable(name=each.expr, value=each.got) for each in differences if each.expr not in names]
        self._variables = (*others, *variables)
        self._differences = {each.expr: each for each in differences}
        self.set_class(not self._variables, "-empty")
        self._fill(keep_highlight=False)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that are shown."""
        return self._variables

    def on_resize(self, event: events.Resize) -> None:
        """Choose the columns that fit the new width."""
        self._fill(keep_highlight=True)

    def _fill(self, *, keep_highlight: bool) -> None:
        """Lay the rows out at the present width."""
        options = self.query_one(OptionList)
        highlighted = options.highlighted if keep_highlight else None
        # The scrollbar takes a cell, and one stays empty beside it.
        laid_out = table([self._marked(v) for v in self._variables], max(20, self.size.width - 2))
        self.query_one("#tensors-heading", Static).update(laid_out.heading)
        options.set_options([Option(row) for row in laid_out.rows])
        if laid_out.rows:
            options.highlighted = min(highlighted or 0, len(laid_out.rows) - 1)

    def _marked(self, variable: Variable) -> Variable:
        """With a sign at its name where a check found that it should be different."""
        return structs.replace(variable, name=f"✗ {variable.name}") if variable.name in self._differences else variable

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        """Open the variable of the row."""
        event.stop()
        if self.screen.is_active:  # a double click chooses twice
            variable = self._variables[event.option_index]
            self.app.push_screen(TensorInspector(variable, self._differences.get(variable.name)))
