"""Programs that are after the network and after the sockets of the machine's own services."""

from __future__ import annotations

from tests.runtime.escapes.escape import Escape, Never, one_line, refused

ESCAPES = (
    one_line(
        "connects to a port of this machine",
        Never.REACHED,
        "socket.create_connection(('127.0.0.1', port), 2)",
        "socket.create_connection(('localhost', port), 2)",
        "socket.create_connection(('::1', port), 2)",
        "socket.create_connection(('::ffff:127.0.0.1', port), 2)",
        "socket.create_connection(('0.0.0.0', port), 2)",
    ),
    refused(
        "connects with other kinds of TCP",
        Never.REACHED,
        """
def fast_open():
    with socket.socket() as one:
        return one.sendto(b"hello", 0x20000000, ("127.0.0.1", port))
def multipath():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as one:
        return one.connect(("127.0.0.1", port))
x = attempt(fast_open, multipath)
""",
    ),
    Escape(
        "sends datagrams to this machine",
        Never.REACHED,
        """
def send(family, host):
    with socket.socket(family, socket.SOCK_DGRAM) as one:
        return one.sendto(b"hello", (host, udp_port))
x = str([attempt(lambda: send(socket.AF_INET, host)) for host in ("127.0.0.1", "0.0.0.0")] and 1)
attempt(lambda: send(socket.AF_INET6, "::ffff:127.0.0.1"))
""",
        sees="1",
    ),
    one_line(
        "connects to the world",
        Never.REACHED,
        "socket.create_connection(('192.0.2.1', 80), 2)",
        "socket.create_connection(('169.254.169.254', 80), 2)",
        "socket.create_connection(('2001:db8::1', 80), 2)",
    ),
    refused(
        "asks a name server",
        Never.REACHED,
        """
def ask():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.connect(("192.0.2.53", 53))
        return one.send(b"question")
x = attempt(ask)
try:
    x = socket.gethostbyname("example.com")
except socket.gaierror:
    pass
""",
    ),
    refused(
        "connects to a local socket by its path",
        Never.REACHED,
        "def connect(address):\n    with socket.socket(socket.AF_UNIX) as one:\n        return one.connect(address)\n"
        "x = attempt(lambda: connect(stream_path), lambda: connect('/run/docker.sock'), lambda: connect('/run/dbus/system_bus_socket'))",
    ),
    refused(
        "connects to an abstract local socket",
        Never.REACHED,
        "def connect(address):\n    with socket.socket(socket.AF_UNIX) as one:\n        return one.connect(address)\n"
        "x = attempt(lambda: connect(abstract))",
    ),
    refused(
        "sends to a local datagram socket",
        Never.REACHED,
        "def send(address):\n    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:\n        return one.sendto(b'x', address)\n"
        "x = attempt(lambda: send(datagram_path), lambda: send(abstract + '-datagram'), lambda: send('/dev/log'))",
    ),
    refused(
        "turns one of a pair of sockets to someone else",
        Never.REACHED,
        """
def turned(kind, how, address):
    one, other = socket.socketpair(socket.AF_UNIX, kind)
    try:
        return getattr(one, how)(*((b"x", address) if how == "sendto" else (address,)))
    except OSError as error:
        if error.errno in (errno.EISCONN, errno.EINVAL, errno.EOPNOTSUPP, errno.EPROTOTYPE):
            raise PermissionError(errno.EPERM, "a stream stays with its other end")
        raise
x = attempt(*[
    (lambda kind=kind, how=how, address=address: turned(kind, how, address))
    for kind in (socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_STREAM)
    for how in ("sendto", "connect") if how == "connect" or kind == socket.SOCK_DGRAM
    for address in (datagram_path, stream_path, abstract, abstract + "-datagram")
])
""",
    ),
    one_line(
        "opens sockets below the protocols",
        Never.ALLOWED,
        "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
        "socket.socket(socket.AF_INET6, socket.SOCK_RAW, 58)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
        "socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0x300)",
    ),
    one_line(
        "opens sockets to the kernel",
        Never.ALLOWED,
        *(f"socket.socket(16, socket.SOCK_RAW, {protocol})" for protocol in (4, 6, 9, 12, 15, 16, 20)),
        "socket.socket(38, socket.SOCK_SEQPACKET)",
        "socket.socket(15, socket.SOCK_RAW, 2)",
    ),
    one_line(
        "opens sockets of other families",
        Never.ALLOWED,
        *(f"socket.socket({family}, {kind})" for family in (21, 29, 30, 31, 40, 41, 44) for kind in (1, 2, 5)),
    ),
    refused(
        "changes routes and addresses",
        Never.ALLOWED,
        """
def change(kind):
    with socket.socket(16, socket.SOCK_RAW, 0) as one:
        one.bind((0, 0))
        body = struct.pack("BBBBI", 2, 8, 0, 0, 1) + struct.pack("HH4s", 8, 2, bytes([10, 9, 8, 7]))
        one.send(struct.pack("IHHII", 16 + len(body), kind, 0x605, 1, 0) + body)
        answer = struct.unpack_from("i", one.recv(1000), 16)[0]
        if answer:
            raise OSError(-answer, "refused")
        return "changed"
x = attempt(lambda: change(20))
""",
    ),
)
