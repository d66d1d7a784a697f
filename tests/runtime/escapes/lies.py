"""Programs that lie about what they made, change the tools that observe them, or search for what they should give."""

from __future__ import annotations

from tests.runtime.escapes.escape import (
    ENDED_EARLY,
    FINISHED,
    PROTOCOL_ERROR,
    RAISED,
    SIZES,
    Escape,
    Never,
    Outcome,
)
from tutor.runtime.protocol import Limits, Report
from tutor.runtime.values import SequenceValue, TensorValue


def seen(report: Report) -> object:
    """What was observed as `x`."""
    observation = report.observations.get("x")
    return observation.seen if observation else None


def five_ones(report: Report) -> bool:
    """Whether `x` was seen as what it is: five ones."""
    value = seen(report)
    return (
        isinstance(value, TensorValue)
        and (value.shape, value.dtype) == ((5,), "float32")
        and value.data == b"\x00\x00\x80\x3f" * 5
    )


def lies(tries: str, code: str, *ends: Outcome, shows: object = five_ones) -> Escape:
    """A program whose `x` is really five ones."""
    return Escape(tries, Never.FOOLED, "import torch\n" + code, ends or (FINISHED,), shows=shows)  # type: ignore[arg-type]


def harmless(tries: str, code: str, *ends: Outcome, limits: Limits = SIZES) -> Escape:
    """A program whose hostile value or change has to be survived."""
    return Escape(tries, Never.HUNG, code, ends or (FINISHED,), limits=limits)


