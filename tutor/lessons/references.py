"""What solutions gave, in a student's version of a course: it stands where a solution would be run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from tutor.lessons.files import read_bytes, unsafe
from tutor.lessons.nodes import Mapping
from tutor.lessons.problems import Notes
from tutor.lessons.settings import Setting
from tutor.runtime.protocol import Report

LARGEST = 64 * 2**20


def setting_key(setting: Setting | None) -> str:
    """The name of a setting of an experiment among the reports; the empty text for any other step."""
    return "" if setting is None else msgspec.json.encode(setting, order="sorted").decode()


def encoded(reports: dict[str, Report]) -> bytes:
    """The reports of a step, one for each setting, as a file holds them."""
    return msgspec.msgpack.encode(reports)


def report_in(data: bytes, setting: Setting | None) -> Report:
    """The report for a setting; KeyError where there is none."""
    return msgspec.msgpack.decode(data, type=dict[str, Report])[setting_key(setting)]


def reference_of(node: Mapping, data: dict[str, Any], notes: Notes, folder: Path) -> bytes:
    """The reports that a step names under `x-reference`, as their file holds them; nothing in an author's version."""
    name = node.get("x-reference")
    data.pop("x-reference", None)
    if name is None or not isinstance(name.value, str):
        return b""
    found = unsafe(name.value, folder) or read_bytes(folder / name.value, LARGEST)
    if isinstance(found, bytes):
        try:
            msgspec.msgpack.decode(found, type=dict[str, Report])
        except msgspec.MsgspecError:
            found = "this file does not hold what the solution gave"
        else:
            return found
    message, help_ = found if isinstance(found, tuple) else (found, "export the student's version again")
    notes.at(name, message, help_)
    return b""
