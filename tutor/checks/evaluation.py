"""`evaluation`: a model is evaluated in eval mode, without gradients, on data that it was not trained on."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from tutor.checks.base import Check, Finding
from tutor.checks.observed import could_not_judge, failed, not_attempted, passed, seen_of, wanted_of
from tutor.runtime.protocol import EvaluationProbe, Probe, Report
from tutor.runtime.values import CallsSeen, EvaluationCall, EvaluationSeen, ModuleSeen

Test = Callable[[EvaluationCall], bool]


class Evaluation(Check, frozen=True, kw_only=True):
    """A model is called on the test data in eval mode, with no gradients recorded, and was not trained on those data.

    What it does: looks at the calls of the model that no backward went through. Which data a call had is told by the
    numbers, row by row, so it does not matter whether they came as a whole, in batches or shuffled. What the solution
    does, too, is no fault.
    Why it matters: in training mode, dropout and batch norm change the result; on its own training data a model that
    learned by heart looks good.
    Example: `{kind: evaluation, model: model, data: x_test}`.
    Use instead: `metric` for the accuracy that comes out.
    """

    kind: ClassVar[str] = "evaluation"

    model: str
    """An expression that gives the module, called by its own name in the program."""
    data: str | None = None
    """What it must be evaluated on, as the model gets it: a tensor, a list of tensors, a dataset or a loader."""

    @property
    def title(self) -> str:
        """What is looked at."""
        return f"evaluation of {self.model}"

    def probes(self) -> tuple[Probe, ...]:
        """The calls of the model, and the rows that they had."""
        return (EvaluationProbe(self.id, self.model, self.data),)

    def judge(self, seen: Report, expected: Report, code: str) -> Finding:
        """Was it evaluated, on which data, in which mode."""
        wanted = wanted_of(expected, self.id, self.model)
        if isinstance(wanted, Finding):
            return wanted
        if not isinstance(wanted, EvaluationSeen):
            return could_not_judge(f"the solution's `{self.model}` is no module")
        if self.data is not None and not wanted.rows:
            return could_not_judge(f"`{self.data}` of the solution holds no rows to evaluate on")
        own = self._of_evaluation(wanted)
        if not own:
            return could_not_judge(f"the solution does not call `{self.model}` {self._on}")
        got = seen_of(seen, self.id, self.model, code)
        if isinstance(got, Finding):
            return got
        if not isinstance(got, EvaluationSeen):
            from tutor.checks.values import describe

            what = "something else" if isinstance(got, CallsSeen | ModuleSeen) else describe(got)
            return failed(f"got {what}, expected a module")
        calls = self._of_evaluation(got)
        return self._data(got, wanted, calls) or self._mode(calls, own) or self._passed(got, calls)

    @property
    def _on(self) -> str:
        return f"on `{self.data}`" if self.data is not None else "outside of training"

    def _of_evaluation(self, seen: EvaluationSeen) -> tuple[EvaluationCall, ...]:
        """The calls that evaluate: on the data; where none are named or found, those that are no training."""
        if seen.rows:
            calls = tuple(call for call in seen.calls if call.of_data)
            late = tuple(call for call in seen.calls if call.late and call.rows >= (seen.rows or 0))
            return calls or tuple(call for call in late if not call.of_training)  # the data were scaled on the way
        return tuple(call for call in seen.calls if call.late or not call.grad or not call.training)

    def _data(self, got: EvaluationSeen, wanted: EvaluationSeen, calls: tuple[EvaluationCall, ...]) -> Finding | None:
        """What is wrong with the data of the evaluation, and of the training."""
        relation = "evaluated-on-training-data"
        if got.rows and got.rows_trained > wanted.rows_trained:
            count = "all" if got.rows_trained == got.rows else f"{got.rows_trained}"
            finding = f"{count} of the {got.rows} rows of `{self.data}` were used in training"
            why = "A model can know by heart what it was trained on, so the result says nothing about new data."
            return failed(finding, why, f"Train on other data, and keep `{self.data}` for the end.", relation)
        known = [call for call in calls if call.of_training and 2 * call.of_training >= call.rows]
        if self.data is None and known and not any(c.of_training for c in self._of_evaluation(wanted)):
            return self._on_training(known[0])
        if calls:
            return None
        known = [call for call in got.calls if call.late and call.of_training]
        if known:
            return self._on_training(known[-1])
        if not got.trained and not got.calls:
            return not_attempted(f"`{self.model}` was never called", f"Call it: `{self.model}(…)`.")
        return not_attempted(f"`{self.model}` was not called {self._on}", self._next)

    def _on_training(self, call: EvaluationCall) -> Finding:
        where = f"line {call.line}" if call.line else "the last call"
        finding = f"{where} evaluates on {call.of_training} rows that the model was trained on"
        why = "A model can know by heart what it was trained on, so the result says nothing about new data."
        return failed(finding, why, self._next, "evaluated-on-training-data", call.line or None)

    @property
    def _next(self) -> str:
        return f"Give the model `{self.data}`." if self.data is not None else "Call it on data kept for the end."

    def _mode(self, calls: tuple[EvaluationCall, ...], own: tuple[EvaluationCall, ...]) -> Finding | None:
        """What is wrong with the state in which the model was evaluated, unless the solution has it, too."""
        call = _first(calls, own, lambda call: call.training)
        if call is not None:
            finding = f"{_line(call)} evaluates in training mode"
            why = "In training mode, layers such as dropout and batch norm do not do what they do for new data."
            next_ = f"Call `{self.model}.eval()` before it, and `{self.model}.train()` where training goes on."
            return failed(finding, why, next_, "train-mode-in-eval", call.line or None)
        call = _first(calls, own, lambda call: call.grad)
        if call is not None:
            finding = f"{_line(call)} records gradients while it evaluates"
            why = "Autograd keeps every step for a backward that never comes: it costs memory and time."
            return failed(finding, why, "Put it under `with torch.no_grad():`.", "grad-in-eval", call.line or None)
        return None

    def _passed(self, got: EvaluationSeen, calls: tuple[EvaluationCall, ...]) -> Finding:
        rows = max(call.rows for call in calls)
        new = " not trained on" if not any(call.of_training for call in calls) and got.trained else ""
        how = "in eval mode" if not any(call.training for call in calls) else "in training mode"
        return passed(f"{how}, on {rows} row{'s' * (rows != 1)}{new}")


def _first(calls: tuple[EvaluationCall, ...], own: tuple[EvaluationCall, ...], test: Test) -> EvaluationCall | None:
    """The first call for which something holds that holds for none of the solution's."""
    return None if any(map(test, own)) else next((call for call in calls if test(call)), None)


def _line(call: EvaluationCall) -> str:
    return f"line {call.line}" if call.line else "the program"
