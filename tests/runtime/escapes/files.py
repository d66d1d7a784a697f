"""Programs that are after files: the home folder, passwords, answers, Python itself, everything outside."""

from __future__ import annotations

from tests.runtime.escapes.escape import Escape, Never, one_line, refused

ESCAPES = (
    one_line("reads a file of the home folder", Never.READ, "read(secret)"),
    Escape(
        "lists the home folder",
        Never.READ,
        "x = os.path.basename(secret) in attempt(lambda: os.listdir(folder)) or 'secret' in attempt(*[\n"
        "    (lambda place=place: os.listdir(place)) for place in (os.path.dirname(folder), folder)])",
        sees=False,
    ),
    one_line(
        "reads the password file", Never.READ, "read('/etc/shadow')", "read('/etc/gshadow')", "read('/etc/sudoers')"
    ),
    one_line(
        "reads the answers of the lessons",
        Never.READ,
        "read(package + '/lessons/content/tensors.yaml')",
        "read(package + '/lessons/load.py')",
        "read(package + '/exercise.py')",
        "os.listdir(package + '/lessons')",
        "os.listdir(package + '/checks')",
    ),
    one_line(
        "imports the lessons",
        Never.READ,
        "__import__('tutor.lessons.load')",
        "__import__('tutor.exercise')",
        "__import__('tutor.checks.judge')",
    ),
    refused(
        "follows a symbolic link that it made",
        Never.READ,
        "os.symlink(secret, 'link')\nos.symlink(folder, 'way')\nx = attempt(lambda: read('link'), lambda: read('way/secret'))",
    ),
    refused(
        "follows a long chain of links through /proc",
        Never.READ,
        "os.symlink('/proc/self/root' + secret, 'a')\nos.symlink('/proc/self/cwd/a', 'b')\n"
        "x = attempt(lambda: read('b'), lambda: read('/proc/thread-self/root' + secret))",
    ),
    refused(
        "makes a hard link to a secret",
        Never.READ,
        "def link():\n    os.link(secret, 'hard')\n    return read('hard')\nx = attempt(link)",
    ),
    refused(
        "links a file by a descriptor that it may not read",
        Never.READ,
        """
def by_descriptor(flags, path):
    number = os.open(secret, os.O_PATH)
    source = path or f"/proc/self/fd/{number}"
    done(libc.linkat(number if path == "" else -100, source.encode(), -100, b"hard", flags))
    return read("hard")
x = attempt(lambda: by_descriptor(0x1000, ""), lambda: by_descriptor(0x400, None))
""",
    ),
    refused(
        "opens again what it opened without reading",
        Never.READ,
        "x = attempt(lambda: read(f'/proc/self/fd/{os.open(secret, os.O_PATH)}'))",
    ),
    refused(
        "looks through the roots of other processes",
        Never.READ,
        """
roots = [f"/proc/{who}/{way}" for who in ("self", "1", os.getppid(), tutor, victim) for way in ("root", "cwd")]
x = attempt(*[(lambda root=root: read(root + secret)) for root in roots])
""",
    ),
    refused(
        "climbs out of its folder by open descriptors",
        Never.READ,
        """
def climb():
    at = os.open(".", os.O_PATH)
    for _ in range(40):
        at = os.open("..", os.O_PATH, dir_fd=at)
    return os.read(os.open(secret[1:], os.O_RDONLY, dir_fd=at), 100)
x = attempt(climb, lambda: os.open(secret[1:], os.O_RDONLY, dir_fd=os.open("/", os.O_PATH)))
""",
    ),
    refused(
        "goes to where the secret is",
        Never.READ,
        "def go():\n    os.chdir(folder)\n    return read('secret')\n"
        "x = attempt(go, lambda: os.read(os.open('secret', 0, dir_fd=os.open(folder, os.O_PATH)), 100))",
    ),
    refused(
        "opens by openat2",
        Never.READ,
        "how = struct.pack('QQQ', os.O_RDONLY, 0, 0)\nx = attempt(lambda: os.read(call(437, -100, secret.encode(), how, 24), 100))",
    ),
    refused(
        "opens by a handle of the file",
        Never.READ,
        """
handle = ctypes.create_string_buffer(struct.pack("Ii", 128, 0) + bytes(128))
mount = ctypes.c_int()
def by_handle():
    call((303, 264), -100, secret.encode(), handle, ctypes.byref(mount), 0)
    return os.read(call((304, 265), os.open(".", os.O_RDONLY), handle, 0), 100)
x = attempt(by_handle)
""",
    ),
    Escape(
        "looks for descriptors that were left open",
        Never.READ,
        "def is_open(number):\n    try:\n        return bool(os.fstat(number))\n    except OSError:\n        return False\n"
        "x = str([number for number in range(4, 65536) if is_open(number)])",
        sees="[]",
    ),
    one_line(
        "uses the descriptors of its parent",
        Never.READ,
        "os.listdir(f'/proc/{os.getppid()}/fd')",
        "os.open(f'/proc/{os.getppid()}/fd/0', os.O_RDONLY)",
        "os.open(f'/proc/{tutor}/fd/0', os.O_RDONLY)",
        "os.readlink(f'/proc/{os.getppid()}/fd/3')",
    ),
    Escape(
        "writes wherever it can",
        Never.WRITTEN,
        """
x = 0
for place in places:
    for make in (lambda path: open(path, "w"), os.mkdir, os.mkfifo, lambda path: os.symlink(secret, path)):
        attempt(lambda: make(f"{place}/{mine}-{x}"))
        x += 1
""",
    ),
    Escape(
        "moves and links its files to where others are",
        Never.WRITTEN,
        "open('mine', 'w').write('mine')\nx = 1\n"
        "for place in places:\n    attempt(lambda: os.link('mine', f'{place}/{mine}'))\n"
        "    attempt(lambda: os.rename('mine', f'{place}/{mine}'))",
    ),
    Escape(
        "changes a file of the home folder",
        Never.WRITTEN,
        """
import shutil
x = 1
for change in (
    lambda: open(secret, "a").write("changed"), lambda: open(secret, "r+").write("changed"),
    lambda: os.truncate(secret, 0), lambda: os.open(secret, os.O_TRUNC), lambda: os.unlink(secret),
    lambda: os.rename(secret, secret + "2"), lambda: os.rename("lesson.py", secret), lambda: os.chmod(secret, 0),
    lambda: os.chmod(folder, 0o777), lambda: os.chown(secret, os.getuid(), -1), lambda: os.utime(secret, (1, 1)),
    lambda: os.setxattr(secret, "user.changed", b"1"), lambda: shutil.rmtree(folder), lambda: os.link(secret, secret + "3"),
    lambda: os.chmod(os.open(secret, os.O_PATH), 0), lambda: os.utime(os.open(secret, os.O_PATH), (1, 1)),
    lambda: call(452, os.open(secret, os.O_PATH), b"", 0, 0x1000), lambda: os.chmod(f"/proc/self/root{secret}", 0),
):
    attempt(change)
""",
    ),
    one_line(
        "changes its Python, a package or the runtime",
        Never.WRITTEN,
        "open(os.__file__, 'a')",
        "open(runtime_file, 'a')",
        "open(__import__('torch').__file__, 'a')",
        "open(sys.executable, 'r+')",
        "os.unlink(runtime_file)",
        "os.rename('lesson.py', os.__file__)",
        "os.symlink('lesson.py', os.path.dirname(os.__file__) + '/sitecustomize.py')",
    ),
    one_line(
        "makes a device of a disk",
        Never.READ,
        "os.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0))",
        "os.mknod('memory', 0o600 | stat.S_IFCHR, os.makedev(1, 1))",
    ),
    Escape(
        "opens every device",
        Never.READ,
        """
x = []
for path in [entry.path for entry in os.scandir("/dev")] if "did" in attempt(lambda: os.listdir("/dev")) else []:
    if stat.S_ISBLK(os.stat(path).st_mode) or stat.S_ISCHR(os.stat(path).st_mode):
        if "did" in attempt(lambda: os.open(path, os.O_RDONLY | os.O_NONBLOCK)):
            x.append(os.path.basename(path))
more = ["/dev/vda", "/dev/sda", "/dev/mem", "/dev/kmsg", "/dev/tty", "/dev/ptmx", "/dev/fuse", "/dev/kvm", "/dev/net/tun"]
x += [path for path in more if "did" in attempt(lambda: os.open(path, os.O_RDWR))]
x = str(sorted(set(x) - {"null", "zero", "full", "random", "urandom", "stdin", "stdout", "stderr"}))
""",
        sees="[]",
    ),
    one_line(
        "reads the kernel's files",
        Never.READ,
        "os.open('/proc/kcore', os.O_RDONLY)",
        "os.open('/proc/kmsg', os.O_RDONLY)",
        "read('/proc/1/environ')",
        "os.listdir('/sys/kernel/debug')",
        "os.listdir('/sys/firmware')",
    ),
    one_line(
        "changes settings of the kernel",
        Never.WRITTEN,
        "os.open('/proc/sysrq-trigger', os.O_WRONLY)",
        "os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY)",
        "os.open('/proc/sys/vm/drop_caches', os.O_WRONLY)",
        "os.mkdir('/sys/fs/cgroup/' + mine)",
        "os.open('/sys/fs/cgroup/cgroup.procs', os.O_WRONLY)",
        "os.open('/proc/self/oom_score_adj', os.O_WRONLY)",
        "os.open('/proc/self/uid_map', os.O_WRONLY)",
    ),
    refused(
        "watches what others do in the home folder",
        Never.READ,
        "x = attempt(lambda: done(libc.inotify_add_watch(libc.inotify_init1(0), folder.encode(), 0xFFF)),\n"
        "    lambda: call((300, 262), 0, 0))",
    ),
    Escape(
        "becomes root",
        Never.ALLOWED,
        """
for become in (lambda: os.setuid(0), lambda: os.setresuid(-1, 0, -1), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try:
        become()
    except OSError:
        pass
x = str([*os.getresuid(), *os.getresgid(), *os.getgroups()].count(0))
""",
        sees="0",
    ),
    Escape(
        "runs programs that change the user",
        Never.ALLOWED,
        """
found = [path for place in ("/usr/bin", "/bin", "/usr/sbin") for path in glob.glob(place + "/*")
         if os.stat(path).st_mode & stat.S_ISUID]
shown = [subprocess.run([path, "--version"], capture_output=True, timeout=5) for path in found[:3]]
x = open("/proc/self/status").read().partition("NoNewPrivs:")[2].split()[0]
""",
        sees="1",
    ),
)
