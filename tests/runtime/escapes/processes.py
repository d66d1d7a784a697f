"""Programs that are after other processes, or leave some behind: signals, tracing, /proc, daemons, exec."""

from __future__ import annotations

from tests.runtime.escapes.escape import (
    ENDED_EARLY,
    ENDLESS,
    FINISHED,
    KILLED,
    RAISED,
    TIMED_OUT,
    Escape,
    Never,
    broken,
    one_line,
    refused,
)


def leaves(tries: str, code: str, *ends: object) -> Escape:
    """A program that tries to leave a process behind."""
    return Escape(tries, Never.LEFT, code, ends or (FINISHED,))  # type: ignore[arg-type]


ESCAPES = (
    one_line(
        "signals a process of the machine",
        Never.TOUCHED,
        "os.kill(victim, signal.SIGUSR1)",
        "os.kill(tutor, 0)",
        "os.killpg(victim, signal.SIGUSR1)",
        "done(libc.sigqueue(victim, signal.SIGUSR1, None))",
        "call((234, 131), victim, victim, signal.SIGUSR1)",
        "call((200, 130), victim, signal.SIGUSR1)",
        "signal.pidfd_send_signal(os.pidfd_open(victim), signal.SIGUSR1)",
    ),
    Escape(
        "signals everyone",
        Never.TOUCHED,
        "signal.signal(signal.SIGURG, signal.SIG_IGN)\nx = [attempt(lambda: os.kill(who, signal.SIGURG)) for who in (-1, 0, -os.getpgid(os.getppid()))]",
    ),
    Escape(
        "signals its supervisor",
        Never.TOUCHED,
        "x = [attempt(lambda: os.kill(os.getppid(), one)) for one in (19, 15, 11, 9, 10, 2, 17)]",
    ),
    Escape(
        "has signals sent by a descriptor that others own",
        Never.TOUCHED,
        """
import fcntl
one, other = socket.socketpair()
for who in (victim, -victim, os.getppid()):
    attempt(lambda: fcntl.fcntl(one, 10, signal.SIGUSR1), lambda: fcntl.fcntl(one, fcntl.F_SETOWN, who))
    attempt(lambda: fcntl.fcntl(one, fcntl.F_SETOWN, who))
    attempt(lambda: fcntl.fcntl(one, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK))
    other.send(b"now")
x = 1
""",
    ),
    one_line(
        "traces another process",
        Never.TOUCHED,
        *(
            f"done(libc.ptrace({request}, {who}, 0, 0))"
            for request in (16, 0x4206)
            for who in ("os.getppid()", "victim", "tutor")
        ),
    ),
    refused(
        "traces its own child",
        Never.ALLOWED,
        "child = os.fork()\nif child == 0:\n    time.sleep(20)\n    os._exit(0)\n"
        "x = attempt(lambda: done(libc.ptrace(16, child, 0, 0)))\nos.kill(child, 9)",
    ),
    refused(
        "reads the memory of another process",
        Never.READ,
        """
room = ctypes.create_string_buffer(64)
def vector(address):
    return ctypes.byref((ctypes.c_void_p * 2)(address, 64))
here = vector(ctypes.addressof(room))
x = attempt(
    *[(lambda who=who: done(libc.process_vm_readv(who, here, 1, vector(id(gc)), 1, 0))) for who in (os.getppid(), victim)],
    *[(lambda who=who: done(libc.process_vm_writev(who, here, 1, vector(id(gc)), 1, 0))) for who in (os.getppid(), victim)],
    *[(lambda who=who: os.open(f"/proc/{who}/mem", os.O_RDWR)) for who in (os.getppid(), victim, tutor)],
)
""",
    ),
    refused(
        "reads what /proc tells of another process",
        Never.READ,
        """
x = attempt(*[
    (lambda who=who, what=what: read(f"/proc/{who}/{what}"))
    for who in (os.getppid(), victim, tutor) for what in ("environ", "maps", "smaps", "stack", "syscall", "auxv", "io")
])
""",
    ),
    Escape(
        "looks for other processes",
        Never.READ,
        """
def seen():
    return [open(path, "rb").read() for path in glob.glob("/proc/[0-9]*/cmdline")]
x = "pytest" in attempt(seen) or "escapes" in attempt(seen) or os.path.exists(f"/proc/{victim}/fd/0")
""",
        sees=False,
    ),
    one_line(
        "changes the limits of another process",
        Never.TOUCHED,
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "resource.prlimit(victim, resource.RLIMIT_CPU, (1, 1))",
        "resource.prlimit(tutor, resource.RLIMIT_CPU)",
    ),
    one_line(
        "changes when another process runs",
        Never.TOUCHED,
        "os.setpriority(os.PRIO_PROCESS, os.getppid(), 5)",
        "os.setpriority(os.PRIO_USER, os.getuid(), 5)",
        "os.sched_setaffinity(os.getppid(), {0})",
        "os.sched_setaffinity(victim, {0})",
        "os.sched_setscheduler(victim, os.SCHED_BATCH, os.sched_param(0))",
        "call((251, 30), 1, os.getppid(), 0x6000)",
    ),
    one_line(
        "takes a descriptor of another process",
        Never.READ,
        "call(438, os.pidfd_open(os.getppid()), 1, 0)",
        "call(438, os.pidfd_open(victim), 1, 0)",
        "call((312, 272), os.getppid(), os.getpid(), 0, 1, 1)",
        "call(440, os.pidfd_open(os.getppid()), None, 0, 21, 0)",
    ),
    one_line(
        "types into the terminal",
        Never.TOUCHED,
        "done(libc.ioctl(1, 0x5412, b'x'))",
        "done(libc.ioctl(1, 0x541C, b'\\3'))",
    ),
    # ---- processes that are to outlive the run ---------------------------------------------------------------------
    leaves(
        "leaves a daemon that ignores every signal",
        """
def live():
    for number in range(1, 65):
        if number not in (9, 19, 32, 33):
            signal.signal(number, signal.SIG_IGN)
    libc.prctl(1, 0, 0, 0, 0)
    time.sleep(1000)
orphan(live)
x = 1
""",
    ),
    leaves(
        "leaves a daemon that has closed everything",
        "orphan(lambda: (os.closerange(0, 256), time.sleep(1000)))\nx = 1",
    ),
    leaves(
        "leaves a process that always becomes another one",
        "def hop():\n    while True:\n        if os.fork():\n            os._exit(0)\n        os.setsid()\norphan(hop)\nx = 1",
    ),
    leaves(
        "leaves another program",
        "subprocess.Popen(['sleep', '1000'], start_new_session=True)\norphan(lambda: os.execv('/bin/sleep', ['sleep', '1001']))\nx = 1",
    ),
    leaves(
        "leaves a process beside itself",
        "x = call((56, 220), 0x8000 | signal.SIGCHLD, None, None, None, None)\nif x == 0:\n    time.sleep(1000)\n    os._exit(0)",
    ),
    leaves(
        "adopts its orphans itself",
        "libc.prctl(36, 1, 0, 0, 0)\norphan(lambda: time.sleep(1000))\nx = 1",
    ),
    leaves(
        "leaves stopped processes",
        "for _ in range(5):\n    if os.fork() == 0:\n        os.kill(os.getpid(), 19)\nx = 1",
    ),
    leaves("leaves daemons and dies", "orphan(lambda: time.sleep(1000))\nos.kill(os.getpid(), 9)", KILLED),
    leaves(
        "leaves a daemon and becomes another program",
        "orphan(lambda: time.sleep(1000))\nos.execv('/bin/true', ['true'])",
        ENDED_EARLY,
    ),
    leaves(
        "leaves a thread that never ends",
        "threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\nx = 1",
    ),
    leaves(
        "answers twice, also from a child",
        "x = 1\nif os.fork() == 0:\n    x = 2",
    ),
    # ---- ends of its own -------------------------------------------------------------------------------------------
    broken("leaves at once", "import os\nos._exit(0)", ENDED_EARLY),
    broken("leaves at once, saying that it failed", "import os\nos._exit(3)", ENDED_EARLY),
    broken("becomes another program", "import os\nos.execv('/bin/true', ['true'])", ENDED_EARLY),
    broken(
        "becomes a program that does not end", "os.execv('/bin/sleep', ['sleep', '1000'])", TIMED_OUT, limits=ENDLESS
    ),
    broken("reads where it may not", "import ctypes\nctypes.string_at(0)", KILLED),
    broken("aborts", "import os\nos.abort()", KILLED),
    broken("kills itself", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", KILLED),
    broken("stops itself", "os.kill(os.getpid(), signal.SIGSTOP)", TIMED_OUT, limits=ENDLESS),
    broken(
        "ignores every signal",
        "for number in range(1, 32):\n    if number not in (9, 19):\n        signal.signal(number, signal.SIG_IGN)\nwhile True:\n    pass",
        TIMED_OUT,
        limits=ENDLESS,
    ),
    broken(
        "catches everything that is raised",
        "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass",
        TIMED_OUT,
        limits=ENDLESS,
    ),
    broken("waits for itself", "lock = threading.Lock()\nlock.acquire()\nlock.acquire()", TIMED_OUT, limits=ENDLESS),
    broken(
        "waits for a thread that waits for it",
        "threading.Thread(target=lambda: time.sleep(1000)).start()\nx = 1",
        TIMED_OUT,
        limits=ENDLESS,
    ),
    broken("asks for signals later", "signal.setitimer(signal.ITIMER_REAL, 0.2)\ntime.sleep(5)", KILLED),
    broken(
        "raises from the handler of a signal",
        "def handler(*_):\n    raise ValueError('late')\nsignal.signal(signal.SIGALRM, handler)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)\nwhile True:\n    pass",
        RAISED,
        ENDED_EARLY,
    ),
)
