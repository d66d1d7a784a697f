"""What a course is: frozen values, made once by the loader and trusted afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, ClassVar, Protocol, TypeVar

import msgspec

from tutor.checks.base import Check
from tutor.runtime.protocol import JobFile, Limits

FORMAT = 1
"""The newest format of course and lesson files that this version reads."""
COURSE_FILE = "lessons.yaml"
"""The name of the file by which a folder or an archive is opened as a course."""


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
    """Where random numbers begin, in every run."""
    time_s: Positive | None = None
    """Seconds that a run may take."""
    memory_mb: Count | None = None
    """Mebibytes that a run may take."""
    threads: Threads | None = None
    """Threads that torch computes with."""
    rtol: NotNegative | None = None
    """How far numbers may be off, as a part of the wanted one."""
    atol: NotNegative | None = None
    """How far numbers may be off, whatever their size."""


class Option(Strict, frozen=True, kw_only=True):
    """One answer of a choice; `say` is shown when it was picked."""

    text: str
    """The answer, as Markdown."""
    correct: bool = False
    """Whether it is right."""
    say: str = ""
    """Why it is right or wrong."""


class Hint(Strict, frozen=True, kw_only=True):
    """A hint; with `after`, it offers itself after that many failed runs."""

    text: str
    """The hint, as Markdown."""
    after: Count | None = None
    """How many failed runs it waits for before it offers itself."""


class When(Strict, frozen=True, kw_only=True):
    """Conditions of a misconception, all of which must hold."""

    fails: str | None = None
    """Id of a failed check."""
    relation: str | None = None
    """What the tutor proved about the value: `transposed`, `scaled`; `torch-tutor kinds relations` lists them."""
    error: str | None = None
    """Type of the error that the program raised."""
    trace: str | None = None
    """A fault of the training loop: `no-zero-grad`; `torch-tutor kinds faults` lists them."""
    uses: str | None = None
    """A name, or dotted name, that the program uses."""
    lacks: str | None = None
    """A name, or dotted name, that the program does not use."""


class Misconception(Strict, frozen=True, kw_only=True):
    """The author's words for a wrong answer that learners really give."""

    when: When
    """The conditions, all of which must hold."""
    say: str
    """What the learner reads, as Markdown."""


class Wrong(Strict, frozen=True, kw_only=True):
    """A program that must fail: whole (`code`), or the solution with `replace: [old, new]`."""

    code: str | None = None
    """A whole program."""
    replace: tuple[str, str] | None = None
    """The solution with a part of it, which must be there once, replaced: [old, new]."""
    fails: str | None = None
    """The id of the check that must fail."""
    says: str | None = None
    """A part of the message that the learner must read."""


class Excused(Strict, frozen=True, kw_only=True):
    """A change of the solution that no check needs to notice when `torch-tutor test --mutate` tries it, and why."""

    replace: tuple[str, str]
    """The solution with a part of it, which must be there once, replaced: [old, new]."""
    because: str
    """Why no check needs to notice it."""


class Step(Strict, frozen=True, kw_only=True):
    """One step of a lesson; a kind is a subclass."""

    kind: ClassVar[str]
    runs: ClassVar[bool] = False
    """Whether the learner writes and runs code in it."""

    id: str
    """Its name: lowercase letters, digits and single hyphens. Progress is kept under it, so it never changes."""
    title: str
    """What the learner reads as its name; without one, the id serves."""
    files: tuple[JobFile, ...] = msgspec.field(default=(), name="x-files")
    """The lesson's data files, as the loader read them; a key that no author's file can set."""


class ReadStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="read"):
    """The learner reads; `run` is a snippet that can be run as it stands.

    Why it matters: what is read and run at once is understood sooner than what is only read.
    Use instead: `predict` where the result surprises.
    """

    kind: ClassVar[str] = "read"

    text: str
    """Markdown, at most 40 lines."""
    run: str | None = None
    """A program that can be run as it stands."""


class ChoiceStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="choice"):
    """The learner picks one option, or several where more than one is correct.

    Why it matters: a wrong idea can be met with its own words, before it becomes code.
    Use instead: `predict` where a program can give the answer.
    """

    kind: ClassVar[str] = "choice"

    ask: str
    """The question, as Markdown."""
    options: tuple[Option, ...]
    """Two options or more; where several are correct, the learner picks them all."""
    shuffle: bool = False
    """Whether they are shown in another order than here."""

    @property
    def several(self) -> bool:
        """Whether more than one option is correct, so that all of them must be picked."""
        return sum(option.correct for option in self.options) > 1


class PredictStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="predict"):
    """The learner says what `run` gives before it runs; the right answer is computed, never typed.

    Why it matters: who has said what will happen sees the difference when it happens otherwise.
    Use instead: `choice` where no program can tell.
    """

    kind: ClassVar[str] = "predict"

    ask: str
    """The question, as Markdown."""
    run: str
    """The program, which runs after the learner has answered."""
    of: str
    """"stdout", "shape(EXPR)" or "value(EXPR)"."""
    distractors: tuple[str | Option, ...]
    """Wrong answers; an Option's `say` explains why it is wrong."""
    say: str = ""
    """Shown after the right answer."""


class CodeStep(Step, frozen=True, kw_only=True, tag_field="kind", tag="code"):
    """The learner writes code; checks compare it with the solution.

    Why it matters: nothing is learned that was not done.
    Use instead: `fix` where finding the fault is the task, `experiment` where looking is.
    """

    kind: ClassVar[str] = "code"
    runs: ClassVar[bool] = True

    task: str
    """Markdown: what to make, with the names that the checks ask for."""
    solution: str
    """Your own answer, which the learner's is compared with; it is shown to those who ask for it."""
    starter: str = ""
    """What the editor holds at first; it must not pass."""
    setup: str = ""
    """Code that runs before the learner's and can't be edited."""
    given: str = ""
    """Code that runs after the learner's and can't be edited."""
    checks: tuple[Check, ...]
    """What must be as in the solution: expressions, or mappings with `kind`."""
    hints: tuple[Hint, ...] = ()
    """Shown one at a time; a text, or {text, after}."""
    misconceptions: tuple[Misconception, ...] = ()
    """Your words for wrong answers: the first whose conditions hold is read."""
    also_correct: tuple[str, ...] = ()
    """Programs that must pass."""
    wrong: tuple[Wrong, ...] = ()
    """Programs that must fail."""
    mutants: tuple[Excused, ...] = ()
    """Changes of the solution that no check needs to notice."""
    limits: Limits = Limits()
    """What a run may use."""
    seed: Seed = 0
    """Where random numbers begin; the lesson's or course's if you don't say."""
    threads: Threads = 1
    """Threads that torch computes with; the lesson's or course's if you don't say."""
    devices: tuple[str, ...] = ()
    """Devices of which the step needs one; empty where cpu will do."""
    reference: bytes = msgspec.field(default=b"", name="x-reference")
    """What the solution gave, in a student's version, which has no solution; a key that no author's file can set."""


class FixStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="fix"):
    """As a code step, but the starter is a program with a bug, and must fail at least one check.

    Why it matters: most of the time with torch goes into programs that run and are wrong.
    Use instead: `code` for a program that is not there yet.
    """

    kind: ClassVar[str] = "fix"


class OrderStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="order"):
    """The learner puts lines in order; `starter` is made by the loader: all lines, shuffled.

    Why it matters: in a training loop the order is the lesson, and typing is not.
    Use instead: `code` once the order is known.
    """

    kind: ClassVar[str] = "order"

    distractors: tuple[str, ...] = ()
    """Lines that don't belong."""


class Asked(Strict, frozen=True, kw_only=True):
    """A question of an experiment, about what was seen; the loader gives an id where the author gave none."""

    id: str = ""
    """Its name; without one, its number serves."""
    ask: str
    """The question, as Markdown."""
    options: tuple[Option, ...]
    """Two options or more; where several are correct, the learner picks them all."""


