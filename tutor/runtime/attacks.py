"""The programs of the canaries: what `doctor` runs in its own sandbox to see whether it holds.

Each one knows only where the traps are (a dictionary `traps`), tries several ways in, and says how that went; whether
the sandbox holds is decided by the tutor, which looks at the traps. None does any harm where it gets through.
"""

from __future__ import annotations

PRELUDE = '''
import ctypes, json, os, signal, socket, subprocess, sys, time

def tell(name, said):
    os.write(1, ("\\n%s %s %s\\n" % (traps["mark"], name, json.dumps(said))).encode())

def tried(ways):
    """What each way gave: a text where it got through, nothing where it was refused."""
    through = []
    for name, way in ways:
        try:
            got = way()
        except Exception:
            continue
        through.append("%s: %s" % (name, ascii(got)[:200]))
    return through

def text_of(path, size=-1):
    with open(path, "rb") as file:
        return file.read(size).decode("latin-1")

def beside(path):
    """The same path by the root folders of other processes."""
    return [path] + ["/proc/%s/root%s" % (pid, path) for pid in ("1", os.getppid(), traps["tutor"], traps["decoy"])]
'''

HOME = """
def attack():
    return tried([(path, lambda path=path: text_of(path, 100)) for path in beside(traps["secret"])])
"""

OUTSIDE = """
def overwrite(path):
    with open(path, "r+b") as file:
        return file.write(b"changed")

def attack():
    ways = []
    for folder in traps["outside"]:
        file = os.path.join(folder, "file")
        ways += [
            ("overwrite " + file, lambda file=file: overwrite(file)),
            ("append to " + file, lambda file=file: open(file, "ab").write(b"more")),
            ("make a file in " + folder, lambda folder=folder: open(os.path.join(folder, "new"), "x").close()),
            ("make a folder in " + folder, lambda folder=folder: os.mkdir(os.path.join(folder, "folder"))),
            ("make a link in " + folder, lambda folder=folder: os.symlink("/", os.path.join(folder, "link"))),
            ("open up " + file, lambda file=file: os.chmod(file, 0o777)),
            ("rename " + file, lambda file=file: os.rename(file, file + "-renamed")),
            ("remove " + file, lambda file=file: os.unlink(file)),
        ]
    tried(ways)
    return []  # a call may say that it worked, and have done nothing: the tutor looks at the files
"""

NETWORK = """
def connect(family, kind, address):
    with socket.socket(family, kind) as one:
        one.settimeout(1)
        one.connect(address)
        return one.send(b"canary")

def attack():
    ways = [("TCP", lambda: connect(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", traps["tcp"])))]
    ways += [("UDP", lambda: connect(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", traps["udp"])))]
    for address in traps["local"]:
        ways += [(ascii(address), lambda address=address: connect(socket.AF_UNIX, socket.SOCK_STREAM, address))]
    tried(ways)
    return []  # a UDP packet that goes nowhere looks as one that arrives: only the listeners know
"""

SIGNALS = """
def attack():
    others = [pid for pid in (traps["decoy"], os.getppid()) if pid not in (0, os.getpid())]
    ways = [("signal the tutor", lambda: os.kill(traps["tutor"], signal.SIGURG))]
    for number in (signal.SIGTERM, signal.SIGKILL):
        ways += [("signal %d" % pid, lambda pid=pid, number=number: os.kill(pid, number)) for pid in others]
    tried(ways)
    return []  # what counts is who is still there
"""

MEMORY_OF_OTHERS = """
def environment(pid):
    return text_of("/proc/%d/environ" % pid) or fail()

def fail():
    raise OSError

def stack(pid):
    with open("/proc/%d/maps" % pid) as lines:
        start, end = next(line.split()[0].split("-") for line in lines if line.endswith("[stack]\\n"))
    with open("/proc/%d/mem" % pid, "rb", buffering=0) as file:
        file.seek(int(start, 16))
        found = file.read(int(end, 16) - int(start, 16))
    at = found.find(traps["name"].encode())
    return found[max(at, 0) :][:100].decode("latin-1") or fail()

def trace(pid):
    seize, end_with_tracer = 0x4206, 0x100000
    options = end_with_tracer if pid == traps["decoy"] else 0
    return ctypes.CDLL(None).ptrace(seize, pid, None, ctypes.c_void_p(options)) == 0 or fail()

def attack():
    ways = []
    for who, pid in (("the decoy", traps["decoy"]), ("the tutor", traps["tutor"]), ("its parent", os.getppid())):
        if pid in (0, os.getpid()):
            continue
        ways += [("environment of " + who, lambda pid=pid: environment(pid))]
        ways += [("memory of " + who, lambda pid=pid: stack(pid))]
        if sys.platform == "linux" and who != "the tutor":
            ways += [("trace " + who, lambda pid=pid: trace(pid))]
    return tried(ways)
"""

DAEMON = """
def attack():
    told, tell = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.dup2(tell, 3)
            os.closerange(4, 256)
            for stream in (0, 1, 2):
                os.dup2(os.open(os.devnull, os.O_RDWR), stream)
            os.set_inheritable(3, True)
            code = "import os, time; os.write(3, b'here'); time.sleep(60)"
            os.execv(sys.executable, [sys.executable, "-I", "-S", "-c", code, traps["daemon"]])
        os._exit(0)
    os.close(tell)
    os.wait()
    if os.read(told, 4) != b"here":
        raise OSError("no process was left behind")
    return []  # the tutor looks whether it is still there
"""

PROCESSES = """
def attack():
    told, tell = os.pipe()
    count = 0
    try:
        while count < traps["processes"]:
            if os.fork() == 0:
                os.close(tell)
                os.read(told, 1)
                os._exit(0)
            count += 1
    except BlockingIOError:  # that is what a limit on processes answers
        pass
    time.sleep(0.15)  # so that the tutor sees them all
    os.close(tell)
    for _ in range(count):
        os.wait()
    return ["%d processes at once" % count] if count >= traps["processes"] else []
"""

ALLOCATION = """
def attack():
    size = traps["allocation"]
    tried([("at once", lambda: bytearray(size))])
    for _ in range(4):  # each is within the limit for one process
        if os.fork() == 0:
            held = b"x" * (size // 4)
            time.sleep(3)
            os._exit(0)
    time.sleep(1.5)  # several looks of the watchdog
    return ["%d MB" % (size >> 20)]
"""

OUTPUT = """
title = "\\x1b]0;" + traps["title"] + "\\x07\\x1b[2J\\x9b31m\\u202e"

def attack():
    for stream in (1, 2):
        os.write(stream, title.encode() + b"\\x1bP\\x9b\\x84\\xff\\x08\\n")
    return []  # the tutor looks at what came
"""

ANSWERS = """
def attack():
    ways = [(path, lambda path=path: text_of(path, 100)) for file in traps["answers"] for path in beside(file)]
    ways += [("import the lessons", lambda: __import__("tutor.lessons.load"))]
    return tried(ways)
"""
