"""Running changed solutions: a change that makes the program do something else should make a check fail."""

from __future__ import annotations

from msgspec import structs

from tutor.checks.syntax import same_program
from tutor.exercise import Examiner
from tutor.lessons.model import CodeStep, OrderStep
from tutor.proving.behaviour import Behaviour, behaviour, unsteady
from tutor.proving.mutants import KINDS, OF_LINES, Mutant, mutant, mutants
from tutor.proving.programs import NO_PROGRAM
from tutor.proving.proof import Flaw, Mutation, warning
from tutor.runtime.protocol import Outcome

SHORTEST_S = 2.0
"""Seconds that a changed program has at least, however quick the solution is."""


async def mutate(examiner: Examiner, step: CodeStep) -> tuple[Mutation, list[Flaw]]:
    """What became of small changes of a step's solution, and a flaw for each that nobody noticed."""
    expected = await examiner.reference(step)
    limits = structs.replace(step.limits, time_s=min(step.limits.time_s, max(SHORTEST_S, 10 * expected.seconds)))
    step = structs.replace(step, starter=NO_PROGRAM, limits=limits)
    again = behaviour((await examiner.attempt(step, step.solution, grading=True)).report)
    chance = unsteady(again, behaviour(expected))
    usual = again.without(chance)
    noticed, survived, flaws = 0, [], []
    for number, one in enumerate(_tried(step)):
        found = await _notices(examiner, step, one, usual, chance)
        if found:
            noticed += 1
        elif found is False:
            survived.append(one)
            if not one.because:
                flaws.append(_unnoticed(one))
        if found is not False and one.because:
            why = "a check notices it" if found else "it changes nothing that can be seen"
            flaws.append(warning(f"the excuse of this mutant is not needed: {why}", at=("mutants", number, "replace")))
    return Mutation(noticed=noticed, survived=tuple(survived)), flaws


def _tried(step: CodeStep) -> list[Mutant]:
    """The author's excused changes in their order, then those that are made here."""
    excused = [
        mutant(step.solution, step.solution.replace(*one.replace), "excused", one.because) for one in step.mutants
    ]
    prints_count = any(check.kind == "stdout" for check in step.checks)
    kinds = OF_LINES if isinstance(step, OrderStep) else KINDS
    made = mutants(step.solution, kinds=kinds, prints_count=prints_count)
    return [*excused, *(one for one in made if not any(same_program(one.code, other.code) for other in excused))]


async def _notices(examiner: Examiner, step: CodeStep, one: Mutant, usual: Behaviour, chance: set[str]) -> bool | None:
    """Whether a check fails for a changed program; None where the program does the same as before."""
    attempt = await examiner.attempt(step, one.code, grading=True)
    if attempt.report.outcome in (Outcome.RUNTIME_FAULT, Outcome.INTERRUPTED):
        return None
    if not attempt.passed:
        return True
    return None if behaviour(attempt.report).without(chance) == usual else False


def _unnoticed(one: Mutant) -> Flaw:
    lines = [f"- {line}" for line in one.old] + [f"+ {line}" for line in one.new]
    return Flaw(
        message=f"no check notices a change of the solution ({one.kind})",
        said="\n".join(lines),
        at=("solution",),
        line=one.line,
    )
