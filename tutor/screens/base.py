"""What all full screens share: the top line, the status line, and a word where the window is too small."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tutor.screens.services import Services
from tutor.widgets.status_line import Environment, Key, StatusLine
from tutor.widgets.top_line import TopLine

if TYPE_CHECKING:
    from textual.worker import Worker

LEAST_WIDTH, LEAST_HEIGHT = 60, 18
WIDE = 100
"""Columns from which two panes stand side by side."""


class TooSmall(Widget):
    """Stands in place of a screen that does not fit."""

    DEFAULT_CSS = """
    TooSmall { display: none; width: 1fr; height: 1fr; padding: 0 1; }
    """

    def render(self) -> str:
        """What there is and what it takes."""
        width, height = self.app.size
        return f"{width}×{height} is too small: torch-tutor needs {LEAST_WIDTH}×{LEAST_HEIGHT}."


class TutorScreen(Screen[None]):
    """A screen with a top line, a body and a status line."""

    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (LEAST_WIDTH, "-narrow"),
        (WIDE, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LEAST_HEIGHT, "-high"), (30, "-tall")]

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services

    @property
    def progress_line(self) -> tuple[Content, ...]:
        """The right side of the top line, longest version first."""
        return ()

    @property
    def path_line(self) -> tuple[Content, ...]:
        """Where this screen is, longest version first."""
        return (Content(""),)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The keys of the status line, the most useful first."""
        return ()

    def compose(self) -> ComposeResult:
        """The two lines and what stands between."""
        yield TopLine(self.path_line, self.progress_line)
        yield from self.compose_body()
        yield TooSmall()
        yield StatusLine(self.keys)

    def compose_body(self) -> Iterable[Widget]:
        """The widgets between the lines."""
        return ()

    @property
    def narrow(self) -> bool:
        """Whether there is room for one column only; true already before the stylesheet has seen the size."""
        return self.app.size.width < WIDE

    @property
    def status(self) -> StatusLine:
        """The status line."""
        return self.query_one(StatusLine)

    def on_mount(self) -> None:
        """Follow what the app knows of torch."""
        self.watch(self.app, "environment", self._show_environment)

    def _show_environment(self, environment: Environment) -> None:
        self.status.environment = environment
        self.environment_changed(environment)

    def environment_changed(self, environment: Environment) -> None:
        """Called when torch goes on loading, is ready, or failed."""

    def refresh_lines(self) -> None:
        """Show new progress and keys."""
        self.query_one(TopLine).put(self.path_line, self.progress_line)
        self.status.keys = self.keys

    def tell_warning(self) -> None:
        """Tell the learner once where progress can't be kept."""
        progress = self.services.progress
        if progress.warning:
            self.notify(progress.warning, title="Your progress", severity="warning", markup=False, timeout=20)
            progress.warning = None

    def settings_changed(self) -> None:
        """Called when the learner has changed settings."""
        self.refresh_lines()

    def flush(self) -> None:
        """Save what is not saved yet; called before the program ends or the screen goes."""

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the learner what a worker of this screen failed on."""
        event.stop()
        if event.state.name == "ERROR":
            self.notify(str(event.worker.error), title=f"{event.worker.name} failed", severity="error", markup=False)
