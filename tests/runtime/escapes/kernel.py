"""Programs that ask the kernel for what no lesson needs: mounts, namespaces, interfaces with a history of holes."""

from __future__ import annotations

from tests.runtime.escapes.escape import FINISHED, KILLED, Escape, Never, one_line

_NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x80)

ESCAPES = (
    one_line(
        "mounts",
        Never.ALLOWED,
        "done(libc.mount(b'x', os.getcwd().encode(), b'tmpfs', 0, None))",
        "done(libc.mount(b'/', os.getcwd().encode(), None, 4096, None))",
        "done(libc.mount(None, b'/', None, 32, None))",
        "done(libc.umount2(b'/proc', 2))",
        "done(libc.umount2(os.getcwd().encode(), 2))",
        "call(430, b'tmpfs', 0)",
        "call(428, -100, b'/', 1)",
        "call(442, -100, b'/', 0, bytes(32), 32)",
    ),
    one_line(
        "makes namespaces",
        Never.ALLOWED,
        *(f"done(libc.unshare({kind}))" for kind in _NAMESPACES),
        *(f"call((56, 220), {kind} | 17, None, None, None, None)" for kind in _NAMESPACES),
        "call(435, struct.pack('QQQQQQQQ', 0x10000000, 0, 0, 0, 17, 0, 0, 0), 64)",
    ),
    one_line(
        "enters the namespaces of others",
        Never.ALLOWED,
        "done(libc.setns(os.open('/proc/self/ns/mnt', os.O_RDONLY), 0))",
        "done(libc.setns(os.open(f'/proc/{os.getppid()}/ns/user', os.O_RDONLY), 0))",
        "done(libc.setns(os.pidfd_open(os.getppid()), 0x20000))",
    ),
    one_line("changes its root", Never.ALLOWED, "os.chroot('.')", "call((155, 41), b'.', b'.')"),
    one_line(
        "uses io_uring",
        Never.ALLOWED,
        "call(425, 8, bytes(120))",
        "call(426, 0, 1, 0, 0, None, 0)",
        "call(427, 0, 0, None, 0)",
    ),
    one_line(
        "loads a program into the kernel",
        Never.ALLOWED,
        "call((321, 280), 0, bytes(128), 128)",
        "call((321, 280), 5, bytes(128), 128)",
    ),
    one_line("counts events of the processor", Never.ALLOWED, "call((298, 241), bytes(128), 0, -1, -1, 0)"),
    one_line("handles its own page faults", Never.ALLOWED, "call((323, 282), 1)"),
    one_line(
        "uses the kernel's keys",
        Never.ALLOWED,
        "call((250, 219), 0, -3, 1)",
        "call((248, 217), b'user', b'x', b'y', 1, -3)",
    ),
    one_line(
        "loads a module of the kernel", Never.ALLOWED, "call((175, 105), b'', 0, b'')", "call((313, 273), 0, b'', 0)"
    ),
    one_line("switches protections of its process off", Never.ALLOWED, "done(libc.personality(0x40000))"),
    one_line(
        "changes the machine's clock and name",
        Never.ALLOWED,
        "time.clock_settime(time.CLOCK_REALTIME, time.time())",
        "socket.sethostname('learner')",
        "done(libc.setdomainname(b'learner', 7))",
        "done(libc.adjtimex(struct.pack('I', 1) + bytes(300)))",
    ),
    one_line(
        "reads the kernel's log, switches swap and accounting",
        Never.ALLOWED,
        "done(libc.klogctl(3, ctypes.create_string_buffer(100), 100))",
        "done(libc.swapoff(b'/none'))",
        "done(libc.acct(None))",
        "done(libc.vhangup())",
    ),
    one_line(
        "takes memory that belongs to no process",
        Never.ALLOWED,
        "os.memfd_create('x')",
        "call(447, 0)",
        "done(libc.shmget(0, 1 << 20, 0o1600))",
        "done(libc.msgget(0, 0o1600))",
        "done(libc.semget(0, 1, 0o1600))",
        "call((240, 180), b'x', 0o102, 0o600, None)",
    ),
    Escape(
        "calls the kernel in the way of x32",
        Never.ALLOWED,
        "x = ctypes.CDLL(None).syscall(0x40000000 + 39) if X86 else os.kill(os.getpid(), 31)",
        (KILLED,),
    ),
    Escape(
        "calls the kernel in the way of 32 bits",
        Never.ALLOWED,
        """
page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)
page.write(b"\\xb8\\x14\\0\\0\\0\\xcd\\x80\\xc3" if X86 else b"\\0\\0\\0\\0")  # mov eax, 20 (getpid); int 0x80; ret
x = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
""",
        (KILLED,),
    ),
    one_line(
        "raises its limits",
        Never.GROWN,
        *(
            f"limited('{name}', {value})"
            for name in ("NPROC", "DATA", "FSIZE", "NOFILE", "CORE", "MEMLOCK")
            for value in (10**6, -1)
            if (name, value) not in {("DATA", 10**6), ("FSIZE", 10**6)}
        ),
    ),
    Escape(
        "lowers its limits until nothing works",
        Never.HUNG,
        "x = 1\nfor name in ('NOFILE', 'FSIZE', 'NPROC', 'STACK'):\n    resource.setrlimit(getattr(resource, 'RLIMIT_' + name), (0, 0))",
        (FINISHED,),
    ),
)
