"""The app: which screen is on, the keys that work everywhere, and torch loading in the background. Decides nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.constants import TEXTUAL_ANIMATIONS
from textual.events import DescendantFocus
from textual.filter import LineFilter, Monochrome
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input, TextArea

from tutor.keys import key_name, remember
from tutor.lessons.model import Course, StepRef
from tutor.progress import Progress
from tutor.runtime.protocol import ANYWHERE, Place
from tutor.screens import look
from tutor.screens.base import TutorScreen
from tutor.screens.course_map import CourseMap
from tutor.screens.services import Examines, Runs, Services
from tutor.settings import SettingsFile
from tutor.theme import OURS, variables_for
from tutor.widgets.status_line import Environment

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
        Binding("f12", "settings", "Settings", tooltip="Colours, marks, keys, sizes", id="app.settings", priority=True),
        Binding("ctrl+q", "quit", "Quit", tooltip="Save and leave", id="app.quit", priority=True),
    ]

    environment: reactive[Environment] = reactive(Environment())
    _filters_of_ours: tuple[LineFilter, ...] = ()

    def __init__(
        self,
        course: Course,
        progress: Progress,
        examiner: Examines | None = None,
        runtime: Runs | None = None,
        place: Place = ANYWHERE,
        settings: SettingsFile | None = None,
    ) -> None:
        """Without `examiner` and `runtime`, the real ones are made after the first paint."""
        super().__init__()
        self.services = Services(course, progress, examiner, runtime, place, settings)
        # Here and not on mount, where a new theme would have the stylesheet parsed a second time.
        for theme in OURS:
            self.register_theme(theme)
        self.take_settings()

    # ---- settings -----------------------------------------------------------------------------------------------

    def take_settings(self) -> None:
        """Look, move and listen as the settings say."""
        values = self.services.settings.values
        self._filters_of_ours = look.filters_of(values, no_color=self.no_color)
        self.theme = look.theme_of(values, self.available_themes, no_color=self.no_color)
        self.animation_level = "none" if values.motion == "reduced" else TEXTUAL_ANIMATIONS
        remember(values.keys)
        self.set_keymap(values.keys)
        for screen in self.screen_stack if self.is_running else ():
            if isinstance(screen, TutorScreen):
                screen.settings_changed()
            for widget in screen.walk_children(with_self=True):
                widget.refresh()

    def change_settings(self, **new: Any) -> None:
        """Take new settings, and keep them."""
        problem = self.services.settings.change(**new)
        if problem:
            self.notify(problem, title="Your settings", severity="warning", markup=False)
        self.take_settings()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every drawn line goes through."""
        theirs = (each for each in super().get_line_filters() if not isinstance(each, Monochrome))  # it leaves greys
        return [*theirs, *self._filters_of_ours]

    @on(DescendantFocus)
    def _calm(self, event: DescendantFocus) -> None:
        """A cursor that does not blink, where nothing should move."""
        if self.services.settings.values.motion == "reduced" and isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def _keep_theme(self, theme: Theme) -> None:
        """A theme that was chosen in the palette is kept, too; without colours there is but one."""
        if theme.name == look.theme_of(self.services.settings.values, self.available_themes, no_color=self.no_color):
            return
        if self.no_color:
            self.notify("NO_COLOR is set, so there are no colours to choose.")
            self.take_settings()
        else:
            self.change_settings(theme=theme.name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of code and of quiet words, for themes that have none."""
        return variables_for(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        """The course map."""
        return CourseMap(self.services)

    def on_mount(self) -> None:
        """Leave torch and the slow modules until after the first paint."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.call_after_refresh(self._after_first_paint)

    def _after_first_paint(self) -> None:
        gc.enable()
        if isinstance(self.screen, TutorScreen):
            self.screen.tell_warning()
        self.tell_problems()
        self.load_torch()
        self.preload()

    def tell_problems(self) -> None:
        """Tell once what of the settings file could not be taken."""
        settings = self.services.settings
        problems = [*settings.problems, look.problem_of(settings.values, self.available_themes)]
        for problem in filter(None, problems):
            self._tell_problem(problem)

    def _tell_problem(self, problem: str) -> None:
        self.notify(problem, title="Your settings", severity="warning", markup=False, timeout=20)

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

    def action_settings(self) -> None:
        """Show the settings."""
        if isinstance(self.screen, TutorScreen):
            from tutor.screens.settings import SettingsScreen

            self.push_screen(SettingsScreen(self.services.settings))

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
        return TutorApp(course, progress, place=place, settings=SettingsFile(paths.settings_file())).run()
    finally:
        progress.close()
