"""`torch-tutor doctor`: what it says of a machine, good or bad, as text and as JSON, and its exit code."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import msgspec
import pytest

from tutor.cli import FINDINGS, FINE, USAGE, doctor, doctor_text, main
from tutor.runtime import canaries, levels, machine
from tutor.runtime.machine import Machine
from tutor.runtime.primitives import Primitive
from tutor.runtime.protocol import Level, Outcome, Report, RuntimeInfo

UBUNTU = Machine(release="6.8.0-45-generic", apparmor_limits=True, most_namespaces=63000)
NO_NAMESPACES = "mount proc on /proc: Permission denied"
NOT_STRONGER = f"the full level can't be had: {NO_NAMESPACES}"


def examined(level: Level = Level.FULL, *, holds: bool = True) -> doctor.Examined:
    """What would be found on a machine that can have nothing stronger than `level`."""
    stronger = [one for one in Level if list(Level).index(one) < list(Level).index(level)]
    info = RuntimeInfo(
        torch_version="2.13.0",
        python_version="3.11.7",
        level=level,
        protections=levels.protections(level, NOT_STRONGER if stronger else ""),
        load_s=2.5,
    )
    namespaces = Primitive(name="user namespaces", means="a private world", works=level is Level.FULL)
    if not namespaces.works:
        namespaces = msgspec.structs.replace(namespaces, why=NO_NAMESPACES, fix="sudo sysctl -w x=0")
    return doctor.Examined(
        here=UBUNTU,
        primitives=(namespaces, Primitive(name="seccomp", means="calls are refused", works=True)),
        failures=dict.fromkeys(stronger, NO_NAMESPACES),
        info=info,
        report=Report(outcome=Outcome.FINISHED, wall_s=0.03),
        canaries=tuple(
            canaries.Verdict(name=name, holds=holds or number != 2, detail="what was seen " * 4)
            for number, name in enumerate(canaries.NAMES)
        ),
    )


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(found: doctor.Examined, stream: io.StringIO | None = None, asked: Level | None = None) -> str:
    stream = stream or io.StringIO()
    doctor_text.print_found(doctor.as_json(found, asked), stream)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TORCH_TUTOR_LEVEL", raising=False)


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize("columns", [60, 80])
def test_it_fits_the_terminal(level: Level, holds: bool, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = printed(examined(level, holds=holds)).splitlines()
    assert [line for line in lines if len(line) > columns and " " in line.strip()] == []
    assert [line for line in lines if line != line.rstrip()] == []


def test_everything_in_order_says_so() -> None:
    text = printed(examined())
    assert "isolation   full, the strongest that works here" in text
    assert "✓ yes  full" in text
    assert "taken; fit for the code of people you don't know" in text
    assert text.count("✓ HOLDS") == len(canaries.NAMES) == 10
    assert "✗" not in text
    assert text.endswith("\nEverything works.\n")


def test_what_is_off_says_why_and_what_to_do_about_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "look", lambda: UBUNTU)
    text = " ".join(printed(examined(Level.BASIC)).split())
    assert "✗ off namespaces the full level can't be had: mount proc on /proc: Permission denied" in text
    assert text.count("sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0") == 1
    assert "→ As above." in text
    assert "✗ no user namespaces (a private world): mount proc on /proc: Permission denied → sudo sysctl -w x=0" in text
    assert "✓ yes basic taken; fit for your own code" in text


def test_a_canary_that_got_through_is_the_last_word() -> None:
    text = printed(examined(holds=False))
    assert "✗ BROKEN  reach a port or a local socket    what was seen" in text
    assert "The sandbox did not hold against 1 of 10 attacks." in text
    assert "Everything works" not in text
    assert doctor.as_json(examined(holds=False), None)["ok"] is False


def test_a_trial_run_that_failed_is_not_called_an_attack() -> None:
    found = examined()
    found.report = Report(outcome=Outcome.TIMED_OUT, wall_s=10)
    found.canaries = ()
    text = printed(found)
    assert "The trial run failed, so nothing else was tried." in text
    assert "HOLDS" not in text
    assert "Everything works" not in text
    assert doctor.as_json(found, None)["ok"] is False


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = printed(examined(Level.BASIC, holds=False))
    coloured = printed(examined(Level.BASIC, holds=False), Terminal())
    assert "\x1b" not in plain
    assert "\x1b[32m" in coloured
    assert "\x1b[31m" in coloured
    assert re.sub("\x1b\\[[0-9]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert printed(examined(Level.BASIC, holds=False), Terminal()) == plain
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in printed(examined(Level.BASIC, holds=False), Terminal())


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        progress = doctor_text.Progress(stream)
        progress.show("loading torch … 1.0 s")
        progress.show("loading torch … 1.1 s")
        progress.clear()
        progress.clear()
    assert terminal.getvalue() == "\r\x1b[Kloading torch … 1.0 s\r\x1b[Kloading torch … 1.1 s\r\x1b[K"
    assert pipe.getvalue() == ""


# ---- the real thing ---------------------------------------------------------------------------------------------


def run_json(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["doctor", "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def test_it_looks_at_the_strongest_level(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run_json(capsys)
    assert code == FINE
    assert found["ok"]
    (taken,) = [one for one in found["levels"] if one["taken"]]
    assert taken["name"] == found["level"]
    assert taken["works"]
    assert [one["name"] for one in found["levels"]] == list(Level)
    assert [one["name"] for one in found["canaries"]] == list(canaries.NAMES)
    assert all(one["holds"] and one["detail"] for one in found["canaries"])
    assert {"name", "means", "works", "why", "fix"} == set(found["primitives"][0])
    assert {"name", "on", "why", "fix"} == set(found["protections"][0])
    assert found["trial"]["outcome"] == "finished"


@pytest.mark.parametrize("level", [Level.BASIC, Level.SPARE])
def test_it_looks_at_the_level_that_was_asked_for(capsys: pytest.CaptureFixture[str], level: Level) -> None:
    code, found = run_json(capsys, "--level", level)
    assert (code, found["level"], found["asked"]) == (FINE, level, level)


def test_a_level_that_can_not_be_had_is_a_finding_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")  # no bwrap is found there
    code, found = run_json(capsys, "--level", "jail")
    assert (code, found["ok"], found["level"], found["canaries"]) == (FINDINGS, False, None, [])
    assert "The jail level can't be had: bubblewrap is not installed" in found["fault"]["why"]
    assert "install bubblewrap" in found["fault"]["fix"]
    jail = found["levels"][1]
    assert (jail["name"], jail["works"], jail["taken"]) == ("jail", False, False)
    assert "install bubblewrap" in jail["fix"]
    assert main(["doctor", "--level", "jail"]) == FINDINGS
    assert "The jail level can't be had" in capsys.readouterr().out


def test_a_level_that_does_not_exist_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["doctor", "--level", "perfect"])
    assert leaving.value.code == USAGE
    monkeypatch.setenv("TORCH_TUTOR_LEVEL", "perfect")
    code, found = run_json(capsys)
    assert code == FINDINGS
    assert "it can be full, jail, basic, spare" in found["fault"]["why"]


def test_without_torch_it_says_how_to_get_it() -> None:
    found = examined()
    found.info = found.report = None
    found.canaries = ()
    found.fault = "The process that runs code could not go on: ModuleNotFoundError: No module named 'torch'"
    text = printed(found)
    assert "pip install torch" in text
    assert "\nisolation " not in text
    assert "Everything works" not in text
