"""The bottom line: the keys that work here, and what the program runs on."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.keys import key

GAP = 2
"""Least empty cells between keys and environment."""


class Key(msgspec.Struct, frozen=True):
    """A key by the name that it has at first; a click on it does `action`."""

    key: str
    word: str
    action: str

    @property
    def content(self) -> Content:
        """The key and its word, to be clicked."""
        return Content.assemble((key(self.key), "bold $primary"), f" {self.word}").stylize(f"@click={self.action}")


class Environment(msgspec.Struct, frozen=True):
    """Where code runs: still loading (`loading_s` seconds so far), ready, or not to be had (`fault`)."""

    device: str = "cpu"
    torch_version: str = ""
    level: str = ""
    loading_s: float = 0.0
    fault: str = ""

    @property
    def ready(self) -> bool:
        """Whether code can run."""
        return bool(self.torch_version)


class Cost(msgspec.Struct, frozen=True):
    """What a run took."""

    seconds: float
    peak_mb: float
    device: str = ""


def level_word(level: str) -> str:
    """The level of isolation in the learner's words."""
    return "isolated" if level in ("full", "jail") else level


def short_version(version: str) -> str:
    """Major and minor of a version: "2.13" of "2.13.0+cpu"."""
    return ".".join(version.split("+")[0].split(".")[:2])


def duration(seconds: float) -> str:
    """A time in three or four characters and a unit: "14 ms", "1.2 s", "75 s"."""
    if seconds < 0.9995:
        return f"{max(1, round(seconds * 1000))} ms"
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def loading_text(environment: Environment) -> str:
    """Such as "torch is loading, 2 s"; or that it did not start."""
    if environment.fault:
        return "torch did not start"
    return f"torch is loading, {environment.loading_s:.0f} s"


def environment_texts(environment: Environment, cost: Cost | None) -> tuple[Content, ...]:
    """Versions of the right side, the longest first."""
    if not environment.ready:
        style = "$error" if environment.fault else "$warning"
        return (Content.styled(loading_text(environment), style),)
    device = (cost.device if cost else "") or environment.device
    costs = [duration(cost.seconds), f"{cost.peak_mb:.0f} MB"] if cost else []
    level = level_word(environment.level)
    full = [device, f"torch {short_version(environment.torch_version)}", *costs]
    short = [device, *costs]
    return tuple(line_of(words, level) for words in (full, short))


def line_of(words: Sequence[str], level: str) -> Content:
    """The words with dots between, the level last and in its own colour."""
    style = "$success" if level == "isolated" else "$warning"
    plain = "".join(f" · {word}" for word in words[1:])
    return Content.assemble((words[0], "bold"), (plain + " · ", "$quiet"), (level, style))


def arranged(keys: Sequence[Key], rights: Sequence[Content], width: int, at_least: int = 4) -> Content:
    """The longest right side beside which `at_least` keys fit, and as many keys as then fit."""
    contents = [key.content for key in keys]
    for right in rights:
        for gap in (3, 2):
            shown = fitting(contents, width - right.cell_length - GAP, gap)
            if len(shown) >= min(at_least, len(contents)):
                return spread(shown, right, width, gap)
    right = rights[-1] if rights else Content("")
    return spread(fitting(contents, width - right.cell_length - GAP, GAP), right, width, GAP)


def fitting(contents: Sequence[Content], width: int, gap: int) -> list[Content]:
    """As many of the contents, from the first, as fit with gaps between."""
    shown: list[Content] = []
    used = -gap
    for content in contents:
        used += gap + content.cell_length
        if used > width:
            break
        shown.append(content)
    return shown


def spread(shown: Sequence[Content], right: Content, width: int, gap: int) -> Content:
    """The contents at the left and the other at the right end."""
    left = Content(" " * gap).join(shown)
    return Content.assemble(left, " " * max(0, width - left.cell_length - right.cell_length), right)


class StatusLine(Widget):
    """Keys at the left, to be clicked too; device, torch, time, memory and isolation at the right."""

    DEFAULT_CSS = """
    StatusLine {
        height: 1;
        dock: bottom;
        background: $panel;
        padding: 0 1;
    }
    """

    keys: reactive[tuple[Key, ...]] = reactive(())
    environment: reactive[Environment] = reactive(Environment())
    cost: reactive[Cost | None] = reactive(None)
    note: reactive[str] = reactive("")
    """What stands in place of the keys while it holds: what is wrong with a file that is previewed."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__()
        self.auto_links = False  # the keys have a look of their own, which links would lose
        self.set_reactive(StatusLine.keys, tuple(keys))

    @property
    def place(self) -> str:
        """Where code runs, as texts name it."""
        return environment_texts(self.environment, None)[0].plain

    def render(self) -> Content:
        """The line at this width."""
        if self.note:
            return Content.styled(self.note, "$error").truncate(self.content_size.width, ellipsis=True)
        return arranged(self.keys, environment_texts(self.environment, self.cost), self.content_size.width)
