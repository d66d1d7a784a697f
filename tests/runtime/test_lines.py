"""Lines are watched without a trace in the program: it does, says and raises what it would have done unwatched."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import io
import linecache
import pickle
import signal
import traceback
import warnings
from typing import Any

import pytest
import torch

from tutor.runtime import errors
from tutor.runtime.lines import Lines
from tutor.runtime.protocol import Job, ValueProbe
from tutor.runtime.values import LineShape, LoopCount

FILE = "lesson.py"


def run(code: str, watch: bool = True) -> tuple[Lines, dict[str, Any], BaseException | None]:
    """A program in a namespace of its own, and what it raised."""
    lines = Lines()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    linecache.cache[FILE] = (len(code), None, [f"{line}\n" for line in code.split("\n")], FILE)
    try:
        exec(lines.compiled(Job(code=code, filename=FILE)) if watch else compile(code, FILE, "exec"), namespace)
    except BaseException as error:
        return lines, namespace, error
    return lines, namespace, None


def shapes(code: str) -> list[tuple[int, str, str, tuple[int, ...], tuple[int, ...], int]]:
    """What was seen of a program that ends well, as plain tuples."""
    lines, _, error = run(code)
    assert error is None
    return [(s.line, s.name, s.dtype, s.first, s.last, s.times) for s in lines.shapes()]


# ---- what is seen -----------------------------------------------------------------------------------------------

F32 = "float32"
SEEN = {
    "an assignment": ("x = torch.ones(2, 3)", [(2, "x", F32, (2, 3), (2, 3), 1)]),
    "no number": ("x = 1\ny = 2.0 * x\nz = [torch.ones(1)]", []),
    "two names": ("x = y = torch.ones(2)", [(2, "x", F32, (2,), (2,), 1), (2, "y", F32, (2,), (2,), 1)]),
    "a tuple": (
        "(x, (y, *z)), n = (torch.ones(1), (torch.ones(2), 3)), 4",
        [(2, "x", F32, (1,), (1,), 1), (2, "y", F32, (2,), (2,), 1)],
    ),
    "a sum": ("x = torch.ones(2)\nx += 1", [(2, "x", F32, (2,), (2,), 1), (3, "x", F32, (2,), (2,), 1)]),
    "an annotation": ("x: torch.Tensor = torch.ones(2)\ny: int", [(2, "x", F32, (2,), (2,), 1)]),
    "an expression": ("if (x := torch.ones(2)).sum() > 0:\n    pass", [(2, "x", F32, (2,), (2,), 1)]),
    "a with": (
        "import contextlib\nwith contextlib.nullcontext(torch.ones(2)) as x:\n    pass",
        [(3, "x", F32, (2,), (2,), 1)],
    ),
    "a loop": ("for x in torch.ones(4, 2):\n    pass", [(2, "x", F32, (2,), (2,), 4)]),
    "first and last": (
        "x = torch.ones(1)\nfor _ in range(3):\n    x = torch.cat([x, x])",
        [(2, "x", F32, (1,), (1,), 1), (4, "x", F32, (2,), (8,), 3)],
    ),
    "a function": (
        "def f(n):\n    h = torch.ones(n)\n    return h\nf(2)\nf(3)",
        [(3, "h", F32, (2,), (3,), 2)],
    ),
    "a method with a private name": (
        "class A:\n    w = torch.ones(1)\n    def f(self):\n        __z = torch.ones(5)\n        return __z\nA().f()",
        [(5, "__z", F32, (5,), (5,), 1)],
    ),
    "a branch of a match": (
        "match 1:\n    case 1:\n        x = torch.ones(2)\n    case _:\n        x = torch.ones(3)",
        [(4, "x", F32, (2,), (2,), 1)],
    ),
    "a try": (
        "try:\n    x = torch.ones(2)\n    1 / 0\nexcept ZeroDivisionError:\n    x = torch.ones(3)\n"
        "finally:\n    y = torch.ones(4)",
        [(3, "x", F32, (2,), (2,), 1), (6, "x", F32, (3,), (3,), 1), (8, "y", F32, (4,), (4,), 1)],
    ),
    "dtypes": (
        "x = torch.ones(2, dtype=torch.bfloat16)\nx = torch.ones(2, dtype=torch.complex64)",
        [(2, "x", "bfloat16", (2,), (2,), 1), (3, "x", "complex64", (2,), (2,), 1)],
    ),
    "arrays and parameters": (
        "import numpy\nx = numpy.ones((2, 1))\ny = torch.nn.Parameter(torch.ones(3))",
        [(3, "x", "float64", (2, 1), (2, 1), 1), (4, "y", F32, (3,), (3,), 1)],
    ),
    "a changing kind of value": (
        "for x in (1, torch.ones(2), 'a', torch.ones(3), None):\n    pass",
        [(2, "x", F32, (2,), (3,), 2)],
    ),
    "no module, no nested tensor": (
        "x = torch.nn.Linear(1, 1)\ny = torch.nested.nested_tensor([torch.ones(1), torch.ones(2)])",
        [],
    ),
    "a mode of the program": (
        "with torch.device('meta'):\n    x = torch.ones(2)",
        [(3, "x", F32, (2,), (2,), 1)],
    ),
    "what torch.func maps over": (
        "from torch import func\ndef f(x):\n    y = x * 2\n    return y.sum()\nfunc.grad(f)(torch.ones(3))",
        [(4, "y", F32, (3,), (3,), 1)],
    ),
}


@pytest.mark.parametrize(("code", "seen"), SEEN.values(), ids=SEEN.keys())
def test_of_a_line_is_seen(code: str, seen: list[Any]) -> None:
    assert shapes(f"import torch\n{code}\n") == seen


def test_whether_the_last_one_requires_a_gradient_is_seen() -> None:
    lines, _, _ = run("import torch\nx = torch.ones(2, requires_grad=True)\ny = x.detach()\nz = x * 2\n")
    assert [(shape.name, shape.grad) for shape in lines.shapes()] == [("x", True), ("y", False), ("z", True)]


def test_turns_of_loops_are_counted_exactly() -> None:
    lines, _, _ = run(
        "n = 0\nfor i in range(5):\n    for j in range(3):\n        if j == 1:\n            continue\n"
        "        n += 1\n    while True:\n        break\nfor k in ():\n    pass\n"
    )
    assert lines.loops() == (
        LoopCount(line=2, times=5, last_line=8, kind="for", turns=5),
        LoopCount(line=3, times=15, last_line=6, kind="for", turns=3),
        LoopCount(line=7, times=5, last_line=8, kind="while", turns=1),
    )


def test_tensors_are_not_held() -> None:
    code = "import torch, weakref\nx = torch.ones(3)\nkept = weakref.ref(x)\nx = None\ngone = kept() is None\n"
    assert run(code)[1]["gone"] is True


def test_subclasses_and_modes_of_the_program_are_not_asked() -> None:
    code = """
