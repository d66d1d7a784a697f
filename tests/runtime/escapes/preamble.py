"""What every program of the suite finds in place: `attempt` and system calls by number."""

from __future__ import annotations

HELPERS = '''
import ctypes, errno, gc, glob, mmap, os, platform, resource, signal, socket, stat, struct, subprocess, sys, threading, time
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
def limited(name, value):
    """Set both limits."""
    try:
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (value, value))
    except ValueError as error:  # what Python makes of EPERM
        raise PermissionError(errno.EPERM, str(error)) from None

_REFUSALS = {errno.__dict__[name] for name in (
    "EPERM EACCES EROFS ENOENT EXDEV ENOSYS ENETUNREACH ECONNREFUSED EAFNOSUPPORT EPROTONOSUPPORT ESRCH ELOOP ENXIO"
).split()} | {socket.EAI_AGAIN, socket.EAI_NONAME}

def attempt(*whats):
    """The text "refused" where each was refused; what the first one gave, or how it failed, otherwise."""
    for what in whats:
        try:
            return f"did: {what()!r}"
        except ImportError:
            continue
        except OSError as error:
            if error.errno not in _REFUSALS:
                return f"failed: {error!r}"
    return "refused"

def done(result, what=""):
    """The result of a function of libc; OSError where it is -1."""
    if result == -1:
        raise OSError(ctypes.get_errno(), what)
    return result

libc.syscall.restype = ctypes.c_long
def call(number, *arguments):
    """A system call; `number` as on x86_64, or (x86_64, aarch64)."""
    number = number if type(number) is int else number[0 if X86 else 1]
    plain = [ctypes.c_long(a) if type(a) is int else a for a in arguments]
    return done(libc.syscall(ctypes.c_long(number), *plain))

def read(path, size=200):
    with open(path, "rb") as file:
        return file.read(size)

def orphan(what, *, beside=None):
    """Run `what` in a process that has left its parent, its session and its group."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            try:
                what()
            finally:
                os._exit(0)
        os._exit(0)
    os.wait()

def frame(message):
    """A message as the report's pipe carries it."""
    import msgspec
    body = message if type(message) is bytes else msgspec.msgpack.encode(message)
    return len(body).to_bytes(4, "little") + body
'''


def preamble(bait: dict[str, object]) -> str:
    """The setup of a program, with the names of its bait."""
    return HELPERS + "".join(f"{name} = {value!r}\n" for name, value in bait.items())
