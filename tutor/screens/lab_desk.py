"""The part of the desk that experiments have: parameters above the program, curves that stay, questions."""

from __future__ import annotations

import itertools

from textual import on
from textual.message import Message

from tutor.lessons.model import ExperimentStep, StepRef
from tutor.lessons.settings import Setting, all_settings, label, value_text
from tutor.plots import curves_of
from tutor.runtime.protocol import Report
from tutor.screens.lab import Lab
from tutor.screens.services import Attempted, Services
from tutor.screens.writing_desk import WritingDesk
from tutor.widgets.choices import Choices
from tutor.widgets.parameters import ParameterRows

KEPT = "experiment"
"""Under which progress keeps how far the learner is."""


class LabDesk(WritingDesk):
    """Keeps the experiment of the step, where it is one."""

    class Solved(Message):
        """The last question was answered right; the step is passed."""

        def __init__(self, ref: StepRef) -> None:
            super().__init__()
            self.ref = ref

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self.lab: Lab | None = None

    @property
    def parameters(self) -> ParameterRows:
        """The values of the parameters."""
        return self.query_one(ParameterRows)

    @property
    def lab_begins(self) -> bool:
        """Whether the learner begins with the parameters, as there is nothing to write."""
        return self.lab is not None and not self.lab.step.checks

    @property
    def setting(self) -> Setting | None:
        """What is chosen; None where the step is no experiment."""
        if self.lab is None:
            return None
        values = self.lab.step.parameters
        return {name: values[name][at] for name, at in zip(values, self.parameters.at, strict=True)}

    def open_lab(self) -> None:
        """Show the parameters of an experiment, and how far the learner is."""
        step = self.step
        self.lab = None
        if isinstance(step, ExperimentStep) and self.ref is not None:
            self.lab = Lab(step, self.services.progress.kept(self.ref, KEPT))
            rows = {name: [value_text(value) for value in values] for name, values in step.parameters.items()}
            self.parameters.open(rows, self._place_of_last())
            self._show_tried()
        self.set_class(self.lab is not None, "-experiment")

    def _place_of_last(self) -> tuple[int, ...]:
        """Where the setting that ran last stands; the first values where none has run."""
        assert self.lab is not None
        places = places_of(self.lab.step)
        return places.get(self.lab.kept.tried[-1] if self.lab.kept.tried else "", next(iter(places.values())))

    def _show_tried(self) -> None:
        if self.lab is not None:
            places = places_of(self.lab.step)
            self.parameters.show_tried(frozenset(places[tried] for tried in self.lab.kept.tried))

    # ---- runs ---------------------------------------------------------------------------------------------------

    async def note_run(self, ref: StepRef, lab: Lab, setting: Setting, attempt: Attempted) -> None:
        """Keep what a run means for the experiment, also where the learner has gone to another step."""
        reference = await self.services.examiner.reference(lab.step, setting)
        like_solution = attempt.report.outcome is reference.outcome
        lab.note_run(setting, ended_like_solution=like_solution, passed=attempt.passed)
        self._keep(ref, lab)
        if self.lab is lab:
            self._show_tried()
            self.show_question()

    def show_curves(self, step: ExperimentStep, report: Report) -> None:
        """Draw the lists that the author named; without names, the losses are drawn already."""
        if step.plot:
            curves = curves_of(step, report)
            self.results.curve.put_lists(curves or dict.fromkeys(step.plot, ()))
            self.results.has_curve = bool(curves)

    def _keep(self, ref: StepRef, lab: Lab) -> None:
        self.services.progress.keep(ref, KEPT, lab.kept)
        if lab.done:
            self.services.progress.mark_passed(ref)

    # ---- questions ----------------------------------------------------------------------------------------------

    def show_question(self) -> None:
        """Show the question that is next, or what is missing before it comes."""
        if self.lab is not None:
            shown = self.lab.shown()
            self.results.quiz.put(shown.ask, shown.options, shown.reply, several=shown.several, locked=shown.locked)

    @property
    def question_waits(self) -> bool:
        """Whether a question is open and not answered."""
        return self.lab is not None and self.lab.open and not self.lab.answered

    def reveal(self) -> None:
        """Show the answer of the question that is on."""
        if self.lab is not None and self.ref is not None and self.lab.reveal():
            self.services.progress.show_answer(self.ref)
            self.results.choose("questions")
            self._after_pick(self.lab)

    @on(Choices.Picked)
    def _pick(self, event: Choices.Picked) -> None:
        event.stop()
        if self.lab is not None:
            self.lab.pick(event.index)
            self._after_pick(self.lab)

    @on(Choices.HandedIn)
    def _hand_in(self, event: Choices.HandedIn) -> None:
        event.stop()
        if self.lab is not None:
            self.lab.hand_in()
            self._after_pick(self.lab)

    @on(Choices.Onward)
    def _go_on(self, event: Choices.Onward) -> None:
        event.stop()
        if self.lab is not None and self.lab.go_on():
            self.show_question()

    def _after_pick(self, lab: Lab) -> None:
        assert self.ref is not None
        self._keep(self.ref, lab)
        self.show_question()
        self.say("")
        if lab.done:
            self.post_message(self.Solved(self.ref))

    @on(ParameterRows.Chosen)
    def _chosen(self, event: ParameterRows.Chosen) -> None:
        event.stop()


def places_of(step: ExperimentStep) -> dict[str, tuple[int, ...]]:
    """By the label of each setting, the places of its values in their rows."""
    places = itertools.product(*(range(len(values)) for values in step.parameters.values()))
    return {label(setting): place for setting, place in zip(all_settings(step), places, strict=True)}
