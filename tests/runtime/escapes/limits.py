"""Programs that take more than they may: memory, processes, threads, time, files, folders."""

from __future__ import annotations

from tests.runtime.escapes.escape import (
    CPU_LIMIT,
    ENDED_EARLY,
    ENDLESS,
    FILE_LIMIT,
    FINISHED,
    KILLED,
    OUT_OF_MEMORY,
    PROCESS_LIMIT,
    RAISED,
    SIZES,
    TIMED_OUT,
    Escape,
    Never,
    Outcome,
    broken,
)
from tutor.runtime.protocol import Level, Limits


def takes(tries: str, code: str, *ends: Outcome, limits: Limits = SIZES, holds: Level = Level.BASIC) -> Escape:
    """A program that takes more than it may."""
    return Escape(tries, Never.GROWN, code, ends, limits=limits, holds=holds)


_BUSY = "while True:\n    pass"
ESCAPES = (
    # ---- memory ----------------------------------------------------------------------------------------------------
    broken("makes a tensor of 8 GB", "import torch\nx = torch.zeros(2 * 10**9)", OUT_OF_MEMORY),
    broken("fills memory bit by bit", "x = []\nwhile True:\n    x.append('y' * 50_000_000)", OUT_OF_MEMORY),
    takes(
        "fills memory in many processes",
        "for _ in range(8):\n    if os.fork() == 0:\n        held = b'y' * (60 << 20)\n        time.sleep(30)\ntime.sleep(30)",
        OUT_OF_MEMORY,
    ),
    takes(
        "fills memory in processes whose names are no text",
        "libc.prctl(15, b'\\xff\\xfe\\n\\\\', 0, 0, 0)\n"
        "for _ in range(8):\n    if os.fork() == 0:\n        held = b'y' * (60 << 20)\n        time.sleep(30)\ntime.sleep(30)",
        OUT_OF_MEMORY,
    ),
    takes(
        "fills memory that it shares",
        "x = mmap.mmap(-1, 1 << 30)\nwhile True:\n    x.write(b'y' * (4 << 20))",
        OUT_OF_MEMORY,
    ),
    takes(
        "has memory filled by processes that are gone",
        """
x = mmap.mmap(-1, 1 << 30)
for start in range(0, 1 << 30, 16 << 20):
    if os.fork() == 0:
        x[start : start + (16 << 20)] = b"y" * (16 << 20)
        os._exit(0)
    os.wait()
time.sleep(30)
""",
        OUT_OF_MEMORY,
    ),
    takes(
        "fills shared memory by files",
        "x = 0\ntry:\n    while True:\n        open(f'/dev/shm/{x}', 'wb').write(b'y' * (3 << 20))\n        x += 1\n"
        "except PermissionError:\n    raise MemoryError('there is none here') from None",
        OUT_OF_MEMORY,
        FILE_LIMIT,
    ),
    takes(
        "fills memory in threads",
        "def fill():\n    held = []\n    while True:\n        held.append(bytearray(4 << 20))\n"
        "for _ in range(8):\n    threading.Thread(target=fill, daemon=True).start()\ntime.sleep(1)",
        OUT_OF_MEMORY,
        PROCESS_LIMIT,  # no memory is left for the stack of the next thread
        FINISHED,
        RAISED,
    ),
    takes(
        "moves its break", "while True:\n    if libc.sbrk(16 << 20) == -1:\n        raise MemoryError", OUT_OF_MEMORY
    ),
    takes("makes a number that has no end", "x = 10 ** 10 ** 10", TIMED_OUT, OUT_OF_MEMORY, limits=ENDLESS),
    # ---- processes and threads ---------------------------------------------------------------------------------------
    takes("forks without end", "while True:\n    os.fork()", PROCESS_LIMIT, TIMED_OUT, OUT_OF_MEMORY, limits=ENDLESS),
    takes(
        "forks without end, whatever is raised",
        "while True:\n    try:\n        os.fork()\n    except BaseException:\n        pass",
        TIMED_OUT,
        OUT_OF_MEMORY,
        limits=ENDLESS,
    ),
    takes(
        "starts programs without end",
        "open('bomb', 'w').write('#!/bin/sh\\n/bin/sh bomb & /bin/sh bomb\\n')\nos.execv('/bin/sh', ['sh', 'bomb'])",
        TIMED_OUT,
        ENDED_EARLY,
        OUT_OF_MEMORY,
        limits=ENDLESS,
    ),
    takes(
        "starts threads without end",
        "while True:\n    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        PROCESS_LIMIT,
    ),
    takes(
        "opens files without end",
        "x = []\nwhile True:\n    x.append(open('/dev/null'))",
        RAISED,
    ),
    # ---- time --------------------------------------------------------------------------------------------------------
    broken("loops without end", _BUSY, TIMED_OUT, limits=ENDLESS),
    broken("sleeps without end", "import time\ntime.sleep(1000)", TIMED_OUT, limits=ENDLESS),
    broken("calculates too long", _BUSY, CPU_LIMIT, limits=Limits(time_s=20.0, cpu_s=1)),
    broken(
        "catches the end of its processor time",
        "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n" + _BUSY,
        CPU_LIMIT,
        limits=Limits(time_s=20.0, cpu_s=1),
    ),
    broken(
        "searches a text that has no end of ways",
        "import re\nre.match('(a|a)*b', 'a' * 50)",
        TIMED_OUT,
        limits=ENDLESS,
    ),
    broken(
        "hangs in the probe",
        "class Slow:\n    def __repr__(self):\n        while True: pass\nx = Slow()",
        TIMED_OUT,
        FINISHED,
        limits=ENDLESS,
    ),
    broken(
        "recurses without end",
        "def f():\n    return f()\nf()",
        RAISED,
    ),
    broken(
        "recurses without a limit",
        "sys.setrecursionlimit(10**9)\ndef f():\n    return repr([f()])\nf()",
        KILLED,
        OUT_OF_MEMORY,
        RAISED,
    ),
    broken("nests lists without end", "x = []\nfor _ in range(10**6):\n    x = [x]", FINISHED),
    # ---- files -------------------------------------------------------------------------------------------------------
    takes("writes a large file", "open('large', 'wb').write(b'y' * (8 << 20))", FILE_LIMIT, holds=Level.SPARE),
    takes("makes a file with a hole", "open('large', 'wb').truncate(1 << 40)", FILE_LIMIT),
    takes(
        "fills its folder",
        "for i in range(8):\n    open(str(i), 'wb').write(b'y' * (3 << 20))\ntime.sleep(30)",
        FILE_LIMIT,
    ),
    takes(
        "fills its folder with files that have no name",
        "x = []\nfor i in range(8):\n    x.append(open(str(i), 'wb', buffering=0))\n    x[-1].write(b'y' * (3 << 20))\n    os.unlink(str(i))\ntime.sleep(30)",
        FILE_LIMIT,
    ),
    takes(
        "fills its folder with files that nobody may see open",
        "libc.prctl(4, 0, 0, 0, 0)\nx = []\nfor i in range(8):\n    x.append(open(str(i), 'wb', buffering=0))\n"
        "    x[-1].write(b'y' * (3 << 20))\n    os.unlink(str(i))\ntime.sleep(30)",
        FILE_LIMIT,
    ),
    takes(
        "fills its folder with files that are only mapped",
        """
x = []
for i in range(24):
    with open(str(i), "w+b", buffering=0) as file:
        file.write(b"y" * (3 << 20))
        x.append(mmap.mmap(file.fileno(), 4096))
        libc.close(ctypes.c_int(file.fileno() + 1))  # mmap keeps a copy of the descriptor
    os.unlink(str(i))
time.sleep(30)
""",
        FILE_LIMIT,
        holds=Level.FULL,  # elsewhere nothing tells how large a file is that no name and no descriptor leads to
    ),
    takes(
        "fills its folder with files that are on their way",
        """
one, other = socket.socketpair()
for i in range(8):
    with open(str(i), "wb", buffering=0) as file:
        file.write(b"y" * (3 << 20))
        if "refused" in attempt(lambda: socket.send_fds(one, [b"x"], [file.fileno()])):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.unlink(str(i))
time.sleep(30)
""",
        FILE_LIMIT,
        holds=Level.FULL,  # elsewhere nothing tells how large a file is that no name and no descriptor leads to
    ),
    takes(
        "fills a folder that can't be listed",
        "os.mkdir('closed', 0o300)\nfor i in range(8):\n    open(f'closed/{i}', 'wb').write(b'y' * (3 << 20))\ntime.sleep(30)",
        FILE_LIMIT,
    ),
    takes(
        "makes files without end",
        "x = 0\nwhile True:\n    open(f'{x}', 'w').close()\n    x += 1",
        FILE_LIMIT,
    ),
    takes(
        "makes folders in folders without end",
        "while True:\n    os.mkdir('d')\n    os.chdir('d')",
        FILE_LIMIT,
        TIMED_OUT,  # each takes longer than the one before
        limits=ENDLESS,
    ),
    takes(
        "makes folders too deep to be named",
        "for _ in range(300):\n    os.mkdir('d' * 250)\n    os.chdir('d' * 250)\nopen('deep', 'w').close()\ntime.sleep(3)\nx = 1",
        FINISHED,
        FILE_LIMIT,
    ),
    takes(
        "leaves a folder that is hard to remove",
        "for name in ('.1.lifted', '.2.lifted', 'a', 'b'):\n    os.makedirs(name + '/sub/sub')\n    open(name + '/file', 'w').close()\n"
        "open('.3.lifted', 'w').close()\nos.mkdir('shut', 0)\nos.symlink('/', 'root')\nos.symlink('.', 'loop')\nos.mkfifo('fifo')\n"
        "os.mkdir('a/shut', 0)\nos.mkdir(b'\\xff\\xfe')\nopen(b'\\xff/\\x1b'.replace(b'/', b'-'), 'w').close()\nx = 1",
        FINISHED,
    ),
)
