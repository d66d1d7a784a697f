"""What the learner's process is given over its socket: the job, and where to write; later what to evaluate.

From then on descriptor 1 is standard output, 2 standard error, 3 the pipe for messages, and 4 the socket, where the
finished program is to stay for a console.
"""

from __future__ import annotations

import fcntl
import os
import select
import socket
from collections.abc import Callable

import msgspec

from tutor.runtime import wire
from tutor.runtime.protocol import Evaluate, Job

MOST_DESCRIPTORS = 4096
_MESSAGES, _SOCKET = 3, 4
_decode: Callable[[bytes], Job] = msgspec.msgpack.Decoder(Job).decode
_request: Callable[[bytes], Evaluate] = msgspec.msgpack.Decoder(Evaluate).decode


def is_near(inbox: socket.socket, milliseconds: int) -> bool:
    """Whether a job, or the end, is there or comes within this time."""
    poll = select.poll()
    poll.register(inbox, select.POLLIN)
    return bool(poll.poll(milliseconds))


def job(inbox: socket.socket) -> Job:
    """Wait for the job; standard output and error are in place afterwards."""
    data, received, _, _ = socket.recv_fds(inbox, 1, 4)
    if not data:
        os._exit(0)  # never used: the tutor has closed the slot
    body, stdout, stderr, messages = received
    found = _decode(os.pread(body, os.fstat(body).st_size, 0))
    nothing = os.open("/dev/null", os.O_RDONLY)
    for source, target in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, target, inheritable=True)
    kept = fcntl.fcntl(inbox.detach(), fcntl.F_DUPFD_CLOEXEC, 64)  # out of the way of the numbers below
    os.dup2(messages, _MESSAGES, inheritable=False)
    os.dup2(kept, _SOCKET, inheritable=False)
    os.closerange(_SOCKET + found.console, MOST_DESCRIPTORS)
    return found


def next_request() -> Evaluate | None:
    """Wait for something to evaluate; what is written now goes to nowhere, then to where the request wants it."""
    nothing = os.open("/dev/null", os.O_WRONLY)
    for target in (1, 2, _MESSAGES):
        os.dup2(nothing, target, inheritable=target < _MESSAGES)
    os.close(nothing)
    with socket.socket(fileno=os.dup(_SOCKET)) as inbox:
        data, received, _, _ = socket.recv_fds(inbox, wire.LARGEST, 3)
    if not data:
        return None
    for source, target in zip(received, (1, 2, _MESSAGES), strict=True):
        os.dup2(source, target, inheritable=target < _MESSAGES)
        os.close(source)
    return _request(data)


def send(body: bytes, write: Callable[[int, memoryview], int] = os.write) -> None:
    """Send a message with its length before it; where nobody listens any more, nothing is sent."""
    rest = memoryview(len(body).to_bytes(4, "little") + body)
    try:
        while rest:
            rest = rest[write(_MESSAGES, rest) :]
    except BrokenPipeError:
        return
