"""Programs that write too much, or what a terminal would obey."""

from __future__ import annotations

from tests.runtime.escapes.escape import FINISHED, OUTPUT_LIMIT, RAISED, Escape, Never, Outcome
from tutor.runtime.protocol import Report

_CODES = "\\x1b[2J\\x1b]0;title\\x07\\x1b]52;c;aGk=\\x07\\x9b31m\\x90q\\x9c\\x7f\\x08\\u202e\\u2066"


def writes(tries: str, code: str) -> Escape:
    """A program that writes more than it may."""
    return Escape(tries, Never.GROWN, code, (OUTPUT_LIMIT,), shows=bounded)


def bounded(report: Report) -> bool:
    """Whether what was kept of the output is within its limit (64 KB, each byte at most four characters)."""
    return len(report.stdout) + len(report.stderr) <= 4 * 64 * 1024


def raw(tries: str, code: str, *ends: Outcome) -> Escape:
    """A program that brings codes of the terminal into what is shown of it."""
    return Escape(tries, Never.RAW, f"codes = '{_CODES}'\n{code}", ends or (FINISHED,))


ESCAPES = (
    writes("prints without end", "while True:\n    print('line after line')"),
    writes("prints one line without end", "while True:\n    print('y', end='')"),
    writes("writes errors without end", "while True:\n    os.write(2, b'y' * 65536)"),
    writes("has a child print without end", "subprocess.run(['yes'])"),
    writes("prints codes without end", "while True:\n    os.write(1, b'\\x1b\\x9b\\xff' * 1000)"),
    writes(
        "prints from threads and children without end",
        "def loud():\n    while True:\n        os.write(1, b'loud ' * 100)\nfor _ in range(4):\n    threading.Thread(target=loud, daemon=True).start()\n"
        "    if os.fork() == 0:\n        loud()\ntime.sleep(20)",
    ),
    raw(
        "prints codes of the terminal",
        "print(codes)\nprint(codes, file=sys.stderr)\nos.write(1, codes.encode())\nx = 1",
    ),
    raw(
        "prints codes byte by byte",
        "for byte in b'\\x1b[31m\\xc2\\x9b31m':\n    os.write(1, bytes([byte]))\n    time.sleep(0.01)\nx = 1",
    ),
    raw(
        "prints what is no UTF-8",
        "os.write(1, bytes(range(256)))\nos.write(2, b'\\xed\\xa0\\x80\\xc0\\xaf\\xf5')\nx = 1",
    ),
    raw("prints lone surrogates", "print('\\ud800 \\udc80')\nx = '\\ud800'\nprint(x, file=sys.stderr)"),
    raw("raises codes", "raise ValueError(codes)", RAISED),
    raw("raises an error named by codes", "raise type(codes, (Exception,), {})(codes)", RAISED),
    raw(
        "names a function by codes",
        "def f(): 1 / 0\nf.__code__ = f.__code__.replace(co_name=codes, co_qualname=codes)\nf()",
        RAISED,
    ),
    raw("has codes in its own text", "x = 1\nexec(compile('1 / 0', 'lesson.py', 'exec'))", RAISED),
    raw("names variables by codes", "globals()[codes] = 1\nglobals()['\\ud800' + codes] = [codes]\nx = 1"),
    raw(
        "describes values by codes",
        "class Odd:\n    def __repr__(self):\n        return codes + '\\ud800'\nx = [Odd(), {codes: codes}, codes, type(codes, (), {})()]",
    ),
    raw(
        "names layers and classes by codes",
        "import torch\nclass Net(torch.nn.Module):\n    def extra_repr(self):\n        return codes\nNet.__name__ = codes\nx = Net()\n"
        "x.register_buffer('b' + codes.replace('.', ''), torch.ones(1))\nx._parameters[codes + '\\ud800'] = torch.nn.Parameter(torch.ones(1))\n"
        "x._modules[codes] = Net()\nx(torch.ones(1)) if False else None",
    ),
    raw(
        "names what the trace shows by codes",
        "import torch\nclass Net(torch.nn.Linear):\n    pass\nNet.__name__ = codes\nnet = Net(1, 1)\n"
        "Odd = type(codes, (torch.optim.SGD,), {})\nopt = Odd(net.parameters(), lr=0.1)\nnet(torch.ones(1)).backward()\nopt.step()\nx = 1",
    ),
    raw(
        "names what the trace shows by surrogates",
        "import torch\nclass Net(torch.nn.Linear):\n    pass\nNet.__name__ = '\\ud800'\nNet(1, 1)(torch.ones(1))\nx = 1",
        FINISHED,
        RAISED,
    ),
)
