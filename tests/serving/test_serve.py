"""`torch-tutor serve`: who may come in, what a visitor gets, and that nothing stays when they leave."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import aiohttp
import psutil
import pyte
import pytest
from aiohttp import web

from tests.serving import chromium
from tutor.cli import USAGE, main
from tutor.cli.serve import is_loopback
from tutor.paths import HOME_VARIABLE
from tutor.serving.server import FULL, TutorServer, is_ours

PROGRAM = "import sys; from tutor.cli import main; sys.exit(main(sys.argv[1:]))"
STUB = """
import os, pathlib, sys
pathlib.Path(sys.argv[1]).write_text(os.environ.get("TORCH_TUTOR_HOME", ""))
print("__GANGLION__", flush=True)
sys.stdin.buffer.read(1) if len(sys.argv) < 3 else __import__("time").sleep(1000)
"""
"""A visitor's tutor that draws nothing, and says where its home is; with a second word it does not leave when asked."""


@asynccontextmanager
async def serving(
    folder: Path, *, guests: bool = False, places: int = 8, words: tuple[str, ...] = ()
) -> AsyncIterator[str]:
    """A server of stubs, and its address."""
    stub = folder / "stub.py"
    stub.write_text(STUB)
    command = [sys.executable, str(stub), str(folder / "home"), *words]
    server = TutorServer(command, "127.0.0.1", 0, guests=guests, places=places)
    runner, address = await server.open()
    try:
        yield address
    finally:
        await runner.cleanup()


@asynccontextmanager
async def visiting(folder: Path, *, places: int = 8) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    """A server with one visitor; the visitor's session, and the address."""
    async with (
        serving(folder, places=places) as address,
        aiohttp.ClientSession() as session,
        session.ws_connect(socket_of(address), headers=origin(address)),
    ):
        yield session, address


def socket_of(address: str) -> str:
    return f"{address}ws?width=100&height=30"


def origin(address: str) -> dict[str, str]:
    return {"Origin": address.rstrip("/")}


async def written(path: Path) -> str:
    """What a stub wrote, as soon as it has."""
    async with asyncio.timeout(20):
        while not path.exists():
            await asyncio.sleep(0.01)
    return path.read_text()


async def gone(process: psutil.Process) -> None:
    """Wait until a process has ended."""
    async with asyncio.timeout(20):
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.01)


# ---- who may come in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("localhost", True),
        ("[::1]:8000", True),
        ("192.168.1.20:8000", True),
        ("evil.example", False),
        ("evil.example:8000", False),
        ("127.0.0.1.evil.example:8000", False),
        ("", False),
    ],
)
def test_a_name_that_was_made_to_point_here_is_not_ours(host: str, ours: bool) -> None:
    assert is_ours(host) is ours


async def test_another_page_gets_neither_the_page_nor_a_socket(tmp_path: Path) -> None:
    async with serving(tmp_path) as address, aiohttp.ClientSession() as session:
        async with session.get(address, headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await session.ws_connect(socket_of(address), headers=headers)
            assert refused.value.status == 403
        assert not (tmp_path / "home").exists()


async def test_the_page_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    async with serving(tmp_path) as address, aiohttp.ClientSession() as session, session.get(address) as answer:
        page = await answer.text()
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert page.replace(socket_of(address).partition("?")[0].replace("http", "ws"), "").count("://") == 0


async def test_there_are_as_many_places_as_were_given(tmp_path: Path) -> None:
    async with visiting(tmp_path, places=1) as (session, address):
        await written(tmp_path / "home")
        async with session.get(address) as answer:
            assert (answer.status, await answer.text()) == (503, FULL)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(socket_of(address), headers=origin(address))
        assert refused.value.status == 503


async def test_a_guest_has_a_home_that_goes_when_they_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "owner"))
    async with serving(tmp_path, guests=True) as address, aiohttp.ClientSession() as session:
        async with session.ws_connect(socket_of(address), headers=origin(address)):
            home = Path(await written(tmp_path / "home"))
            assert home.is_dir()
            assert home != tmp_path / "owner"
        async with asyncio.timeout(20):
            while home.exists():
                await asyncio.sleep(0.01)


async def test_the_owner_has_their_own_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "owner"))
    async with visiting(tmp_path):
        assert await written(tmp_path / "home") == str(tmp_path / "owner")


async def test_a_tutor_that_does_not_leave_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.serving.visitor.GRACE_S", 0.2)
    before = psutil.Process().children()
    async with serving(tmp_path, words=("stays",)) as address, aiohttp.ClientSession() as session:
        async with session.ws_connect(socket_of(address), headers=origin(address)):
            await written(tmp_path / "home")
            [process] = [child for child in psutil.Process().children() if child not in before]
        await gone(process)


