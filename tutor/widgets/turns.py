"""The events of a training loop, turn by turn; pure, and quick enough for twenty thousand events.

A turn begins where the loop begins again. Which event that is, the trace tells: of those between two calls of the same
`backward()` (or, without one, `step()`), the one that came first before the first of these calls. Calls of a model
without training, after a turn is over, are an evaluation, and stand for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tutor.runtime.protocol import TraceEvent

ANCHORS = ("backward", "step", "forward")
_PHASES = ("zero_grad", "forward", "backward", "step")
Key = tuple[str, int, str]
Placed = tuple[int, TraceEvent]
"""An event and where it stands in the trace."""


@dataclass(slots=True)
class Turn:
    """One turn of a loop, an evaluation, or what came before and between them."""

    kind: str
    """One of "turn", "evaluation", "other", or "kept": a loss alone, where the trace has left out the rest."""
    number: int
    """Turns are counted from 1; 0 for all else."""
    events: list[Placed] = field(default_factory=list)
    skipped: int = 0
    """How many turns after this one were left out of the trace."""

    @property
    def loss(self) -> float | None:
        """The loss of the last backward."""
        return next((e.value for _, e in reversed(self.events) if e.kind == "backward"), None)

    @property
    def norm(self) -> float | None:
        """The norm of the gradients that the last step went by, where it was measured."""
        return next((e.value for _, e in reversed(self.events) if e.kind == "step"), None)

    @property
    def mode(self) -> str:
        """How the models were when they were called: "train" or "eval", both where they differed; else empty."""
        modes = dict.fromkeys(e.training for _, e in self.events if e.kind == "forward")
        return "/".join("train" if training else "eval" for training in modes)


def key_of(event: TraceEvent) -> Key:
    """What makes two events the same of two turns."""
    return event.kind, event.line, event.name


def turns(trace: Sequence[TraceEvent], whole: int) -> list[Turn]:
    """All turns; of the events after the first `whole`, between which some are left out, the losses alone."""
    events = list(enumerate(trace[:whole]))
    found: list[Turn] = []
    while events:
        anchor = next((key_of(e) for kind in ANCHORS for _, e in events if e.kind == kind), None)
        if anchor is None:
            found.append(Turn("other", 0, events))
            break
        places = [place for place, (_, e) in enumerate(events) if key_of(e) == anchor]
        end = len(events)
        if anchor[0] == "backward":
            # A backward that was none of this loop's until the last of these is another loop's.
            own = {key_of(e) for _, e in events[: places[-1]]} if len(places) > 1 else {anchor}
            rest = range(places[-1] + 1, end)
            later = (i for i in rest if events[i][1].kind == "backward" and key_of(events[i][1]) not in own)
            end = _start_of_next(events, places[-1], next(later, end))
        found += _loop(events[:end], [place for place in places if place < end])
        events = events[end:]
    _count(found)
    backwards = sum(event.kind == "backward" for event in trace[:whole])
    a_turn = max(1, round(backwards / max(1, sum(turn.kind == "turn" for turn in found))))
    return [*found, *_kept(list(enumerate(trace))[whole:], a_turn)]


def _start_of_next(events: Sequence[Placed], last: int, later: int) -> int:
    """Where the events of the loop around the backward at `later` begin: after the last step that is another's."""
    if later >= len(events):
        return len(events)
    begin = last + 1
    while begin < later and events[begin][1].kind in ("step", "item", "detach", "numpy", "data"):
        begin += 1
    return begin


def _loop(events: list[Placed], places: list[int]) -> list[Turn]:
    """The turns of one loop, whose anchor stands at `places`."""
    starts = _starts(events, places)
    bounds = [0, *starts[1:], len(events)] if starts else [0, len(events)]
    made: list[Turn] = []
    for begin, end in pairwise(bounds):
        made += _split(events[begin:end])
    return made


def _starts(events: Sequence[Placed], places: list[int]) -> list[int]:
    """Where each turn begins."""
    if len(places) < 2:
        return [0] if places else []
    again = {key_of(e) for _, e in events[places[0] : places[1]] if e.kind in _PHASES}
    before = (e for _, e in events[: places[0] + 1] if e.kind in _PHASES and key_of(e) in again)
    first = key_of(next(before))
    starts, waiting = [], True
    passed = set(places)
    for place, (_, event) in enumerate(events):
        if waiting and key_of(event) == first:
            starts.append(place)
            waiting = False
        if place in passed:
            waiting = True
    return starts


def _split(events: list[Placed]) -> list[Turn]:
    """A turn, and the evaluation that came after it."""
    over = max((place for place, (_, e) in enumerate(events) if e.kind in ("backward", "step")), default=-1)
    at = next((i for i in range(over + 1, len(events)) if _evaluates(events[i][1])), None)
    if at is None:
        return [Turn("turn" if over >= 0 else "other", 0, events)] if events else []
    while at > over + 1 and events[at - 1][1].kind == "mode":
        at -= 1
    end = max(place for place, (_, e) in enumerate(events) if _evaluates(e)) + 1
    parts = (("turn" if over >= 0 else "other", events[:at]), ("evaluation", events[at:end]), ("other", events[end:]))
    return [Turn(kind, 0, part) for kind, part in parts if part]


def _evaluates(event: TraceEvent) -> bool:
    return event.kind == "forward" and (event.grad is False or event.training is False)


def _count(found: Iterable[Turn]) -> None:
    number = 0
    for turn in found:
        if turn.kind == "turn":
            number += 1
            turn.number = number


def _kept(events: Sequence[Placed], a_turn: int) -> list[Turn]:
    """A row for each loss that was kept, with how many turns are missing up to the next; evaluations as they were kept.

    A backward knows how many there were; a turn has `a_turn` of them.
    """
    made: list[Turn] = []
    for place, event in events:
        if event.kind == "backward":
            number = -(-event.target // a_turn)
            if made:
                made[-1].skipped = max(0, number - made[-1].number - 1)
            made.append(Turn("kept", number, [(place, event)]))
    rest = [(place, event) for place, event in events if _evaluates(event)]
    return [*made, Turn("evaluation", 0, rest)] if rest else made