import torch
from torch.overrides import TorchFunctionMode
asked = []
class Loud(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        asked.append(func)
        return super().__torch_function__(func, types, args, kwargs or {})
class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls):
        return torch.Tensor._make_wrapper_subclass(cls, (3,), dispatch_sizes_strides_policy="sizes")
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        asked.append(func)
        return (3,)
class Mode(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        asked.append(func)
        return func(*args, **(kwargs or {}))
class Odd(type):
    def __eq__(self, other): asked.append("eq")
    def __hash__(self): asked.append("hash")
class Value(metaclass=Odd):
    def __getattribute__(self, name): asked.append(name)
plain = torch.ones(2)
loud = torch.Tensor._make_subclass(Loud, plain)
wrapper = Wrapper()
value = Value()
with Mode():
    under = plain
"""
    lines, namespace, error = run(code)
    assert error is None
    assert namespace["asked"] == []
    assert [shape.name for shape in lines.shapes()] == ["plain", "loud", "under"]


# ---- what is not seen -------------------------------------------------------------------------------------------

ENDS = {
    "an error in an expression": "x = 1\nfor i in range(2):\n    y = (x + i) / (x - 1)  # here\n",
    "an error two calls deep": "def f(a):\n    b = a + 1\n    return g(b)\ndef g(c):\n    d = c[0]\n    return d\ne = f(1)\n",
    "an error in a walrus": "if (n := len(3)) > 1:\n    pass\n",
    "an error in the iterable": "for i in 3:\n    pass\n",
    "an error in the target": "for a, b in [(1, 2, 3)]:\n    pass\n",
    "a missing name": "x = 1\ny = x + zz\n",
    "an exception group": "x = 1\nraise ExceptionGroup('several', [ValueError(x), TypeError()])\n",
    "a chain of errors": "try:\n    x = 1 / 0\nexcept ZeroDivisionError as error:\n    y = {}['key']\n",
    "endless recursion": "def f(n):\n    m = n\n    while True:\n        m = m + 1\n        return f(m)\nx = f(0)\n",
    "a syntax error": "x = 1\nfor i in range(3)\n    pass\n",
    "an error of the symbol table": "x = 1\ndef f():\n    y = 2\n    nonlocal z\n",
    "a return outside of a function": "for i in range(3):\n    return i\n",
    "an import of the future too late": "x = 1\nfrom __future__ import annotations\n",
    "an indentation error": "if 1:\nx = 2\n",
    "a null byte": "x = 1\0\n",
    "an assertion": "x = 1\nassert x == 2, 'not equal'\n",
    "a multi-line statement": "x = [\n    1,\n    2,\n    1 / 0,\n]\n",
}


@pytest.mark.parametrize("code", ENDS.values(), ids=ENDS.keys())
def test_errors_are_the_same(code: str) -> None:
    (_, _, watched), (_, _, plain) = run(code), run(code, watch=False)
    assert watched is not None
    assert plain is not None
    assert errors.report(watched, {FILE: "code"}) == errors.report(plain, {FILE: "code"})
    assert _own_part(watched) == _own_part(plain)
    assert getattr(watched, "end_offset", None) == getattr(plain, "end_offset", None)


def _own_part(error: BaseException) -> list[str]:
    """The traceback without the frames of this test."""
    whole = traceback.TracebackException.from_exception(error)
    whole.stack[:] = [frame for frame in whole.stack if frame.filename == FILE]
    return list(whole.format())


TEXT = '''"""The module."""
from __future__ import annotations
import sys
x = 1
def f(a: Unknown) -> None:
    """The function."""
    b = a
    for i in range(2):
        b = i
    here = sys._getframe()
    return sorted(locals()), here.f_lineno, [*here.f_code.co_varnames]
class A:
    """The class."""
    for name in ("one", "two"):
        last = name
    def g(self):
        """The method."""
        for c in (1,):
            d = c
        return d
def stream(n):
    for k in range(n):
        got = yield k
y = f(x)
names = sorted(name for name in globals() if name != "__builtins__")
attributes = sorted(vars(A))
h = lambda: (z := 3)
every = [h(), A().g(), *stream(3)]
'''


def test_the_program_sees_nothing() -> None:
    (_, watched, error), (_, plain, _) = run(TEXT), run(TEXT, watch=False)
    assert error is None
    for name in ("y", "names", "attributes", "every", "__doc__"):
        assert watched[name] == plain[name]
    assert watched["f"].__doc__ == "The function."
    assert watched["A"].__doc__ == "The class."
    assert watched["f"].__annotations__ == {"a": "Unknown", "return": "None"}
    for thing, same in ((watched["f"], plain["f"]), (watched["A"].g, plain["A"].g), (watched["h"], plain["h"])):
        assert inspect.getsource(thing) == inspect.getsource(same)


def test_warnings_of_the_compiler_are_given_once() -> None:
    for code in ("x = 1\ny = x is 1\n", "x = '\\d'\n", "x = 1\ny = x is 1\nreturn\n"):
        found = []
        for watch in (True, False):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                run(code, watch)
            found.append([(str(w.message), w.lineno, w.filename) for w in caught])
        assert found[0] == found[1]
        assert len(found[0]) == 1


@pytest.mark.parametrize(
    "code",
    ["x = 1" + " + 1" * 5000, "x = " + "(" * 150 + "1" + ")" * 150, "if x:\n  pass\n" + "elif x:\n  y = 1\n" * 3000],
)
def test_a_program_too_deep_to_be_changed_is_run_as_it_is(code: str) -> None:
    (_, watched, error), (_, plain, same) = run(f"x = 0\n{code}"), run(f"x = 0\n{code}", watch=False)
    assert type(error) is type(same)
    assert watched.get("x") == plain.get("x")


def test_functions_that_torch_compiles_are_left_alone() -> None:
    code = """
import torch
def f(x):
    total = torch.zeros(3)
    for i in range(3):
        y = x * i
        total = total + y
    return total
x = torch.ones(3)
out = torch.compile(f, backend="eager", fullgraph=True)(x)
for i in range(2):
    out = out + 1
"""
    lines, namespace, error = run(code)
    assert error is None
    assert namespace["out"].tolist() == [5.0, 5.0, 5.0]
    assert [(shape.line, shape.name) for shape in lines.shapes()] == [(9, "x"), (10, "out"), (12, "out")]
    assert [loop.line for loop in lines.loops()] == [11]


COMPILED = {
    "a trace": "torch.jit.trace(f, torch.ones(2)).graph.str()",
    "a script": "torch.jit.script(f).graph.str()",
    "a symbolic trace": "torch.fx.symbolic_trace(f).code",
    "an export": "torch.export.export(M(), (torch.ones(2),)).graph_module.code",
    "a map": "torch.vmap(f)(torch.ones(3, 2)).tolist()",
}


@pytest.mark.parametrize("expression", COMPILED.values(), ids=COMPILED.keys())
def test_what_looks_into_functions_finds_them_as_they_are(expression: str) -> None:
    code = (
        "import torch\ndef f(x):\n    y = x * 2\n    for i in range(2):\n        y = y + x\n    return y\n"
        "class M(torch.nn.Module):\n    def forward(self, x):\n        h = f(x)\n        return h\n"
        f"made = {expression}\n"
    )
    (_, watched, error), (_, plain, _) = run(code), run(code, watch=False)
    assert error is None
    assert watched["made"] == plain["made"]


def test_functions_are_left_alone_where_the_course_compiles_them() -> None:
    code = "import torch\ndef f():\n    x = torch.ones(1)\n    return x\nf()\n"
    for job in (
        Job(code=code, given="g = torch.compile(f)"),
        Job(code=code, probes=(ValueProbe("a", "torch.jit.script(f)"),)),
    ):
        lines = Lines()
        exec(lines.compiled(job), {})
        assert lines.shapes() == ()


def test_a_pattern_of_re_is_no_compiler() -> None:
    code = "import re, torch\ndef f():\n    x = torch.ones(1)\n    return re.compile('x')\nf()\n"
    assert shapes(code) == [(3, "x", "float32", (1,), (1,), 1)]


def test_what_code_objects_hold_can_be_sent_to_another_process() -> None:
    _, namespace, _ = run("def f():\n    x = g()\n    for i in x:\n        pass\n")
    pickle.loads(pickle.dumps(namespace["f"].__code__.co_consts))


def test_builtins_that_the_program_replaces_change_nothing() -> None:
    code = "import torch\nx = 'a'\nx = torch.ones(1)\nx = torch.ones(2).numpy()\n"
    lines = Lines()
    compiled = lines.compiled(Job(code=code))
    kept = {name: getattr(builtins, name) for name in ("type", "issubclass", "getattr", "any")}
    try:
        vars(builtins).update(dict.fromkeys(kept))
        exec(compiled, {})
    finally:
        vars(builtins).update(kept)
    assert len(lines.shapes()) == 2


def test_an_interrupt_between_two_lines_names_one_of_the_program() -> None:
    code = "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.05)\nwhile True:\n    x = 1.0 * 2\n    y = x\n"
    old = signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        lines, _, error = run(code)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert isinstance(error, KeyboardInterrupt)
    assert errors.report(error, {FILE: "code"}).line in (3, 4, 5)
    (loop,) = lines.loops()
    assert (loop.line, loop.last_line, loop.kind) == (3, 5, "while")
    assert loop.times == loop.turns > 100


def test_no_more_than_what_fits_is_reported() -> None:
    many = "".join(f"x{n} = torch.ones(1)\n" for n in range(3000))
    lines, _, error = run(f"import torch\n{many}" + "for i in range(1): pass\n" * 1500)
    assert error is None
    assert len(lines.shapes()) == 2000
    assert len(lines.loops()) == 1000


def test_output_is_the_same() -> None:
    code = "for i in range(3):\n    x = i * 2\n    print(x, end=' ')\n"
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        run(code)
    assert out.getvalue() == "0 2 4 "


def test_a_shape_is_plain_data() -> None:
    lines, _, _ = run("import torch\nx = torch.ones(2, 3)\n")
    assert lines.shapes() == (LineShape(line=2, name="x", dtype="float32", first=(2, 3), last=(2, 3)),)
    assert type(lines.shapes()[0].first) is tuple
    assert torch.is_tensor(torch.ones(1))