class ExperimentStep(CodeStep, frozen=True, kw_only=True, tag_field="kind", tag="experiment"):
    """As a code step, run with several values of parameters; then questions about what was seen.

    Why it matters: a learning rate is understood by its curves, side by side.
    Use instead: `predict` where one run says it all.
    """

    kind: ClassVar[str] = "experiment"

    parameters: dict[str, tuple[ParameterValue, ...]]
    """Names that are assigned before the program, and the values to try."""
    plot: tuple[str, ...] = ()
    """Names of lists to draw in place of the losses that the trace saw."""
    questions: tuple[Asked, ...] = ()
    """Asked once enough settings have run."""
    tries: Count = 2
    """How many different settings have to run before the questions come."""
    checks: tuple[Check, ...] = ()
    """What must be as in the solution with the same setting; there may be none where there are questions."""


AnyStep = ReadStep | ChoiceStep | PredictStep | CodeStep | FixStep | OrderStep | ExperimentStep
STEP_KINDS: dict[str, type[Step]] = {
    kind.kind: kind for kind in (ReadStep, ChoiceStep, PredictStep, CodeStep, FixStep, OrderStep, ExperimentStep)
}


class Requires(Strict, frozen=True, kw_only=True):
    """What a lesson needs: lessons before it, devices, datasets of scikit-learn."""

    lessons: tuple[str, ...] = ()
    """Ids of lessons to do before."""
    devices: tuple[str, ...] = ()
    """Devices of which it needs one: cpu, cuda, mps."""
    sklearn: tuple[str, ...] = ()
    """Datasets of scikit-learn that it uses: [iris]."""


class DataFile(Strict, frozen=True, kw_only=True):
    """A data file of a lesson, copied into the run's folder."""

    path: str
    """Where it is, below the folder of the lesson file, and then below the folder of the run."""
    sha256: str
    """Its hash: 64 digits from 0 to f; `validate` says which."""


class Lesson(Strict, frozen=True, kw_only=True):
    """A lesson: steps in order."""

    id: str
    """Its name, unique in the course: lowercase letters, digits and single hyphens. Progress is kept under it, so it
    never changes."""
    title: str
    """What the learner reads as its name."""
    summary: str = ""
    """One sentence that says what it is about."""
    objectives: tuple[str, ...] = ()
    """What the learner can do at the end."""
    minutes: Annotated[int, msgspec.Meta(ge=0)] = 0
    """How long it takes."""
    requires: Requires = Requires()
    """What it needs before and around it."""
    defaults: Defaults = Defaults()
    """Settings of its steps; they win over the course's."""
    files: tuple[DataFile, ...] = ()
    """Data files that lie in the folder of every run."""
    steps: tuple[AnyStep, ...]
    """The steps, in order."""
    path: Path | None = msgspec.field(default=None, name="x-path")
    """The file that it came from; a key that no author's file can set."""

    def step(self, step_id: str) -> AnyStep:
        """The step with that id; KeyError if there is none."""
        return by_id(self.steps, step_id)


class Course(Strict, frozen=True, kw_only=True):
    """A course: lessons in order."""

    id: str
    """Its name: lowercase letters, digits and single hyphens. Progress is kept under it, so it never changes."""
    title: str
    """What the learner reads as its name."""
    version: str = "0.0.0"
    """Three numbers: 1.0.0."""
    language: str = "en"
    """The code of the language that it is written in: en, pt-BR."""
    description: str = ""
    """What it is about."""
    requires: str = ""
    """The versions of torch that it works with: ">=2.6,<3"."""
    defaults: Defaults = Defaults()
    """Settings of all its lessons."""
    lessons: tuple[Lesson, ...]
    """Paths of lesson files in order, relative to this file; a whole lesson may stand in place of a path."""
    path: Path | None = msgspec.field(default=None, name="x-path")
    """The file that it came from; a key that no author's file can set."""

    def lesson(self, lesson_id: str) -> Lesson:
        """The lesson with that id; KeyError if there is none."""
        return by_id(self.lessons, lesson_id)


def devices_of(lesson: Lesson, step_id: str) -> tuple[str, ...]:
    """The devices of which a step needs one, its own or its lesson's; empty where any will do."""
    step = lesson.step(step_id)
    own = step.devices if isinstance(step, CodeStep) else ()
    return own or lesson.requires.devices


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
