"""What a program may be after, laid out so that it shows when it was touched."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import tutor

_WATCHER = """
import os, signal, sys
for number in (signal.SIGURG, signal.SIGUSR1, signal.SIGTERM, signal.SIGIO):
    signal.signal(number, lambda number, frame: os.write(1, f"signal {number} ".encode()))
os.write(1, b"ready")
sys.stdin.read()
"""
_PLACES = ("/", "/tmp", "/var/tmp", "/dev/shm", "/etc", "/usr/local/lib", "/run")


class Bait:
    """A secret in the home folder, sockets that listen, and a process that notes what is done to it."""

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.secret_text = f"secret-{secrets.token_hex(16)}"
        self._closing = contextlib.ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix=f".torch-tutor-{self.token}-", dir=Path.home()))
        self._closing.callback(shutil.rmtree, self.folder)
        self._secret = self.folder / "secret"
        self._secret.write_text(self.secret_text)
        self._secret.chmod(0o666)  # it is the sandbox that has to keep everyone from it
        self.folder.chmod(0o755)
        self._sockets = self._listen()
        self._victim = self._start_victim()
        self._before = self._state()

    def names(self) -> dict[str, object]:
        """What a program is told: where things are, never what is in them."""
        return {
            "secret": str(self._secret),
            "folder": str(self.folder),
            "mine": f"escaped-{self.token}",
            "port": self._sockets["tcp"].getsockname()[1],
            "udp_port": self._sockets["udp"].getsockname()[1],
            "stream_path": str(self.folder / "stream"),
            "datagram_path": str(self.folder / "datagram"),
            "abstract": f"\0torch-tutor-{self.token}",
            "victim": self._victim.pid,
            "tutor": os.getpid(),
            "package": str(Path(tutor.__file__).parent),
            "runtime_file": str(Path(tutor.__file__).parent / "runtime/child.py"),
            "places": [*_PLACES, str(Path.home()), str(self.folder), str(Path.cwd())],
        }

    def _listen(self) -> dict[str, socket.socket]:
        made = {
            "tcp": socket.create_server(("127.0.0.1", 0)),
            "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "stream": socket.socket(socket.AF_UNIX),
            "datagram": socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
            "abstract stream": socket.socket(socket.AF_UNIX),
            "abstract datagram": socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
        }
        made["udp"].bind(("127.0.0.1", 0))
        for name in ("stream", "datagram"):
            made[name].bind(str(self.folder / name))
            (self.folder / name).chmod(0o777)
        made["abstract stream"].bind(f"\0torch-tutor-{self.token}")
        made["abstract datagram"].bind(f"\0torch-tutor-{self.token}-datagram")
        for name in ("stream", "abstract stream"):
            made[name].listen()
        for one in made.values():
            one.setblocking(False)
            self._closing.callback(one.close)
        return made

    def _start_victim(self) -> subprocess.Popen[bytes]:
        victim = subprocess.Popen(
            [sys.executable, "-S", "-c", _WATCHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"SECRET": self.secret_text},
            start_new_session=True,
        )
        assert victim.stdout is not None
        assert os.read(victim.stdout.fileno(), 5) == b"ready"
        os.set_blocking(victim.stdout.fileno(), False)
        self._closing.enter_context(victim)  # closes its pipes and waits for it
        self._closing.callback(victim.kill)
        return victim

    def _state(self) -> dict[str, object]:
        """All that a program might change, without what it might read."""
        status = self._secret.stat()
        pid = self._victim.pid
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return {
            "the secret's text": self._secret.read_text(),
            "the secret's attributes": (status.st_mode, status.st_uid, status.st_mtime_ns, status.st_nlink),
            "the secret's extended attributes": tuple(os.listxattr(self._secret)),
            "the folder of the secret": sorted(entry.name for entry in self.folder.iterdir()),
            "whether the other process is stopped or traced": fields[0] in "Tt",
            "the other process's priority": tuple(fields[15:17]),
            "the other process's processors": os.sched_getaffinity(pid),
            "the other process's limits": Path(f"/proc/{pid}/limits").read_text(),
        }

    def harm(self) -> Iterator[str]:
        """What was done to any of it."""
        for name, one in self._sockets.items():
            if select.select([one], [], [], 0)[0]:
                with contextlib.suppress(OSError):
                    one.recv(100) if "datagram" in name or name == "udp" else one.accept()[0].close()
                yield f"the {name} socket was reached"
        assert self._victim.stdout is not None
        with contextlib.suppress(BlockingIOError):
            noted = os.read(self._victim.stdout.fileno(), 1000).decode()
            yield f"the other process got {noted}" if noted else "the other process has ended"
        if self._victim.poll() is None:
            state = self._state()
            yield from (f"{name} changed" for name, value in state.items() if value != self._before[name])
            self._before = state
        for place in (*_PLACES, str(Path.home()), str(Path.cwd())):
            for made in Path(place).glob(f"*escaped-{self.token}*"):
                yield f"{made} was made"
                made.unlink()

    def close(self) -> None:
        """Take all of it away."""
        self._closing.close()
