"""The sizes of the panes: moved with the mouse or by keys, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from textual.events import MouseDown, MouseMove, MouseUp

from tutor.screens.workspace_panes import WorkspacePanes

if TYPE_CHECKING:
    from tutor.screens.look import SettledApp

LEAST, MOST = 20, 80
STEP = 4
"""Percent that a key moves a border."""
Border = Literal["page_width", "editor_height"]
"""What a border sets: the page's share of the width, or the editor's of the height that it shares with the results."""


class WorkspaceSizes(WorkspacePanes):
    """The border between page and desk, and the one between editor and results, can be moved."""

    app: SettledApp
    _dragged: Border | None = None

    def set_sizes(self) -> None:
        """Give the panes the sizes that are set; where the stylesheet arranges them otherwise, leave it to that."""
        sizes = self.services.settings.values
        desk = self.desk
        self.page.styles.width = f"{sizes.page_width}%" if self._has("page_width") else None
        shared = self._has("editor_height")
        desk.editor.styles.height = f"{sizes.editor_height}fr" if shared else None
        desk.results.styles.height = f"{100 - sizes.editor_height}fr" if shared else None

    def settings_changed(self) -> None:
        """Show what was chosen."""
        super().settings_changed()
        self.desk.editor.with_ribbon = self.services.settings.values.shapes
        self.set_sizes()

    def _has(self, border: Border) -> bool:
        """Whether the border is there."""
        if border == "page_width":
            return self.at_code and not self.narrow
        return self.at_code and self.desk.lab is None and not self.desk.in_order

    def on_resize(self) -> None:
        """Follow the window."""
        super().on_resize()
        self.set_sizes()

    def action_size(self, border: Border, by: int) -> None:
        """Move a border by a step."""
        if self._has(border):
            self._set(border, getattr(self.services.settings.values, border) + by * STEP)
            self._keep(border)

    def _set(self, border: Border, percent: int) -> None:
        percent = max(LEAST, min(percent, MOST))
        self.services.settings.take(**{border: percent})
        self.set_sizes()

    def _keep(self, border: Border) -> None:
        self.app.change_settings(**{border: getattr(self.services.settings.values, border)})

    # ---- the mouse ----------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        """Take hold of a border."""
        self._dragged = self._border_at(event.screen_x, event.screen_y)
        if self._dragged is not None:
            self.capture_mouse()

    def _border_at(self, x: int, y: int) -> Border | None:
        if self._has("page_width") and self.desk.region.contains(x, y) and x == self.desk.region.x:
            return "page_width"
        line = self.desk.results.tab_line.region
        if self._has("editor_height") and y == line.bottom - 1 and line.contains(x, y):
            return "editor_height"
        return None

    def on_mouse_move(self, event: MouseMove) -> None:
        """Move the border that is held."""
        if self._dragged == "page_width":
            self._set("page_width", round(100 * event.screen_x / max(1, self.size.width)))
        elif self._dragged == "editor_height":
            top, bottom = self.desk.editor.region.y, self.desk.results.region.bottom
            self._set("editor_height", round(100 * (event.screen_y - 1 - top) / max(1, bottom - top)))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Let go of it, and keep its place."""
        if self._dragged is not None:
            self._keep(self._dragged)
            self._dragged = None
            self.release_mouse()