ESCAPES = (
    lies(
        "makes a tensor that lies about its shape",
        "class Liar(torch.Tensor):\n    shape = property(lambda self: torch.Size([2, 3]))\n    dtype = torch.int64\n"
        "    size = dim = numel = lambda *_: 6\n    tolist = lambda self: [1, 2]\nx = torch.ones(5).as_subclass(Liar)",
    ),
    lies(
        "makes a tensor that answers for every function of torch",
        "class Liar(torch.Tensor):\n    @classmethod\n    def __torch_function__(cls, function, types, args=(), kwargs=None):\n"
        "        return torch.zeros(7)\nx = torch.ones(5).as_subclass(Liar)",
    ),
    lies(
        "makes a tensor that is equal to all",
        "class Liar(torch.Tensor):\n    __eq__ = __ne__ = lambda *_: torch.tensor(True)\n    __class__ = int\n    __hash__ = lambda self: 1\n"
        "x = torch.ones(5).as_subclass(Liar)",
    ),
    lies(
        "changes how torch compares",
        "torch.equal = torch.allclose = torch.eq = torch.isclose = lambda *_, **__: True\n"
        "torch.Tensor.__eq__ = torch.Tensor.equal = torch.Tensor.allclose = lambda *_, **__: True\nx = torch.ones(5)",
    ),
    lies(
        "changes how torch reads its tensors",
        "for name in ('numpy', 'detach', 'cpu', 'contiguous', 'tolist', 'item', 'view', 'reshape', 'as_subclass', 'numel'):\n"
        "    setattr(torch.Tensor, name, lambda *_, **__: torch.zeros(9))\n"
        "torch.Tensor.shape = property(lambda self: (9, 9))\nx = torch.ones(5)",
    ),
    lies(
        "changes torch itself",
        "x = torch.ones(5)\nfor name in ('zeros', 'no_grad', 'isnan', 'isfinite', 'sum', 'strided', 'uint8', 'Tensor', 'get_rng_state'):\n"
        "    setattr(torch, name, None)",
    ),
    Escape(
        "makes a number that lies",
        Never.FOOLED,
        "class Liar(int):\n    __class__ = float\n    __eq__ = lambda *_: True\n    __index__ = __int__ = lambda self: 42\n    __repr__ = lambda self: '42'\nx = Liar(7)",
        shows=lambda report: getattr(seen(report), "value", None) != 42,
    ),
    Escape(
        "makes a list that lies about its length",
        Never.FOOLED,
        "class Liar(list):\n    __len__ = lambda self: 3\n    __iter__ = lambda self: iter([1, 2, 3])\n    __getitem__ = lambda self, i: i\nx = Liar([7])",
        shows=lambda report: (
            isinstance(value := seen(report), SequenceValue) and (value.length, len(value.items)) == (1, 1)
        ),
    ),
    harmless(
        "makes values that fail at every touch",
        """
class Meta(type):
    __instancecheck__ = __subclasscheck__ = __eq__ = __repr__ = __call__ = lambda *_: 1 / 0
    __hash__ = type.__hash__
    __name__ = property(lambda self: 1 / 0)
def fail(*_):
    raise SystemExit
names = "repr str eq hash bool len iter getattr getattribute reduce reduce_ex format dir int float index array".split()
Bad = Meta("Bad", (), {f"__{name}__": fail for name in names} | {"__class__": property(fail), "__dict__": property(fail)})
x = object.__new__(Bad)
y = [x, {1: x}, (x,)]
""",
    ),
    harmless(
        "makes values that describe themselves without end",
        "class Long:\n    def __repr__(self):\n        return 'y' * 30_000_000\nclass Deep:\n    def __repr__(self):\n        return repr(self)\n"
        "x = [Long(), Deep()] * 20\ny = Long()",
    ),
    harmless("makes values that hold themselves", "x = []\nx.append(x)\ny = {}\ny['y'] = y\nz = (x, y)\nx.append(z)"),
    harmless(
        "makes values whose pickle does harm",
        "class Harm:\n    def __reduce__(self):\n        return os.system, ('touch reduced',)\n    __deepcopy__ = __copy__ = lambda *_: 1 / 0\nx = Harm()",
    ),
    harmless(
        "makes modules that lie",
        """
import torch
class Liar(torch.nn.Module):
    training = property(lambda self: 1 / 0, lambda self, value: None)
    def named_parameters(self, *_, **__):
        while True:
            yield "w", torch.ones(1)
    named_modules = named_buffers = children = modules = named_parameters
    def extra_repr(self):
        raise SystemExit
    def __getattr__(self, name):
        return lambda *_, **__: 1 / 0
x = Liar()
x.__dict__["_modules"] = {"a": x, "\\x1b[31m": x}
""",
    ),
    harmless(
        "gives more than a report holds",
        "import torch\nx = [torch.ones(200_000) for _ in range(60)]\ny = list(range(10**6))",
    ),
    harmless(
        "gives more names than a report holds", "for i in range(20_000):\n    globals()[f'name{i}'] = 'y' * 1000\nx = 1"
    ),
    harmless(
        "gives a tensor of a thousand dimensions",
        "import torch\nx = torch.ones([1] * 60)\ny = torch.ones(0, 3).expand(0, 3)\nz = torch.ones(1).expand(10**12)",
    ),
    harmless(
        "gives what is not finite",
        "import torch\nx = torch.tensor([float('nan'), float('inf'), -float('inf')])\ny = float('nan')\nz = [float('inf')]",
    ),
    harmless(
        "gives a tensor that is no memory",
        "import torch\nx = torch.ones(3, device='meta')\ny = torch.ones(2, 2).to_sparse()\nx = torch.nn.LazyLinear(2)",
    ),
    harmless(
        "breaks a tensor's memory",
        "import torch\nx = torch.ones(1000)\nx.untyped_storage().resize_(0)",
        FINISHED,
        Outcome.KILLED,
    ),
    harmless(
        "replaces the functions that everyone uses",
        "import builtins\nfor name in ('isinstance', 'issubclass', 'getattr', 'hasattr', 'repr', 'str', 'len', 'sorted', 'sum', 'open'):\n"
        "    setattr(builtins, name, lambda *_: 1 / 0)\nx = 1",
        FINISHED,
        RAISED,
        ENDED_EARLY,
        PROTOCOL_ERROR,
    ),
    harmless(
        "changes the runtime in its process",
        """
x = 1
for name, module in list(sys.modules.items()):
    if name.startswith("tutor.runtime"):
        for key, value in list(vars(module).items()):
            if callable(value):
                setattr(module, key, lambda *_, **__: None)
        sys.modules[name] = None
""",
        FINISHED,
        RAISED,
        ENDED_EARLY,
        PROTOCOL_ERROR,
    ),
    harmless(
        "replaces msgspec",
        "import msgspec\nmsgspec.msgpack.encode = lambda *_: b'forged'\nmsgspec.structs.replace = lambda *_, **__: None\n"
        "sys.modules['msgspec'] = None\nx = 1",
        FINISHED,
        ENDED_EARLY,
        PROTOCOL_ERROR,
    ),
    harmless(
        "replaces what is written to",
        "class Odd:\n    def write(self, text):\n        raise SystemExit\n    flush = isatty = fileno = write\nsys.stdout = sys.stderr = Odd()\n"
        "sys.__stdout__ = sys.__stderr__ = None\nx = 1",
    ),
    harmless("closes what is written to", "sys.stdout.close()\ndel sys.stderr\nos.close(1)\nos.close(2)\nx = 1"),
    harmless(
        "traces every line from now on",
        "def trace(*_):\n    raise ValueError('traced')\nx = 1\nsys.settrace(trace)\nsys.setprofile(trace)",
        FINISHED,
        RAISED,
        ENDED_EARLY,
    ),
    harmless(
        "takes the room for calls",
        "x = 1\nsys.setrecursionlimit(len(__import__('inspect').stack()) + 12)",
        FINISHED,
        RAISED,
        ENDED_EARLY,
    ),
    harmless(
        "switches the collector and the hooks",
        "x = 1\ngc.set_threshold(1)\nsys.addaudithook(lambda *_: None)\nsys.excepthook = threading.excepthook = None\nsys.unraisablehook = None",
    ),
    harmless(
        "adds an audit hook that forbids everything",
        "x = 1\ndef forbid(*_):\n    raise RuntimeError('forbidden')\nsys.addaudithook(forbid)",
        FINISHED,
        RAISED,
        ENDED_EARLY,
    ),
    harmless(
        "replaces its own module",
        "x = 1\nsys.modules['__main__'] = None\nglobals()['__builtins__'] = {}",
        FINISHED,
        RAISED,
    ),
    harmless(
        "replaces its clocks",
        "time.perf_counter = time.monotonic = time.time = lambda: float('nan')\nos.getpid = lambda: 1\nx = 1",
    ),
)
