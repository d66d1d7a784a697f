"""The three pipes of a learner's process: what it writes, and its messages. Whatever comes is counted and capped."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Literal

from tutor.runtime.protocol import Output
from tutor.runtime.safe_text import Decoder

Stream = Literal["stdout", "stderr"]
BATCH_S = 0.05
"""Output is passed on at most this often."""
_READ = 1 << 16
_REST_S = 0.01
"""How long a pipe is left alone that little comes through again and again: a loop that prints writes line by line,
and to be woken 2,000 times a second would leave no time for the keyboard."""


class Streams:
    """Reads the pipes in the event loop; output is decoded, made safe, bounded and passed on in batches."""

    def __init__(
        self,
        limit: int,
        *,
        on_output: Callable[[Output], None],
        on_message: Callable[[bytes], None],
        on_limit: Callable[[], None],
    ) -> None:
        """`limit`: bytes of output that are kept; `on_limit` is called for every piece beyond."""
        self._room = limit
        self._on_output, self._on_message, self._on_limit = on_output, on_message, on_limit
        self._loop = asyncio.get_running_loop()
        self._pipes: dict[int, Callable[[bytes], None]] = {}
        self._decoders: dict[Stream, Decoder] = {"stdout": Decoder(), "stderr": Decoder()}
        self._text: dict[Stream, list[str]] = {"stdout": [], "stderr": []}
        self._waiting: list[tuple[Stream, str]] = []
        self._flush_at: asyncio.TimerHandle | None = None
        self._read_at: dict[int, float] = {}
        self.dropped = 0
        """Bytes beyond the limit."""

    def open(self, stack: contextlib.ExitStack) -> list[int]:
        """Make the pipes; the ends to write to, for stdout, stderr and messages, which `stack` closes here."""
        ends = []
        for taker in (self._take_stdout, self._take_stderr, self._on_message):
            reading, writing = os.pipe()
            stack.callback(os.close, writing)
            ends.append(writing)
            os.set_blocking(reading, False)
            self._pipes[reading] = taker
            self._wake(reading)
        return ends

    def text(self, stream: Stream) -> str:
        """All that was kept of a stream."""
        return "".join(self._text[stream])

    def read_rest(self, most: int) -> None:
        """What was written before now, but no more than `most` bytes a pipe."""
        for descriptor in list(self._pipes):
            for _ in range(most // _READ + 1):
                if not self._read(descriptor):
                    break

    def close(self) -> None:
        """Stop to read, and pass on what waits."""
        for descriptor in list(self._pipes):
            self._drop(descriptor)
        for stream, decoder in self._decoders.items():
            self._write(stream, decoder.feed(b"", last=True))
        self.flush()

    def _read(self, descriptor: int) -> int:
        """Take one piece from a pipe; its bytes, 0 where there is nothing more."""
        try:
            data = os.read(descriptor, _READ)
        except BlockingIOError:
            return 0
        if not data:
            self._drop(descriptor)
            return 0
        self._pipes[descriptor](data)
        return len(data)

    def _wake(self, descriptor: int) -> None:
        if descriptor in self._pipes:
            self._loop.add_reader(descriptor, self._read_and_rest, descriptor)

    def _read_and_rest(self, descriptor: int) -> None:
        """Take one piece, and rest if it is a small one that came soon after another."""
        pipe = self._pipes[descriptor]
        size = self._read(descriptor)
        now = self._loop.time()
        soon = now - self._read_at.get(descriptor, 0.0) < _REST_S
        self._read_at[descriptor] = now
        if 0 < size < _READ // 2 and soon and pipe != self._on_message:
            self._loop.remove_reader(descriptor)
            self._loop.call_later(_REST_S, self._wake, descriptor)

    def _drop(self, descriptor: int) -> None:
        self._loop.remove_reader(descriptor)
        del self._pipes[descriptor]
        os.close(descriptor)

    def _take_stdout(self, data: bytes) -> None:
        self._take("stdout", data)

    def _take_stderr(self, data: bytes) -> None:
        self._take("stderr", data)

    def _take(self, stream: Stream, data: bytes) -> None:
        kept = data[: self._room]
        self._room -= len(kept)
        self.dropped += len(data) - len(kept)
        self._write(stream, self._decoders[stream].feed(kept))
        if len(kept) < len(data):
            self._on_limit()

    def _write(self, stream: Stream, text: str) -> None:
        if not text:
            return
        self._text[stream].append(text)
        self._waiting.append((stream, text))
        if self._flush_at is None:
            self._flush_at = self._loop.call_later(BATCH_S, self.flush)

    def flush(self) -> None:
        """Pass on what waits, what came in one go on one stream as one piece."""
        if self._flush_at is not None:
            self._flush_at.cancel()
            self._flush_at = None
        waiting, self._waiting = self._waiting, []
        joined: list[tuple[Stream, list[str]]] = []
        for stream, text in waiting:
            if not joined or joined[-1][0] != stream:
                joined.append((stream, []))
            joined[-1][1].append(text)
        for stream, texts in joined:
            self._on_output(Output(stream, "".join(texts)))
