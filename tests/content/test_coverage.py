"""Which step of the bundled course teaches which topic of the curriculum, for the first six lessons.

The ids of topics (a letter and a number) and of common errors (E and a number) are those of the curriculum's table of
facts. A topic counts as taught where its step speaks of it: the words beside it must stand in the step.
"""

from __future__ import annotations

import msgspec
import pytest

from tutor.lessons.load import load_course

COURSE = load_course()
FIRST_HALF = ["tensors", "shapes", "arithmetic", "autograd", "autograd-control", "optimisation"]

TAUGHT = """
P01 tensors/welcome: hides the work of learning
E07 arithmetic/speed: needs seconds
P02 H02 H04 tensors/brackets: two layers
E22 tensors/brackets: `(3)` for a tuple
H01 D02 E120 tensors/welcome: torch.__version__
D01 tensors/welcome: After this lesson
P03 E123 tensors/factories: FloatTensor
P05 H03 E10 tensors/dtype: division that may give halves
E12 tensors/ends: arange
P06 D05 tensors/device: meta
P07 tensors/describe: element_size
G02 tensors/precision: float16
E71 tensors/convert: gives you another one
E02 E03 E05 tensors/scanned: nos.Linear
P04 shapes/contract: rows are samples
C01 C02 shapes/contract: legs longer than
P08 shapes/four-shapes: takes its dimension away
C03 C04 E58 shapes/birds: 15.6596
C05 E31 shapes/mask: too many
H05 D04 shapes/regroup-or-turn: permute
E75 shapes/one-axis: takes away both dimensions
C06 E32 shapes/scale: 0.8080
P09 arithmetic/two-products: (a / b).dtype
P10 H06 arithmetic/matrix-product: [[5, 11], [11, 25]]
P11 arithmetic/reduce: argmax
P12 E06 arithmetic/leftovers: Print(total)
P13 D03 arithmetic/numpy: from_numpy
E11 arithmetic/will-it-fit: not everything is adapted
G01 E15 E121 E127 arithmetic/seeds: without a seed
P14 G03 autograd/recording: 10.007001
P14 autograd/adds-up: 14
P15 optimisation/by-hand: step against it
P16 autograd/two-inputs: goes
D06 autograd/first-slope: x³ + 2x² + 5
H07 H09 autograd/neuron: 0.9183
H08 autograd/asked-for: -0.0817
G03 E70 autograd/sum-or-mean: for the name of an **addition** of two
E73 autograd/many-results: single number
E125 autograd/many-results: There is a second way
D07 autograd/many-slopes: sin(x) + x²/10
D15 G04 autograd/slope-of: slope(f, x)
H12 E18 autograd-control/not-recorded: do not protect weights
C30 autograd-control/step-down: no_grad
C24 optimisation/downhill: landscape
E48 optimisation/uphill: in the opposite direction
D16 optimisation/step-size: bounces
P24 G10 optimisation/optimizer: stochastic gradient descent
C25 optimisation/largest-rate: limit
C26 optimisation/momentum: running averages
C29 C30 optimisation/fit-a-line: 0.783
C31 optimisation/flat-line: nn.Linear(1, 1)
P25 E13 optimisation/any-order: mandatory
E55 optimisation/lost-optimizer: brings in the module
"""

PROMISED = """
P01 P02 P03 P04 P05 P06 P07 P08 P09 P10 P11 P12 P13 P14 P15 P16 P24 P25
C01 C02 C03 C04 C05 C06 C24 C25 C26 C29 C30 C31
G01 G02 G03 G04 G10 H01 H02 H03 H04 H05 H06 H07 H08 H09 H12 D01 D02 D03 D04 D05 D06 D07 D15 D16
E02 E03 E05 E06 E07 E10 E11 E12 E13 E15 E18 E22 E31 E32 E48 E55 E58 E70 E71 E73 E75 E120 E121 E123 E125 E127
"""


def rows() -> list[tuple[str, str, str]]:
    """Topic, step and words."""
    found = []
    for line in TAUGHT.strip().splitlines():
        head, _, words = line.partition(": ")
        *topics, step = head.split()
        found += [(topic, step, words) for topic in topics]
    return found


def test_every_topic_that_was_promised_has_a_step() -> None:
    assert set(PROMISED.split()) - {topic for topic, _, _ in rows()} == set()


def test_the_first_half_is_there_in_its_order() -> None:
    assert [lesson.id for lesson in COURSE.lessons][:6] == FIRST_HALF
    assert sum(len(COURSE.lesson(lesson).steps) for lesson in FIRST_HALF) >= 72


@pytest.mark.parametrize("step", sorted({step for _, step, _ in rows()}))
def test_the_step_speaks_of_its_topics(step: str) -> None:
    lesson, name = step.split("/")
    text = " ".join(msgspec.json.encode(COURSE.lesson(lesson).step(name)).decode().replace("\\n", " ").split())
    wanted = {words for _, where, words in rows() if where == step}
    missing = [words for words in wanted if words.replace('"', '\\"') not in text]
    assert missing == []
