"""A course and an examiner with no torch behind them: the app's tests are about the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from tutor.checks.base import Check, Finding, Status, Verdict
from tutor.checks.difference import Difference
from tutor.lessons.model import (
    Asked,
    ChoiceStep,
    CodeStep,
    Course,
    ExperimentStep,
    FixStep,
    Hint,
    Lesson,
    Option,
    OrderStep,
    PredictStep,
    ReadStep,
    Requires,
)
from tutor.lessons.settings import Setting
from tutor.runtime.protocol import (
    Answer,
    JobFile,
    Level,
    Outcome,
    Output,
    Report,
    RunEvent,
    RuntimeInfo,
    Started,
    TraceBatch,
    TraceEvent,
)
from tutor.runtime.values import ErrorReport, LineShape, TensorValue, Variable

OnEvent = Callable[[RunEvent], None] | None


class AlwaysEqual(Check, frozen=True, kw_only=True):
    """A check that the fake examiner answers for."""

    kind = "equal"


CODE = CodeStep(
    id="twice",
    title="Gradients add up",
    task=(
        "Each call of `backward()` **adds** its gradient to what is already in `.grad`. PyTorch does this on purpose:"
        " it lets one batch be worked through in parts.\n\n```python\nw = torch.tensor(1.0, requires_grad=True)\n"
        "(3 * w).backward()\n(3 * w).backward()\nw.grad        # 6., not 3.\n```\n\n### Task\n\n"
        "Work out `dy/dx` of `y = x**2 + 3*x` at `x = 2` **twice**, and leave the right answer, `7`, in `x.grad`."
    ),
    starter=(
        "import torch\n\nx = torch.tensor(2.0, requires_grad=True)\n\nfor step in range(2):\n    y = x**2 + 3*x\n"
        "    y.backward()\n\nprint(x.grad)\n"
    ),
    solution=(
        "import torch\n\nx = torch.tensor(2.0, requires_grad=True)\n\nfor step in range(2):\n    x.grad = None\n"
        "    y = x**2 + 3*x\n    y.backward()\n\nprint(x.grad)\n"
    ),
    checks=(AlwaysEqual(id="y"), AlwaysEqual(id="x.grad")),
    hints=(
        Hint(text="Between the two calls something has to be cleared."),
        Hint(text="`x.grad = None` clears it.", after=2),
        Hint(text="Put it at the start of the loop:\n\n```python\nfor step in range(2):\n    x.grad = None\n```"),
    ),
)
STEPS = (
    ReadStep(
        id="tape",
        title="The tape",
        text="Autograd records what you do with a tensor, as a **tape** does.\n\n- It records operations\n- It plays them back",
        run="import torch\n\nx = torch.ones(2, requires_grad=True)\nprint(x + 1)\n",
    ),
    ReadStep(id="words", title="Some words", text="Only something to read here. Press **^N** to go on."),
    ChoiceStep(
        id="which",
        title="Which one records?",
        ask="Which of these tensors does autograd record?",
        options=(
            Option(text="`torch.ones(2)`", say="Nobody asked for a gradient here."),
            Option(text="`torch.ones(2, requires_grad=True)`", correct=True, say="Yes: you asked for it."),
            Option(text="`torch.ones(2).int()`", say="Whole numbers have no gradient."),
        ),
    ),
    ChoiceStep(
        id="both",
        title="Two of these",
        ask="Which two calls make a tensor?",
        options=(
            Option(text="`torch.zeros(2)`", correct=True, say="It makes two zeros."),
            Option(text="`torch.ones(2)`", correct=True, say="It makes two ones."),
            Option(text="`torch.cuda.is_available()`", say="It gives True or False."),
        ),
    ),
    PredictStep(
        id="shape",
        title="What shape?",
        ask="What shape does this give? A **row** times a column.",
        run="import torch\n\nrow = torch.ones(1, 3)\ncolumn = torch.ones(2, 1)\nboth = row * column\n",
        of="shape(both)",
        distractors=("(1, 3)", Option(text="(2, 1)", say="That is the shape of the column alone."), "(3, 2)"),
        say="Each dimension of 1 stretches to the other's size.",
    ),
    CODE,
    FixStep(
        id="loop",
        title="A loop that does not learn",
        task="This loop runs, but the loss stays where it is. **Find out why.**",
        starter="import torch\n\nfor step in range(3):\n    pass\n",
        solution="import torch\n",
        checks=(AlwaysEqual(id="loss"),),
    ),
)


ORDER = OrderStep(
    id="order",
    title="One training step",
    task=(
        "A training step has four lines, and their order matters. Put them in order, inside the loop.\n\n"
        "Two lines don't belong: put them away."
    ),
    setup="import torch\n\nmodel = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)",
    solution=(
        "for step in range(20):\n    x.grad = None\n    loss = (model(x) - y).pow(2).mean()\n    loss.backward()\n"
        "    optimizer.step()\n"
    ),
    starter=(
        "    loss.backward()\n    x.grad = None\n    loss.step()\nfor step in range(20):\n    optimizer.step()\n"
        "    loss = (model(x) - y).pow(2).mean()\n    optimizer.backward()\n"
    ),
    distractors=("    loss.step()", "    optimizer.backward()"),
    checks=(AlwaysEqual(id="y"), AlwaysEqual(id="x.grad")),
    hints=(Hint(text="The loss comes before its gradients."),),
)
QUESTIONS = (
    Asked(
        id="grows",
        ask="With which learning rate does the loss grow?",
        options=(
            Option(text="`0.1`", say="There it falls by a tenth in each step."),
            Option(text="`2.5`", correct=True, say="Each step lands farther away on the other side."),
        ),
    ),
    Asked(
        id="falls",
        ask="Which two make the loss fall?",
        options=(
            Option(text="`0.01`", correct=True, say="Slowly."),
            Option(text="`0.1`", correct=True, say="Faster."),
            Option(text="`2.5`", say="It grows there."),
        ),
    ),
)
EXPERIMENT = ExperimentStep(
    id="rates",
    title="Three learning rates",
    task="Run the program with two of the learning rates, and compare the curves.",
    parameters={"lr": (0.01, 0.1, 2.5)},
    starter="import torch\n\nx = torch.tensor(1.0, requires_grad=True)\n# x.grad = None\n",
    solution="x",
    questions=QUESTIONS,
    hints=(Hint(text="Look at the right end of the curves."),),
)
LAB = Course(
    id="fake",
    title="Orders and experiments",
    lessons=(
        Lesson(
            id="lab",
            title="The training loop",
            steps=(
                ORDER,
                EXPERIMENT,
                msgspec.structs.replace(
                    EXPERIMENT,
                    id="checked",
                    title="With checks",
                    checks=(AlwaysEqual(id="y"), AlwaysEqual(id="x.grad")),
                    parameters={"lr": (0.01, 0.1, 2.5), "name": ("SGD", "Adam")},
                    starter="import torch\n",
                ),
            ),
        ),
    ),
)
"""A course of the kinds of steps that have a desk of their own."""


def course() -> Course:
    """Three lessons; the second holds a step of most kinds."""
    return Course(
        id="fake",
        title="PyTorch, step by step",
        lessons=(
            Lesson(
                id="tensors",
                title="Tensors, types, devices",
                summary="Put numbers into tensors.",
                minutes=35,
                steps=(
                    ReadStep(id="welcome", title="Boxes of numbers", text="A tensor is a box of numbers."),
                    ReadStep(id="more", title="More boxes", text="Boxes have shapes."),
                ),
            ),
            Lesson(
                id="autograd",
                title="Autograd I: derivatives from a recording",
                summary="You will let autograd work out any derivative, say why a gradient is None, and clear gradients at the right place.",
                objectives=("say what the tape records", "clear gradients at the right place"),
                minutes=45,
                requires=Requires(lessons=("tensors",)),
                steps=STEPS,
            ),
            Lesson(
                id="training",
                title="The training loop",
                minutes=55,
                requires=Requires(lessons=("autograd", "tensors")),
                steps=(ReadStep(id="loop", title="Five lines", text="Five lines train a model."),),
            ),
        ),
    )


def verdict(title: str, status: Status, finding: str, **more: str) -> Verdict:
    """A verdict on one check."""
    return Verdict(id=title, kind="equal", title=title, status=status, finding=finding, **more)  # type: ignore[arg-type]


PASSED = (
    verdict("y", Status.PASSED, "10, float32, recorded by autograd"),
    verdict("x.grad", Status.PASSED, "7"),
)
FAILED = (
    PASSED[0],
    verdict(
        "x.grad",
        Status.FAILED,
        "got 14, expected 7",
        why="Exactly twice the expected gradient: the sum of two backward calls on line 7, and nothing cleared it between.",
        next="Clear `x.grad` before the second backward, then run again.",
    ),
)


class FakeAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """As tutor.exercise.Attempt."""

    report: Report
    verdicts: tuple[Verdict, ...] = ()
    remarks: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def passed(self) -> bool:
        return bool(self.verdicts) and all(verdict.passed for verdict in self.verdicts)


SHAPES = (
    LineShape(line=3, name="x", dtype="float32", first=(), last=(), grad=True),
    LineShape(line=6, name="y", dtype="float32", first=(), last=(), grad=True, times=2),
)


def report(outcome: Outcome = Outcome.FINISHED, **more: object) -> Report:
    """A report of a run that took 14 ms."""
    x = Variable(name="x", value=TensorValue(dtype="float32", shape=(), requires_grad=True, data=b"\0\0\0@"))
    fields = {
        "seconds": 0.014,
        "wall_s": 0.05,
        "peak_mb": 6.0,
        "level": Level.JAIL,
        "variables": (x,),
        "line_shapes": SHAPES,
        **more,
    }
    return Report(outcome=outcome, **fields)  # type: ignore[arg-type]


@dataclass
class FakeRuntime:
    """Loads when `loaded` is set, and remembers that it was stopped."""

    ready_at_once: bool = True
    loading_s: float = 2.0
    fault: str = ""
    closed: bool = False
    has_program: bool = False
    evaluated: list[str] = field(default_factory=list)
    preloaded: list[str] = field(default_factory=list)
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def ready(self) -> bool:
        return self.ready_at_once or self.loaded.is_set()

    def preload(self, module: str) -> None:
        self.preloaded.append(module)

    async def start(self) -> RuntimeInfo:
        if not self.ready:
            await self.loaded.wait()
        if self.fault:
            raise RuntimeError(self.fault)
        return RuntimeInfo(torch_version="2.13.0+cpu", python_version="3.11", level=Level.JAIL)

    def let_go(self) -> None:
        self.has_program = False

    async def evaluate(self, code: str, on_output: Callable[[Output], None] | None = None) -> Answer:
        self.evaluated.append(code)
        if not self.has_program:
            return Answer(outcome=Outcome.ENDED_EARLY, detail="there is no finished run")
        if on_output is not None and "print" in code:
            on_output(Output("stdout", "printed\n"))
        if "while True" in code:
            self.stopped.clear()
            await self.stopped.wait()
            self.has_program = "ignore" not in code
            return Answer(outcome=Outcome.INTERRUPTED if self.has_program else Outcome.TIMED_OUT)
        if "shpe" in code:
            message = "'Tensor' object has no attribute 'shpe'. Did you mean: 'shape'?"
            error = ErrorReport(type="AttributeError", message=message, text=f"AttributeError: {message}\n")
            return Answer(outcome=Outcome.RAISED, error=error)
        half = Variable(name="half", value=TensorValue(dtype="float32", shape=(2,)))
        return Answer(outcome=Outcome.FINISHED, text="tensor([[2., 2., 2.],\n        [2., 2., 2.]])", variables=(half,))

    def stop(self) -> None:
        self.stopped.set()

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeExaminer:
    """Passes code that clears the gradient; runs until stopped where the code says `while True`."""

    runtime: FakeRuntime
    codes: list[str] = field(default_factory=list)
    settings: list[Setting | None] = field(default_factory=list)
    running: asyncio.Event = field(default_factory=asyncio.Event)
    outcome: Outcome = Outcome.FINISHED
    bug: Exception | None = None
    more: dict[str, object] = field(default_factory=dict)
    """Fields of the reports of its runs."""
    passes: str = "x.grad = None"
    """What code has to hold to pass."""
    remarks: tuple[Finding, ...] = ()
    """What is said of a program that passed."""
    differences: tuple[Difference, ...] = ()
    """What is seen of one that did not."""

    async def reference(self, step: CodeStep, setting: Setting | None = None) -> Report:
        return report()

    async def attempt(
        self, step: CodeStep, code: str, on_event: OnEvent = None, *, setting: Setting | None = None
    ) -> FakeAttempt:
        self.codes.append(code)
        self.settings.append(setting)
        seen = await self._run(code, on_event, float((setting or {}).get("lr", 0.1)))
        if seen.outcome is not Outcome.FINISHED or not step.checks:
            return FakeAttempt(report=seen)
        if self.passes in code:
            return FakeAttempt(report=seen, verdicts=PASSED, remarks=self.remarks)
        return FakeAttempt(report=seen, verdicts=FAILED, differences=self.differences)

    async def answer(self, step: PredictStep) -> str:
        await self.runtime.start()
        return "(2, 3)"

    async def run_snippet(self, code: str, on_event: OnEvent = None, files: tuple[JobFile, ...] = ()) -> Report:
        self.codes.append(code)
        return await self._run(code, on_event)

    async def _run(self, code: str, on_event: OnEvent, rate: float = 0.1) -> Report:
        await self.runtime.start()
        self.running.set()
        if self.bug is not None:
            raise self.bug
        if on_event is not None:
            self.runtime.has_program = "os._exit" not in code
            on_event(Started(0.0))
            on_event(Output("stdout", "tensor(14.)\n"))
            on_event(TraceBatch(tuple(losses(40, rate))))
        if "while True" in code:
            await self.runtime.stopped.wait()
            self.runtime.stopped.clear()
            return report(Outcome.INTERRUPTED, stdout="tensor(14.)\n")
        fields = {"stdout": "tensor(14.)\n", "trace": tuple(losses(40, rate)), "detail": "the pipe broke", **self.more}
        return report(self.outcome, **fields)


def losses(count: int, rate: float = 0.1) -> list[TraceEvent]:
    """A loss that falls, the more so the higher the rate, and grows above 2."""
    factor = abs(1 - rate)
    return [TraceEvent("backward", at=0.01 * step, line=7, value=1.7 * factor**step) for step in range(count)]


LINES = {"zero_grad": 12, "forward": 13, "backward": 15, "step": 16, "mode": 10}
NAMES = {"zero_grad": "SGD", "forward": "Sequential", "step": "SGD", "mode": "Sequential"}


def training(turns: int, *order: str) -> tuple[TraceEvent, ...]:
    """A training loop of so many turns, with the events of each in this order; an evaluation at its end."""
    events = []
    for turn in range(turns):
        for kind in order:
            value = 1.672 * 0.99**turn if kind == "backward" else 3.1 * 0.995**turn if kind == "step" else None
            mode = True if kind == "forward" else None
            events.append(
                TraceEvent(
                    kind,  # type: ignore[arg-type]
                    0.001 * turn,
                    LINES[kind],
                    NAMES.get(kind, ""),
                    value,
                    mode,
                    mode,
                    turn + 1 if kind == "backward" else 1,
                )
            )
    events.append(TraceEvent("mode", 1.0, 18, "Sequential", None, False, None, 1))
    events.append(TraceEvent("forward", 1.0, 20, "Sequential", None, False, False, 1))
    return tuple(events)