# ---- the command --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.20", False),
        ("pc", False),
    ],
)
def test_only_loopback_is_only_here(host: str, only_here: bool) -> None:
    assert is_loopback(host) is only_here


async def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    assert await asyncio.to_thread(main, ["serve", "--port", str(port)]) == USAGE
    told = capsys.readouterr().err
    assert f"port {port} of 127.0.0.1 can't be had" in told
    assert "--port 0 takes any" in told
    await runner.cleanup()


def test_without_the_library_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert main(["serve"]) == USAGE
    assert "pip install 'torch-tutor[serve]'" in capsys.readouterr().err


def test_others_are_let_in_only_where_a_sandbox_holds_them_and_with_a_warning(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tutor.runtime import trial
    from tutor.runtime.protocol import Level

    async def why_not(level: Level) -> str:
        return "" if level is allowed else "no"

    served: list[bool] = []

    async def serve(_: object, *, guests: bool) -> int:
        served.append(guests)
        return 0

    monkeypatch.setattr(trial, "why_not", why_not)
    monkeypatch.setattr("tutor.cli.serve.serve", serve)
    allowed: Level | None = None
    assert main(["serve", "--host", "0.0.0.0"]) == USAGE
    assert "--anyway serves all the same" in capsys.readouterr().err
    assert main(["serve", "--host", "0.0.0.0", "--anyway"]) == 0
    assert "level: basic" in capsys.readouterr().err
    allowed = Level.FULL
    assert main(["serve", "--host", "0.0.0.0"]) == 0
    assert "There is no\n  password" in capsys.readouterr().err
    assert served == [True, True]
    assert main(["serve"]) == 0
    assert served[-1] is False


# ---- the whole of it ----------------------------------------------------------------------------------------------


@contextmanager
def command(home: Path) -> Iterator[tuple[psutil.Process, str]]:
    """The real command on a port of its own, and its address."""
    home.mkdir()
    (home / "settings.toml").write_text("tour = false\n")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--port", "0"],
        env={**os.environ, HOME_VARIABLE: str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield psutil.Process(process.pid), process.stdout.readline().split()[1]
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


class Visit:
    """What a visitor sees and types."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._screen = pyte.Screen(100, 30)
        self._stream = pyte.ByteStream(self._screen)

    async def type(self, text: str) -> None:
        await self._socket.send_str(json.dumps(["stdin", text]))

    async def see(self, words: str) -> None:
        async with asyncio.timeout(60):
            while not any(words in line for line in self._screen.display):
                message = await self._socket.receive()
                assert message.type is aiohttp.WSMsgType.BINARY, message
                self._stream.feed(message.data)


async def test_a_visitor_runs_code_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with command(tmp_path / "home") as (server, address):
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(socket_of(address), headers=origin(address)) as socket:
                visit = Visit(socket)
                await visit.see("Tensors, step 1 of 13")
                await visit.type("\r")
                await visit.see("isolated")
                await visit.see("Alt+J Next")
                await visit.type("\x1b[15~")
                await visit.see("shape: (2, 3)")
                await visit.type("\x1bo")
                started = server.children(recursive=True)
                assert len(started) > 2
            for process in started:
                await gone(process)
            async with session.ws_connect(socket_of(address), headers=origin(address)) as socket:
                await Visit(socket).see("Continue")
                started = server.children(recursive=True)
                assert started
                server.send_signal(signal.SIGINT)
                for process in (server, *started):
                    await gone(process)


def opened(home: Path) -> bool:
    """Whether the visitor has opened a step."""
    with contextlib.closing(sqlite3.connect(home / "progress.sqlite3")) as file:
        return bool(file.execute("SELECT count(*) FROM position").fetchone()[0])


@pytest.mark.skipif(chromium.PROGRAM is None, reason="no Chromium here")
async def test_in_a_browser_without_a_network_keys_go_to_the_tutor(tmp_path: Path) -> None:
    with command(tmp_path / "home") as (_, address):
        async with chromium.browser() as page:
            await page.open(address)
            await page.until("document.body && document.body.classList.contains('-first-byte')")
            await page.until("document.activeElement.classList.contains('xterm-helper-textarea')")
            await page.press("Enter")
            await page.press("F5")
            async with asyncio.timeout(20):
                while not opened(tmp_path / "home"):
                    await asyncio.sleep(0.05)
            assert all(asked.startswith(address) for asked in page.asked_for)
            assert await page.value("performance.getEntriesByType('navigation').length") == 1
