"""What a course is: frozen values, made once by the loader and trusted afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Protocol, TypeVar

import msgspec

from tutor.checks.base import Check
from tutor.runtime.protocol import Limits

FORMAT = 1
"""The newest format of course and lesson files that this version reads."""


Seed = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Threads = Annotated[int, msgspec.Meta(ge=1, le=64)]
Positive = Annotated[float, msgspec.Meta(gt=0, le=1e6)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]
Count = Annotated[int, msgspec.Meta(ge=1)]
ParameterValue = int | float | str | bool


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all that authors write: a key that is not a field is an error, except under `x-…`."""


class Defaults(Strict, frozen=True, kw_only=True):
    """Settings of a course or lesson; a lesson's win over the course's, field by field."""

    seed: Seed | None = None
    time_s: Positive | None = None
    memory_mb: Count | None = None
    threads: Threads | None = None
    rtol: NotNegative | None = None
    atol: NotNegative | None = None


class Option(Strict, frozen=True, kw_only=True):
    """One answer of a choice; `say` is shown when it was picked."""

    text: str
    correct: bool = False
    say: str = ""


class Hint(Strict, frozen=True, kw_only=True):
    """A hint; with `after`, it offers itself after that many failed runs."""

    text: str
    after: Count | None = None


class When(Strict, frozen=True, kw_only=True):
    """Conditions of a misconception, all of which must hold."""

    fails: str | None = None
    """Id of a failed check."""
    relation: str | None = None
    error: str | None = None
    """Type of the error that the program raised."""
    trace: str | None = None
    uses: str | None = None
    """A name, or dotted name, that the program uses."""
    lacks: str | None = None


class Misconception(Strict, frozen=True, kw_only=True):
    """The author's words for a wrong answer that learners really give."""

    when: When
    say: str


class Wrong(Strict, frozen=True, kw_only=True):
    """A program that must fail: whole (`code`), or the solution with `replace: [old, new]`."""

    code: str | None = None
    replace: tuple[str, str] | None = None
    fails: str | None = None
    says: str | None = None
    """A part of the message that the learner must read."""


class Step(Strict, frozen=True, kw_only=True):
    """One step of a lesson; a kind is a subclass."""

    kind: ClassVar[str]
    runs: ClassVar[bool] = False
    """Whether the learner writes and runs code in it."""

    id: str
    title: str


class ReadStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="read"):
    """The learner reads; `run` is a snippet that can be run as it stands."""

    kind: ClassVar[str] = "read"

    text: str
    run: str | None = None


class ChoiceStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="choice"):
    """The learner picks one option, or several where more than one is correct."""

    kind: ClassVar[str] = "choice"

    ask: str
    options: tuple[Option, ...]
    shuffle: bool = False

    @property
    def several(self) -> bool:
        """Whether more than one option is correct, so that all of them must be picked."""
        return sum(option.correct for option in self.options) > 1


class PredictStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="predict"):
    """The learner says what `run` gives before it runs; the right answer is computed, never typed."""

    kind: ClassVar[str] = "predict"

    ask: str
    run: str
    of: str
    """"stdout", "shape(EXPR)" or "value(EXPR)"."""
    distractors: tuple[str | Option, ...]
    """Wrong answers; an Option's `say` explains why it is wrong."""
    say: str = ""
    """Shown after the right answer."""


class CodeStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="code"):
    """The learner writes code; checks compare it with the solution."""

    kind: ClassVar[str] = "code"
    runs: ClassVar[bool] = True

    task: str
    solution: str
    starter: str = ""
    setup: str = ""
    given: str = ""
    checks: tuple[Check, ...]
    hints: tuple[Hint, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    also_correct: tuple[str, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    limits: Limits = Limits()
    seed: Seed = 0
    threads: Threads = 1
    devices: tuple[str, ...] = ()
    """Devices of which the step needs one; empty where cpu will do."""


class FixStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="fix"):
    """As a code step, but the starter is a program with a bug, and must fail at least one check."""

    kind: ClassVar[str] = "fix"


class OrderStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="order"):
    """The learner puts lines in order; `starter` is made by the loader: all lines, shuffled."""

    kind: ClassVar[str] = "order"

    distractors: tuple[str, ...] = ()
    """Lines that don't belong."""


class Asked(Strict, frozen=True, kw_only=True):
    """A question of an experiment, about what was seen; the loader gives an id where the author gave none."""

    id: str = ""
    ask: str
    options: tuple[Option, ...]


class ExperimentStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="experiment"):
    """As a code step, run with several values of parameters; then questions about what was seen."""

    kind: ClassVar[str] = "experiment"

    parameters: dict[str, tuple[ParameterValue, ...]]
    """Names that are assigned before the program, and the values to try."""
    plot: tuple[str, ...] = ()
    """Names of lists to draw in place of the losses that the trace saw."""
    questions: tuple[Asked, ...] = ()
    tries: Count = 2
    """How many different settings have to run before the questions come."""
    checks: tuple[Check, ...] = ()


AnyStep = ReadStep | ChoiceStep | PredictStep | CodeStep | FixStep | OrderStep | ExperimentStep
STEP_KINDS: dict[str, type[Step]] = {
    kind.kind: kind for kind in (ReadStep, ChoiceStep, PredictStep, CodeStep, FixStep, OrderStep, ExperimentStep)
}


class Requires(Strict, frozen=True, kw_only=True):
    """What a lesson needs: lessons before it, devices, datasets of scikit-learn."""

    lessons: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    sklearn: tuple[str, ...] = ()


class DataFile(Strict, frozen=True, kw_only=True):
    """A data file of a lesson, copied into the run's folder."""

    path: str
    sha256: str


class Lesson(Strict, frozen=True, kw_only=True):
    """A lesson: steps in order."""

    id: str
    title: str
    summary: str = ""
    objectives: tuple[str, ...] = ()
    minutes: Annotated[int, msgspec.Meta(ge=0)] = 0
    requires: Requires = Requires()
    defaults: Defaults = Defaults()
    files: tuple[DataFile, ...] = ()
    steps: tuple[AnyStep, ...]
    path: Path | None = msgspec.field(default=None, name="x-path")
    """The file that it came from; a key that no author's file can set."""

    def step(self, step_id: str) -> AnyStep:
        """The step with that id; KeyError if there is none."""
        return by_id(self.steps, step_id)


class Course(Strict, frozen=True, kw_only=True):
    """A course: lessons in order."""

    id: str
    title: str
    version: str = "0.0.0"
    language: str = "en"
    description: str = ""
    requires: str = ""
    """The versions of torch that it works with: ">=2.6,<3"."""
    defaults: Defaults = Defaults()
    lessons: tuple[Lesson, ...]
    path: Path | None = msgspec.field(default=None, name="x-path")
    """The file that it came from; a key that no author's file can set."""

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson with that id; KeyError if there is none."""
        return by_id(self.lessons, lesson_id)


class StepRef(msgspec.Struct, frozen=True, order=True):
    """Where a step is: progress is kept by it, and commands name it LESSON/STEP."""

    lesson: str
    step: str

    def __str__(self) -> str:
        return f"{self.lesson}/{self.step}"


class HasId(Protocol):
    """Anything that an author gave an id."""

    @property
    def id(self) -> str: ...  # noqa: D102


Named = TypeVar("Named", bound=HasId)


def by_id(items: Iterable[Named], wanted: str) -> Named:
    """The item with that id; KeyError if there is none."""
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
