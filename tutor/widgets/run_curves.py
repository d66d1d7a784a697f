"""The curves of the present run and of those before it, and what each is known by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.widgets.code_change import SAME, what_changed
from tutor.widgets.formats import number
from tutor.widgets.overlay import Curve, Overlay, Signed, range_is_wide, stretched, what_differs

THIS_RUN = "this run"
MOST_RUNS = 5
"""Earlier runs that are kept."""


class RunCurves:
    """A run is known by its name, as an experiment's "lr=0.1", or else by what changed in its code."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.run = self.list_name = ""
        self._code = ""
        self._more: tuple[Curve, ...] = ()
        self._overlay = Overlay()

    @property
    def earlier(self) -> tuple[Signed, ...]:
        """The curves behind that of this run."""
        return self._overlay.curves

    @property
    def steps(self) -> int:
        """Steps of the longest curve."""
        return max(len(values) for values in (self.losses, *(kept.curve.values for kept in self.earlier)))

    def begin(self, run: str, code: str) -> None:
        """Begin a new run; the losses of the last one, if it had any, become a curve behind it.

        A run with a name takes the place of the earlier one with that name.
        """
        last = Curve(self.run or self._code, tuple(self.losses), self._own_name)
        self._overlay.keep([last, *self._more], MOST_RUNS)
        if run:
            self._overlay.drop(run)
        self.run, self._code, self.list_name, self.losses, self._more = run, code, "", [], ()

    def forget(self) -> None:
        """Forget this run and those before it."""
        self._overlay.clear()
        self.run, self._code, self.list_name, self.losses, self._more = "", "", "", [], ()

    def put_lists(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Take a program's own lists in place of its losses; the first as the run's curve, the others beside it."""
        first, *others = [tuple(values) for values in lists.values()] or [()]
        self.losses = list(first)
        self.list_name, *names = list(lists) or [""]
        self._beside(dict(zip(names, others, strict=True)))

    def put_beside(self, lists: Mapping[str, Sequence[float]]) -> None:
        """Take numbers that the program asked to have drawn beside its losses, over the same width.

        A list with fewer numbers than there are losses, as one of each epoch, is drawn as steps; without losses, the
        first list is the run's curve.
        """
        if not self.losses:
            self.put_lists(lists)
            return
        self.list_name = "loss"
        self._beside({name: stretched(values, len(self.losses)) for name, values in lists.items()})

    def _beside(self, lists: Mapping[str, tuple[float, ...]]) -> None:
        self._more = tuple(Curve(self.run or self._code, values, name) for name, values in lists.items())
        self._overlay.keep(self._more, MOST_RUNS)

    def wide(self) -> bool:
        """Whether losses of runs that are compared are too far apart for a linear scale."""
        are_losses = not self.list_name or self.list_name.startswith("loss")
        others = [kept.curve.values for kept in self.earlier if kept.curve not in self._more]
        return are_losses and bool(self.run or others) and range_is_wide([self.losses, *others])

    # ---- what they are known by

    @property
    def _own_name(self) -> str:
        """What the run's curve is called where the run has several."""
        return self.list_name if self._more else ""

    def runs(self) -> list[str]:
        """What the runs of the earlier curves, and then this one, are known by: what differs between them."""
        earlier = [kept.curve for kept in self.earlier]
        if self.run:
            return what_differs([*(curve.run for curve in earlier), self.run])
        codes = list(dict.fromkeys(curve.run for curve in earlier if curve not in self._more))
        if not codes:
            return [*("" for _ in earlier), THIS_RUN]
        *changes, here = what_changed([*codes, self._code])
        names = dict(zip(codes, changes, strict=True))
        told = THIS_RUN if here == SAME else f"{THIS_RUN}: {here}"
        return [*("" if curve in self._more else names[curve.run] for curve in earlier), told]

    def labels(self) -> list[str]:
        """The labels of the earlier curves, and then of this run's."""
        *runs, here = self.runs()
        names = [kept.curve.name for kept in self.earlier]
        named = here if self.run else THIS_RUN
        own = f"{named} {self._own_name}".strip() + here.removeprefix(named)
        return [*(f"{run} {name}".strip() for run, name in zip(runs, names, strict=True)), own]

    def ends(self) -> list[str]:
        """The last number of the earlier curves, and then of this run's; empty where there are none to compare."""
        if not (self.earlier and self.losses):
            return []
        return [number(values[-1], 3) for values in (*(kept.curve.values for kept in self.earlier), self.losses)]
