"""Programs that send what is no report, or keep one from being sent."""

from __future__ import annotations

from tests.runtime.escapes.escape import (
    ENDED_EARLY,
    ENDLESS,
    FINISHED,
    PROTOCOL_ERROR,
    RAISED,
    SIZES,
    TIMED_OUT,
    Escape,
    Never,
    Outcome,
    value_of,
)
from tutor.runtime.protocol import Report

_FORGED = "forged"


def unforged(report: Report) -> bool:
    """Whether nothing of a forged answer came through."""
    return value_of(report) != _FORGED


def sends(tries: str, code: str, *ends: Outcome) -> Escape:
    """A program that writes to the pipe of the report itself."""
    return Escape(tries, Never.BELIEVED, code, ends or (PROTOCOL_ERROR,), shows=unforged)


def ends(tries: str, code: str, *outcomes: Outcome, **fields: object) -> Escape:
    """A program that ends in an odd way."""
    return Escape(tries, Never.BELIEVED, code, outcomes, **fields)  # type: ignore[arg-type]


_ANSWER = "{'probe': 'x', 'seen': {'t': 'plain', 'type': 'str', 'value': 'forged'}}"
ESCAPES = (
    sends("writes noise to the report", "os.write(3, b'\\xff' * 1000)\nx = 1"),
    sends("writes a frame of noise", "os.write(3, frame(b'abcd'))\nx = 1"),
    sends("writes an empty frame", "os.write(3, bytes(4))\nx = 1"),
    sends("starts a second time", "os.write(3, frame({'t': 'started', 'at': 0.0}))\nx = 1"),
    sends("sends a result without an answer", "os.write(3, frame({'t': 'result'}))\nos._exit(0)"),
    sends(
        "sends an answer to what was not asked",
        "os.write(3, frame({'t': 'result', 'observations': [{'probe': 'y'}]}))\nos._exit(0)",
    ),
    sends(
        "sends two answers",
        f"os.write(3, frame({{'t': 'result', 'observations': [{_ANSWER}, {_ANSWER}]}}))\nos._exit(0)",
    ),
    sends(
        "sends an answer of the wrong kind",
        "os.write(3, frame({'t': 'result', 'observations': [[1, 2]]}))\nos._exit(0)",
    ),
    sends(
        "sends a value that is no value",
        "os.write(3, frame({'t': 'result', 'seconds': 'forged', 'observations': []}))\nos._exit(0)",
    ),
    sends("sends text that is no UTF-8", "os.write(3, frame(b'\\x81\\xa1t\\xa7\\xff\\xfesult'))\nos._exit(0)"),
    sends("sends a message of an unknown kind", "os.write(3, frame({'t': 'ended', 'code': 0}))\nx = 1"),
    sends("sends what is nested without end", "os.write(3, frame(b'\\x91' * 60000))\nx = 1"),
    sends("says that it will send 4 GB", "os.write(3, b'\\xff\\xff\\xff\\xff')\nos._exit(0)"),
    sends(
        "sends half a result",
        f"os.write(3, frame({{'t': 'result', 'observations': [{_ANSWER}]}})[:-5])\nos._exit(0)",
        ENDED_EARLY,
    ),
    sends(
        "sends without end",
        "data = frame({'t': 'trace', 'events': []}) * 1000\nwhile True:\n    os.write(3, data)",
    ),
    sends("sends slowly, without end", "while True:\n    os.write(3, b'\\1')\n    time.sleep(0.001)"),
    sends(
        "sends a million events at once",
        "body = b'\\x82\\xa1t\\xa5trace\\xa6events\\xdd' + (10**6).to_bytes(4, 'big') + b'\\x93\\xa4item\\0\\0' * 10**6\n"
        "os.set_blocking(3, True)\ndata = memoryview(frame(body))\nwhile data:\n    data = data[os.write(3, data):]\nx = 1",
    ),
    sends(
        "sends a result of millions of small values",
        "one = b'\\x83\\xa1t\\xa5plain\\xa4type\\xa0\\xa5value\\0'\ncount = 300_000\n"
        "body = (b'\\x82\\xa1t\\xa6result\\xacobservations\\x91\\x82\\xa5probe\\xa1x\\xa4seen\\x84\\xa1t\\xa8sequence\\xa4type\\xa0'\n"
        "    b'\\xa6length\\0\\xa5items\\xdd' + count.to_bytes(4, 'big') + one * count)\n"
        "data = memoryview(frame(body))\nwhile data:\n    data = data[os.write(3, data):]\nos._exit(0)",
    ),
    Escape(
        "sends a good result with times that are no times",
        Never.FOOLED,
        "nan, endless = float('nan'), float('inf')\n"
        f"os.write(3, frame({{'t': 'result', 'seconds': nan, 'peak_mb': endless, 'observations': [{_ANSWER}]}}))\ntime.sleep(9)",
        shows=lambda report: 0 <= report.seconds < 20 and report.peak_mb == 0.0,
    ),
    Escape(
        "sends more after its result",
        Never.BELIEVED,
        "x = 1\ndef later():\n    while True:\n        os.write(3, frame({'t': 'result', 'device': 'forged'}))\n        print('late', flush=True)\n"
        "os.write(3, frame({'t': 'trace', 'events': []}))\nimport tutor.runtime.child as child\nkept = child._send_bounded\n"
        "def both(*arguments):\n    kept(*arguments)\n    later()\nchild._send_bounded = both",
        sees=1,
        shows=lambda report: report.device == "cpu",
    ),
    # ---- without a report --------------------------------------------------------------------------------------------
    ends("closes every descriptor", "os.closerange(0, 256)\nx = 1", ENDED_EARLY),
    ends("closes the pipe of the report", "os.close(3)\nx = 1", ENDED_EARLY),
    ends(
        "puts a file in place of the report", "os.dup2(os.open('mine', os.O_CREAT | os.O_RDWR), 3)\nx = 1", ENDED_EARLY
    ),
    ends(
        "leaves from what it registered for the end", "import atexit\natexit.register(os._exit, 0)\nx = 1", ENDED_EARLY
    ),
    ends(
        "raises from what it registered for the end",
        "import atexit\natexit.register(lambda: 1 / 0)\nx = 1",
        FINISHED,
        RAISED,
    ),
    ends("never ends at the end", "import atexit\natexit.register(time.sleep, 1000)\nx = 1", TIMED_OUT, limits=ENDLESS),
    ends(
        "leaves while it is looked at",
        "class Leaving:\n    def __repr__(self):\n        os._exit(0)\nx = Leaving()",
        ENDED_EARLY,
    ),
    ends(
        "closes the report while it is looked at",
        "class Closing:\n    def __repr__(self):\n        os.close(3)\n        return 'x'\nx = Closing()",
        ENDED_EARLY,
    ),
    ends("leaves by sys.exit", "x = 1\nsys.exit()", FINISHED, sees=1),
    ends("leaves by sys.exit with a code", "sys.exit(3)", RAISED),
    ends("leaves by sys.exit with a huge code", "sys.exit(10**1000)", RAISED),
    ends(
        "leaves by sys.exit with an object",
        "class Odd:\n    def __repr__(self):\n        raise ValueError\n    __str__ = __repr__\nsys.exit(Odd())",
        RAISED,
    ),
    ends(
        "leaves by a kind of exit of its own",
        "class Leave(SystemExit):\n    @property\n    def code(self):\n        os.close(0)\n        raise KeyboardInterrupt\nraise Leave",
        RAISED,
    ),
    ends("raises an interrupt", "raise KeyboardInterrupt", RAISED),
    ends("raises the end of a generator", "raise GeneratorExit", RAISED),
    ends(
        "raises an error that fails when it is described",
        "class Bad(Exception):\n    def __str__(self):\n        raise self\n    __repr__ = __str__\n    args = property(__str__)\n"
        "    __traceback__ = property(__str__)\n    __cause__ = property(__str__)\nraise Bad",
        RAISED,
    ),
    ends(
        "raises an error with causes without end",
        "first = error = ValueError('x')\nfor i in range(100_000):\n    error.__cause__ = ValueError(str(i))\n    error = error.__cause__\nerror.__cause__ = first\nraise first",
        RAISED,
    ),
    ends(
        "raises a huge group of errors",
        "raise ExceptionGroup('many', [ValueError('x' * 1000) for _ in range(10_000)])",
        RAISED,
    ),
    ends("raises a huge message", "raise ValueError('y' * 50_000_000)", RAISED, limits=SIZES),
    ends("can't be parsed", "x = (", RAISED),
    ends("is no text", "x = '\\0'\nexec('x = \"\\ud800\"')", RAISED, FINISHED),
    ends("asks for input", "x = input('name? ')", RAISED),
)
