"""The app: which screen is on, the keys that work everywhere, and torch loading in the background. Decides nothing."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterable
from time import monotonic
from typing import ClassVar

from textual import events, on, work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import Screen

from tutor.keys import key_name
from tutor.lessons.model import Course, StepRef
from tutor.progress import Progress
from tutor.runtime.protocol import ANYWHERE, Place
from tutor.screens.app_keys import APP_KEYS
from tutor.screens.base import TutorScreen
from tutor.screens.course_map import CourseMap
from tutor.screens.look import SettledApp
from tutor.screens.services import Examines, Runs, Services
from tutor.screens.trial import Trial
from tutor.settings import SettingsFile
from tutor.widgets.keys_in_order import typed
from tutor.widgets.status_line import Environment

TICK_S = 0.5
"""Seconds between two looks at torch while it loads."""


class TutorApp(SettledApp):
    """torch-tutor in a terminal."""

    TITLE = "torch-tutor"
    CSS_PATH = "tutor.tcss"
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [*APP_KEYS]

    environment: reactive[Environment] = reactive(Environment())
    typed_at = -math.inf
    """When the last key came; what can wait does so for somebody who types."""

    def __init__(
        self,
        course: Course,
        progress: Progress,
        examiner: Examines | None = None,
        runtime: Runs | None = None,
        place: Place = ANYWHERE,
        settings: SettingsFile | None = None,
        *,
        tour: bool = False,
    ) -> None:
        """Without `examiner` and `runtime`, the real ones are made after the first paint."""
        super().__init__(Services(course, progress, examiner, runtime, place, settings))
        self._with_tour = tour

    def get_default_screen(self) -> Screen[None]:
        """The course map."""
        return CourseMap(self.services)

    def on_mount(self) -> None:
        """Leave torch and the slow modules until after the first paint."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        gc.freeze()  # what is there now stays: a large course would be looked through in every collection
        gc.enable()
        if isinstance(self.screen, TutorScreen):
            self.screen.tell_warning()
        self.tell_problems()
        if self._with_tour:
            self.action_tour()
        self.load_torch()
        self.preload()

    async def on_event(self, event: events.Event) -> None:
        """Let no key overtake what was typed or pasted before it."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.typed_at = monotonic()
            await typed(self.focused)
        await super().on_event(event)

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
        from tutor.screens.keymap import problems

        tutor.screens.workspace.preload()
        for problem in problems(self.services.settings.values.keys):
            self.call_from_thread(self._tell_problem, problem)

    # ---- screens ------------------------------------------------------------------------------------------------

    @on(CourseMap.Open)
    def open_step(self, event: CourseMap.Open) -> None:
        """Open a step in the workspace."""
        self.show_step(event.ref, event.trial)

    def show_step(self, ref: StepRef, trial: Trial | None = None) -> None:
        """Show the workspace at a step, as the first of a test-out where one is wanted."""
        from tutor.screens.workspace import Workspace

        if not any(isinstance(screen, Workspace) for screen in self.screen_stack):  # a double click chooses twice
            self.push_screen(Workspace(self.services, ref, trial))

    def action_help(self) -> None:
        """Show the keys of this screen."""
        if isinstance(self.screen, TutorScreen):
            from tutor.screens.help import Help

            self.push_screen(Help(self.screen))

    def action_settings(self) -> None:
        """Show the settings."""
        if isinstance(self.screen, TutorScreen):
            from tutor.screens.settings import SettingsScreen

            self.push_screen(SettingsScreen(self.services.settings))

    def action_tour(self) -> None:
        """Show the tour; it comes by itself only once."""
        from tutor.screens.tour import Tour

        if not isinstance(self.screen, Tour):
            self.push_screen(Tour(), lambda _: self.change_settings(tour=False))

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


def run_app(course: Course, place: Place = ANYWHERE) -> int | None:
    """Open the tutor on a course; returns when the learner leaves."""
    from tutor import paths

    progress = Progress(paths.state_file(), course.id)
    try:
        settings = SettingsFile(paths.settings_file())
        return TutorApp(course, progress, place=place, settings=settings, tour=settings.values.tour).run()
    finally:
        progress.close()
