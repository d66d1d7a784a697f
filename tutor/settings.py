"""What a learner likes: colours, marks, keys, sizes; a TOML file that can be written by hand."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

import msgspec

HEAD = "# Settings of torch-tutor. Delete a line, or the file, to have what was there at first."

Percent = Annotated[int, msgspec.Meta(ge=20, le=80)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that can be set; each has the value that a new learner finds."""

    theme: str = "ink"
    """Colours: ink, paper, contrast, terminal, or the name of any theme of Textual."""
    glyphs: Literal["auto", "unicode", "ascii"] = "auto"
    """The marks and lines that are drawn; auto takes ASCII where the terminal can't show others."""
    motion: Literal["full", "reduced"] = "full"
    """Reduced: nothing glides or blinks, and a live curve is drawn once it has ended."""
    shapes: bool = True
    """Whether each line of code shows at its right what it made."""
    page_width: Percent = 46
    """Columns of the lesson page, in percent of a wide window."""
    editor_height: Percent = 50
    """Lines of the editor, in percent of what it shares with the results."""
    tour: bool = True
    """Whether the next start begins with the tour."""
    keys: dict[str, str] = {}
    """Other keys for a command, by its id: `"lesson.run" = "f9,ctrl+e"`."""


_FIRST = Settings()
FIELDS = get_type_hints(Settings, include_extras=True)


class SettingsFile:
    """The settings in force, and the file that keeps them."""

    def __init__(self, path: Path | None = None) -> None:
        """Read the file; without a `path`, or without such a file, everything is as at first."""
        self.path = path
        self._readable = True
        self._kept: dict[str, Any] = {}
        self.values = Settings()
        self.problems: list[str] = []
        """What could not be taken from the file: where, why, and what to do."""
        if path is not None:
            self._read(path)

    def _read(self, path: Path) -> None:
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            self._give_up(f"{path} can't be read: {error}.")
            return
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self._give_up(f"{path} is not TOML: {error}.")
            return
        self._kept = self._good(found, text)
        self.take(**self._kept)

    def _give_up(self, problem: str) -> None:
        """Leave a file alone that a hand wrote and nobody can read."""
        self._readable = False
        self.problems.append(f"{problem} Mend or delete it; until then, settings hold only until you leave.")

    def _good(self, found: Mapping[str, object], text: str) -> dict[str, Any]:
        """The settings that are understood; the others are noted."""
        good = {}
        for name, value in found.items():
            if name not in FIELDS:
                near = get_close_matches(name, FIELDS, 1)
                self._note(name, text, "there is no such setting" + (f"; did you mean {near[0]}?" if near else "."))
                continue
            try:
                good[name] = msgspec.convert(value, FIELDS[name])
            except msgspec.ValidationError as error:
                self._note(name, text, f"{error}.")
        return good

    def _note(self, name: str, text: str, why: str) -> None:
        place = re.search(rf"^\s*\[?\s*[\"']?{re.escape(name)}\b", text, re.MULTILINE)
        line = text.count("\n", 0, place.end()) + 1 if place else 1
        self.problems.append(f"{self.path}, line {line}, {name}: {why}")

    def take(self, **new: Any) -> None:
        """Take new values, without keeping them yet."""
        self.values = msgspec.structs.replace(self.values, **new)

    def change(self, **new: Any) -> str:
        """Take new values, and keep them; returns what hindered that, or an empty text."""
        self.take(**new)
        if all(self._kept.get(name, getattr(_FIRST, name)) == value for name, value in new.items()):
            return ""
        if self.path is None or not self._readable:
            return ""
        try:
            self._write(self.path, new)
        except (OSError, ValueError) as error:
            return f"Your settings could not be kept: {error}"
        self._kept |= new
        return ""

    def _write(self, path: Path, new: Mapping[str, Any]) -> None:
        """Change only these lines of the file: comments stay, and what another tutor changed meanwhile."""
        import tomlkit

        text = path.read_text(encoding="utf-8") if path.exists() else f"{HEAD}\n"
        document = tomlkit.parse(text)
        for name, value in new.items():
            if value == getattr(_FIRST, name):
                document.pop(name, None)
            else:
                document[name] = value
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(f"{path.name}.{os.getpid()}")
        written.write_text(tomlkit.dumps(document), encoding="utf-8")
        written.replace(path)
