"""What crosses between the learner's process and the tutor: plain, typed, size-capped values in MessagePack.

Everything that comes from the learner's process is untrusted. It is decoded into the types below and nothing else;
there is no pickle, no code and no reference back. Expected values are never part of a `Job`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import msgspec

from tutor.runtime.plot import Plot
from tutor.runtime.values import ErrorReport, Graph, LineShape, LoopCount, Observation, Value, Variable


class Outcome(StrEnum):
    """How a run ended; `sentence` in tutor.runtime.outcomes tells the learner what each one means."""

    FINISHED = "finished"
    RAISED = "raised"
    TIMED_OUT = "timed_out"
    CPU_LIMIT = "cpu_limit"
    OUT_OF_MEMORY = "out_of_memory"
    OUTPUT_LIMIT = "output_limit"
    FILE_LIMIT = "file_limit"
    PROCESS_LIMIT = "process_limit"
    KILLED = "killed"
    INTERRUPTED = "interrupted"
    ENDED_EARLY = "ended_early"
    PROTOCOL_ERROR = "protocol_error"
    RUNTIME_FAULT = "runtime_fault"


class Level(StrEnum):
    """How strongly a run is isolated from the machine, strongest first."""

    FULL = "full"
    JAIL = "jail"
    BASIC = "basic"
    SPARE = "spare"


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where code is to run: at a level (None: the strongest that works), on a device."""

    level: Level | None = None
    device: str = "cpu"


ANYWHERE = Place()
"""On the CPU, as strongly isolated as the machine allows."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one run may use: seconds, mebibytes (`_mb`) and counts."""

    time_s: float = 10.0
    """Seconds by the clock."""
    cpu_s: int = 20
    """Seconds of the processor, all threads together."""
    memory_mb: int = 2048
    """Mebibytes of memory, all processes together."""
    output_kb: int = 1024
    """Kibibytes that it may print."""
    message_mb: int = 64
    """Mebibytes of what is observed."""
    file_mb: int = 64
    """Mebibytes of one file."""
    scratch_mb: int = 256
    """Mebibytes of all files together."""
    processes: int = 64
    """Processes and threads at once."""
    open_files: int = 256
    """Open files at once."""


# ---- what the tutor asks for ------------------------------------------------------------------------------------


class ValueProbe(msgspec.Struct, frozen=True, tag_field="t", tag="value"):
    """Evaluate `expr` in the learner's finished program and export its value (a `Value`)."""

    id: str
    expr: str


class ModuleProbe(msgspec.Struct, frozen=True, tag_field="t", tag="module"):
    """Look at the nn.Module that `expr` gives (a `ModuleSeen`).

    With `input` (an expression), the module is also called on it. With `refill`, a deep copy of the module is called
    with every parameter overwritten, in order, from a generator seeded by that number: two modules of the same
    structure then give the same output, although neither side saw the other's weights.
    """

    id: str
    expr: str
    input: str | None = None
    refill: int | None = None


class CallCase(msgspec.Struct, frozen=True, kw_only=True):
    """The arguments of one call: values, or the text that stands between the brackets of a call."""

    args: tuple[Value, ...] = ()
    given: str = ""


class CallProbe(msgspec.Struct, frozen=True, tag_field="t", tag="call"):
    """Call what `expr` gives once for each case, on fresh copies of the arguments (a `CallsSeen`).

    What is not callable is exported as a plain value.
    """

    id: str
    expr: str
    cases: tuple[CallCase, ...]


class EvaluationProbe(msgspec.Struct, frozen=True, tag_field="t", tag="evaluation"):
    """Which data the module `model` was trained on, and how it was called without training (an `EvaluationSeen`).

    A job with such a probe keeps digests of the rows that modules are given. `data` gives the rows to evaluate on.
    """

    id: str
    model: str
    data: str | None = None


