"""What the canaries are to get at: files, listeners and a process of the tutor's own, which show whether they did."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from tutor.runtime import places

SECRET = "TORCH_TUTOR_CANARY"
"""The variable of the decoy's environment that holds a secret."""
_SIGNAL = getattr(signal, "SIGURG", signal.SIGINT)  # ignored by a process that does not ask for it
_ECHO = "import os\nwhile said := os.read(0, 1): os.write(1, said)"
_PATIENCE_S = 3.0


class Traps:
    """The traps, laid when it is entered and taken away when it is left; what was caught is asked one by one."""

    def __init__(self, answers: Sequence[Path] = ()) -> None:
        """`answers`: files that hold answers, besides the lessons of the package."""
        self.secret = secrets.token_hex(16)
        self.mark = f"canary-{secrets.token_hex(4)}"
        self.title = f"title-{secrets.token_hex(4)}"
        self.daemon = f"torch-tutor-canary-{secrets.token_hex(8)}"
        self.answers = (*sorted((places.PACKAGE / "lessons").rglob("*.yaml")), *answers)
        self._undo = contextlib.ExitStack()
        self._signals = 0

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as undo:
            self._lay(undo)
            self._undo = undo.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def _lay(self, undo: contextlib.ExitStack) -> None:
        self.folders = tuple(_folder(undo, place) for place in _places())
        self.file = self.folders[0] / "secret"
        self.file.write_text(self.secret)
        self.file.chmod(0o644)
        self._before = [_state(folder) for folder in self.folders]
        self._tcp = undo.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._udp = undo.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self._udp.bind(("127.0.0.1", 0))
        self._local = [_local_listener(undo, address) for address in _addresses(self.mark)]
        for listener in (self._tcp, self._udp, *self._local):
            listener.setblocking(False)
        self.decoy = self._start_decoy(undo)
        before = signal.signal(_SIGNAL, self._heard)
        undo.callback(signal.signal, _SIGNAL, before)

    def _start_decoy(self, undo: contextlib.ExitStack) -> subprocess.Popen[bytes]:
        """A process of the same user that answers when it is spoken to, until the tutor is gone."""
        decoy = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _ECHO],
            env={**os.environ, SECRET: self.secret},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        undo.callback(_end, decoy)
        return decoy

    def _heard(self, *_: object) -> None:
        self._signals += 1

    def told(self, **more: int) -> dict[str, Any]:
        """What the programs may know: where the traps are, and none of the secrets."""
        return {
            "mark": self.mark,
            "tutor": os.getpid(),
            "decoy": self.decoy.pid,
            "name": SECRET,
            "secret": str(self.file),
            "outside": [str(folder) for folder in self.folders],
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "local": [listener.getsockname() for listener in self._local],
            "answers": [str(path) for path in self.answers],
            "daemon": self.daemon,
            "title": self.title,
            **more,
        }

    # ---- what was caught ----------------------------------------------------------------------------------------

    def changed(self) -> list[str]:
        """The folders in which something was changed, made or removed."""
        now = [_state(folder) for folder in self.folders]
        return [str(f) for f, before, after in zip(self.folders, self._before, now, strict=True) if before != after]

    def reached(self) -> list[str]:
        """The listeners that somebody has reached."""
        found = []
        for name, listener in (("TCP", self._tcp), *((_name(one), one) for one in self._local)):
            with contextlib.suppress(BlockingIOError):
                listener.accept()[0].close()
                found.append(name)
        with contextlib.suppress(BlockingIOError):
            self._udp.recv(100)
            found.append("UDP")
        return found

    def signalled(self) -> list[str]:
        """Whom a signal has reached."""
        found = ["the tutor"] if self._signals else []
        return found if self.decoy_answers() else [*found, "another process of yours"]

    def decoy_answers(self) -> bool:
        """Whether the decoy is well: one that a signal has ended, or is about to end, or holds, gives no answer."""
        asked, answer = self.decoy.stdin, self.decoy.stdout
        assert asked is not None, "the decoy has pipes"
        assert answer is not None, "the decoy has pipes"
        with contextlib.suppress(BrokenPipeError):
            asked.write(b"?")
            return bool(select.select([answer], [], [], _PATIENCE_S)[0]) and answer.read(1) == b"?"
        return False

    def left_behind(self) -> list[int]:
        """The processes of the canary that leaves one behind."""
        return [pid for pid, words in _processes() if self.daemon in words]

    def answers_in(self, said: str) -> list[Path]:
        """The files with answers of which a part is in this text, as `ascii` writes it."""
        with_text = ((path, path.read_bytes()[:100].decode("latin-1")) for path in self.answers if path.is_file())
        return [path for path, text in with_text if text.strip() and ascii(text)[1:41] in said]


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _places() -> list[Path]:
    """Where a run must not write: the home folder, where that is possible, and the folder for temporary files."""
    home, temporary = Path.home(), Path(tempfile.gettempdir())
    return [home, temporary] if home.is_dir() and os.access(home, os.W_OK) else [temporary]


def _folder(undo: contextlib.ExitStack, place: Path) -> Path:
    """A folder with a file that anybody might change, were it not for the sandbox."""
    folder = Path(tempfile.mkdtemp(prefix=".torch-tutor-canary-", dir=place)).resolve()
    undo.callback(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "file"
    file.write_text("as it was")
    file.chmod(0o666)
    folder.chmod(0o777)
    return folder


def _state(folder: Path) -> list[tuple[str, int, bytes]]:
    """Names, modes and contents of what is in a folder."""
    return sorted(
        (path.name, path.lstat().st_mode, path.read_bytes() if path.is_file() else b"") for path in folder.iterdir()
    )


def _addresses(mark: str) -> Iterable[str]:
    if hasattr(socket, "AF_UNIX"):
        yield str(Path(tempfile.gettempdir()).resolve() / f".torch-tutor-{mark}")
        if sys.platform == "linux":
            yield f"\0torch-tutor-{mark}"


def _local_listener(undo: contextlib.ExitStack, address: str) -> socket.socket:
    listener = undo.enter_context(socket.socket(socket.AF_UNIX))
    listener.bind(address)
    if not address.startswith("\0"):
        undo.callback(Path(address).unlink, missing_ok=True)
        Path(address).chmod(0o777)
    listener.listen()
    return listener


def _name(listener: socket.socket) -> str:
    address = listener.getsockname()
    return "a local socket without a file" if isinstance(address, bytes) else f"the local socket {address}"


def _processes() -> Iterable[tuple[int, str]]:
    """Every process that can be seen, with its command."""
    if Path("/proc/self").exists():
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                yield int(entry.name), (entry / "cmdline").read_text(errors="replace")
        return
    listed = subprocess.run(["ps", "-A", "-o", "pid=,args="], capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        number, _, words = line.strip().partition(" ")
        yield int(number), words
