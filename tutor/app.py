"""The app: which screen is on, the keys that work everywhere, and torch loading in the background. Decides nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from tutor.lessons.model import Course, StepRef
from tutor.progress import Progress
from tutor.runtime.protocol import ANYWHERE, Place
from tutor.screens.base import TutorScreen
from tutor.screens.course_map import CourseMap
from tutor.screens.services import Examines, Runs, Services
from tutor.theme import CODE_COLOURS, CODE_COLOURS_ON_LIGHT, INK
from tutor.widgets.status_line import Environment

KEY_NAMES = {"slash": "/", "underscore": "_", "escape": "Esc", "up": "↑", "down": "↓"}
TICK_S = 0.5
"""Seconds between two looks at torch while it loads."""


class TutorApp(App[int]):
    """torch-tutor in a terminal."""

    TITLE = "torch-tutor"
    CSS_PATH = "tutor.tcss"
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", tooltip="All keys and marks", id="app.help", priority=True),
        Binding(
            "ctrl+p",
            "command_palette",
            "All commands",
            tooltip="Find a command by name",
            id="app.palette",
            priority=True,
        ),
        Binding("ctrl+q", "quit", "Quit", tooltip="Save and leave", id="app.quit", priority=True),
    ]

    environment: reactive[Environment] = reactive(Environment())

    def __init__(
        self,
        course: Course,
        progress: Progress,
        examiner: Examines | None = None,
        runtime: Runs | None = None,
        place: Place = ANYWHERE,
    ) -> None:
        """Without `examiner` and `runtime`, the real ones are made after the first paint."""
        super().__init__()
        # Here and not on mount, where a new theme would have the stylesheet parsed a second time.
        self.register_theme(INK)
        self.theme = INK.name
        self.services = Services(course, progress, examiner, runtime, place)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of code, for themes that have none."""
        return CODE_COLOURS if self.current_theme.dark else CODE_COLOURS_ON_LIGHT

    def get_default_screen(self) -> Screen[None]:
        """The course map."""
        return CourseMap(self.services)

    def on_mount(self) -> None:
        """Leave torch and the slow modules until after the first paint."""
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        gc.freeze()  # what is there now stays: a large course would be looked through in every collection
        gc.enable()
        if isinstance(self.screen, TutorScreen):
            self.screen.tell_warning()
        self.load_torch()
        self.preload()

    # ---- torch --------------------------------------------------------------------------------------------------

    @work(group="torch", name="loading torch", exit_on_error=False)
    async def load_torch(self) -> None:
        """Load torch, and say how long it has been at it."""
        ticking = self.set_interval(TICK_S, self._tick)
        try:
            info = await self.services.runtime.start()
        except Exception as fault:
            # Whatever kept torch away: the lessons can be read, so the learner gets a word and the program goes on.
            self.environment = Environment(fault=str(fault) or type(fault).__name__)
            self.notify(
                f"{fault}\n`torch-tutor doctor` says more.",
                title="torch did not start",
                severity="error",
                markup=False,
                timeout=20,
            )
        else:
            device = next((device for device in info.devices if device != "cpu"), "cpu")
            self.environment = Environment(device=device, torch_version=info.torch_version, level=info.level)
            if self.services.place.device not in info.devices:
                self.services.place = ANYWHERE
            if info.warning:
                self.notify(info.warning, title="Not as you asked", severity="warning", markup=False, timeout=20)
        finally:
            ticking.stop()

    def _tick(self) -> None:
        self.environment = Environment(loading_s=self.services.runtime.loading_s)

    @work(group="preload", thread=True, exit_on_error=False)
    def preload(self) -> None:
        """Import what the lessons need while the learner looks at the map."""
        import tutor.screens.workspace

        tutor.screens.workspace.preload()

    # ---- screens ------------------------------------------------------------------------------------------------

    @on(CourseMap.Open)
    def open_step(self, event: CourseMap.Open) -> None:
        """Open a step in the workspace."""
        self.show_step(event.ref)

    def show_step(self, ref: StepRef) -> None:
        """Show the workspace at a step."""
        from tutor.screens.workspace import Workspace

        self.push_screen(Workspace(self.services, ref))

    def action_help(self) -> None:
        """Show the keys of this screen."""
        if isinstance(self.screen, TutorScreen):
            from tutor.screens.help import Help

            self.push_screen(Help(self.screen))

    def action_command_palette(self) -> None:
        """Show the commands of this screen; a question or a page on top of it is answered first."""
        if isinstance(self.screen, TutorScreen):
            super().action_command_palette()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that can be done here, for the palette."""
        from tutor.screens.commands import commands

        yield from commands(screen)

    def get_key_display(self, binding: Binding) -> str:
        """A key as the status line writes it: F5, ^R, Shift+F6."""
        return key_name(binding.key)

    # ---- leaving ------------------------------------------------------------------------------------------------

    async def action_quit(self) -> None:
        """Save what was typed, end what runs, leave."""
        for screen in self.screen_stack:
            if isinstance(screen, TutorScreen):
                screen.flush()
        await self.services.runtime.close()
        self.exit(0)


def key_name(key: str) -> str:
    """The name of a key: "^R" of "ctrl+r", "Shift+F6" of "shift+f6"."""
    *modifiers, last = key.split("+")
    last = KEY_NAMES.get(last, last.upper() if len(last) < 3 else last.title())
    held = "".join("^" if modifier == "ctrl" else f"{modifier.title()}+" for modifier in modifiers)
    return held + last


def run_app(course: Course, place: Place = ANYWHERE) -> int | None:
    """Open the tutor on a course; returns when the learner leaves."""
    from tutor import paths

    progress = Progress(paths.state_file(), course.id)
    try:
        return TutorApp(course, progress, place=place).run()
    finally:
        progress.close()