class GradientsProbe(msgspec.Struct, frozen=True, tag_field="t", tag="gradients"):
    """The gradient of the tensor at the path `expr` around each of the last backwards.

    A list of pairs: `.grad` before a backward and after it, None where there was none. A job with such a probe keeps
    copies of them.
    """

    id: str
    expr: str


class PythonProbe(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="python"):
    """Call the function `name` of the program with another run's observations; what it returns is a plain value.

    Only jobs that run an author's own file have it: `expected` never reaches a learner's process.
    """

    id: str
    name: str
    values: dict[str, Value] = {}
    expected: dict[str, Value] = {}
    stdout: str = ""
    code: str = ""
    losses: tuple[float, ...] = ()


Probe = ValueProbe | ModuleProbe | CallProbe | EvaluationProbe | GradientsProbe | PythonProbe


class JobFile(msgspec.Struct, frozen=True):
    """A data file that lies in the run's folder before its first line: where, below the folder, and what it holds."""

    path: str
    data: bytes


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One run: `setup`, then `code`, then `given`, in one namespace; afterwards the probes."""

    code: str
    filename: str = "lesson.py"
    setup: str = ""
    given: str = ""
    probes: tuple[Probe, ...] = ()
    files: tuple[JobFile, ...] = ()
    limits: Limits = Limits()
    seed: int = 0
    threads: int = 1
    device: str = "cpu"
    variables: bool = True
    """Whether the report lists the program's variables."""
    console: bool = False
    """Whether the finished program stays, to evaluate expressions in it until the next run."""
    trace: bool = True
    """Whether the training loop, the shapes of lines and the turns of loops are recorded."""
    graphs: bool = False
    """Whether the report has the autograd graphs of the program's variables."""
    operations: bool = False
    """Whether the report counts the operations of torch that the learner's code led to; it runs slower then."""


class Evaluate(msgspec.Struct, frozen=True):
    """Something to evaluate in the finished program."""

    code: str


# ---- the training trace -----------------------------------------------------------------------------------------


class TraceEvent(msgspec.Struct, frozen=True, array_like=True):
    """One thing that the training loop did.

    `forward`: the outermost call of a module (`name`: its type; `training`, `grad` as they were).
    `backward`: `value` is the loss it was called on (None unless it has one element).
    `zero_grad`, `step`: of an optimizer (`name`: its type); of some steps, `value` is the norm of all its gradients.
    `mode`: train() or eval() (`training`).
    `detach`, `item`, `numpy`, `data`: taken from a tensor that requires a gradient.
    """

    kind: Literal["forward", "backward", "zero_grad", "step", "mode", "detach", "item", "numpy", "data"]
    at: float
    """Seconds since the first line of the learner's code."""
    line: int
    """Line of the learner's code, 0 where it came from elsewhere."""
    name: str = ""
    value: float | None = None
    training: bool | None = None
    grad: bool | None = None
    """Whether gradients were being recorded (grad mode)."""
    target: int = 0
    """A small number that tells modules, optimizers and tensors of one run apart; for `backward`, how many
    there were."""


class TraceTotals(msgspec.Struct, frozen=True, kw_only=True):
    """How often each kind of event happened, also beyond the cap on events."""

    counts: dict[str, int] = {}
    dropped: int = 0
    whole: int = 0
    """How many of the first events have no gap between them; after those, some are left out."""


class OptimizerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """An optimizer that made at least one step: which parameters it holds, and whether they moved."""

    target: int
    type: str
    line: int = 0
    parameters: int = 0
    moved: int = 0


# ---- messages from the learner's process ------------------------------------------------------------------------


class Started(msgspec.Struct, frozen=True, tag_field="t", tag="started"):
    """The first line is about to run; `at` is time.perf_counter() of the machine (shared by all processes)."""

    at: float


class TraceBatch(msgspec.Struct, frozen=True, tag_field="t", tag="trace"):
    """Trace events since the last batch; at most one message every 50 ms."""

    events: tuple[TraceEvent, ...]


class Result(msgspec.Struct, frozen=True, kw_only=True, tag_field="t", tag="result"):
    """The last message of a run that was not cut short."""

    error: ErrorReport | None = None
    seconds: float = 0.0
    """From the first line to the end of `given`."""
    device: str = "cpu"
    device_name: str = ""
    peak_mb: float = 0.0
    observations: tuple[Observation, ...] = ()
    variables: tuple[Variable, ...] = ()
    totals: TraceTotals = TraceTotals()
    optimizers: tuple[OptimizerInfo, ...] = ()
    line_shapes: tuple[LineShape, ...] = ()
    loops: tuple[LoopCount, ...] = ()
    graphs: tuple[Graph, ...] = ()
    operations: dict[str, int] = {}
    plots: tuple[Plot, ...] = ()


Message = Started | TraceBatch | Result


class Evaluated(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an `Evaluate`."""

    text: str = ""
    """`repr` of the value of an expression that is not None."""
    value: Value | None = None
    error: ErrorReport | None = None
    variables: tuple[Variable, ...] = ()
    """The program's variables, as they are now."""


# ---- what the tutor sees while and after a run ------------------------------------------------------------------


class Output(msgspec.Struct, frozen=True):
    """A piece of what the program wrote, decoded as UTF-8, terminal escapes made visible."""

    stream: Literal["stdout", "stderr"]
    text: str


RunEvent = Started | Output | TraceBatch


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a run after it ended; the numbers of limits and exit come from the trusted side."""

    outcome: Outcome
    error: ErrorReport | None = None
    detail: str = ""
    """What was hit, in words: the signal of `killed`, the limit of `timed_out`, the reason of `runtime_fault`."""
    stdout: str = ""
    stderr: str = ""
    dropped_output: int = 0
    """Bytes of output beyond the limit."""
    device: str = "cpu"
    device_name: str = ""
    level: Level = Level.BASIC
    seconds: float = 0.0
    wall_s: float = 0.0
    """From Run to report, as the learner waits for it."""
    first_line_s: float = 0.0
    """From Run to the learner's first line."""
    peak_mb: float = 0.0
    trace: tuple[TraceEvent, ...] = ()
    totals: TraceTotals = TraceTotals()
    optimizers: tuple[OptimizerInfo, ...] = ()
    operations: dict[str, int] = {}
    """How often each of torch's own operations ran ("addmm"), where the job asked for it; never those of backward."""
    observations: dict[str, Observation] = {}
    variables: tuple[Variable, ...] = ()
    line_shapes: tuple[LineShape, ...] = ()
    """What the lines of the learner's code assigned, in their order; at most 2000."""
    loops: tuple[LoopCount, ...] = ()
    """How often each loop of the learner's code went round, also where the run was stopped; at most 1000."""
    graphs: tuple[Graph, ...] = ()
    """The autograd graphs of the variables that have one, at most 12, where the job asked for them."""
    plots: tuple[Plot, ...] = ()
    """What the program asked to have drawn; at most 8."""

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss at every backward() that the trace kept, in order."""
        return tuple(e.value for e in self.trace if e.kind == "backward" and e.value is not None)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the tutor learns of an evaluation in a finished program."""

    outcome: Outcome
    detail: str = ""
    text: str = ""
    value: Value | None = None
    error: ErrorReport | None = None
    stdout: str = ""
    stderr: str = ""
    variables: tuple[Variable, ...] = ()


class Protection(msgspec.Struct, frozen=True, kw_only=True):
    """One protection of the sandbox, for `doctor`."""

    name: str
    on: bool
    why: str = ""
    fix: str = ""
    """What to do about it; empty where it is on."""


class RuntimeInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What the zygote said of itself when torch was loaded."""

    torch_version: str
    python_version: str
    level: Level
    protections: tuple[Protection, ...] = ()
    devices: tuple[str, ...] = ("cpu",)
    load_s: float = 0.0
    warning: str = ""
    """What was asked for and can't be had; empty where all is as it should be."""
