"""What the course map shows, worked out from the course and the states of its steps; no Textual in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from tutor.lessons.model import AnyStep, ChoiceStep, Course, Lesson, PredictStep, ReadStep, StepRef
from tutor.progress import State

GLYPHS = {State.NEW: "○", State.BEGUN: "◐", State.PASSED: "●", State.PASSED_WITH_ANSWER: "◉"}
"""The mark of each state; the help screen explains them."""

States = Mapping[StepRef, State]
EXCERPT = 60
"""Characters of text that a search result shows."""


class LessonRow(msgspec.Struct, frozen=True):
    """One line of the map. `after` holds the numbers of lessons that it builds on and that are not finished."""

    number: int
    lesson: Lesson
    done: int
    state: State
    after: tuple[int, ...] = ()


class Match(msgspec.Struct, frozen=True):
    """A place where a search found its words."""

    ref: StepRef
    lesson: str
    step: str
    excerpt: str


def lesson_rows(course: Course, states: States) -> tuple[LessonRow, ...]:
    """The lines of the map, in the course's order."""
    numbers = {lesson.id: number for number, lesson in enumerate(course.lessons, 1)}
    done = {lesson.id: steps_done(lesson, states) for lesson in course.lessons}
    finished = {lesson.id for lesson in course.lessons if done[lesson.id] == len(lesson.steps)}
    return tuple(
        LessonRow(
            number=numbers[lesson.id],
            lesson=lesson,
            done=done[lesson.id],
            state=lesson_state(lesson, done[lesson.id], states),
            after=tuple(numbers[needed] for needed in lesson.requires.lessons if needed in numbers.keys() - finished),
        )
        for lesson in course.lessons
    )


def steps_done(lesson: Lesson, states: States) -> int:
    """How many of the lesson's steps are passed."""
    return sum(state_of(states, StepRef(lesson.id, step.id)).done for step in lesson.steps)


def state_of(states: States, ref: StepRef) -> State:
    """The state of a step; new where nothing is known of it."""
    return states.get(ref, State.NEW)


def lesson_state(lesson: Lesson, done: int, states: States) -> State:
    """Passed when every step is, begun when any step was opened."""
    if done and done == len(lesson.steps):
        return State.PASSED
    opened = any(state_of(states, StepRef(lesson.id, step.id)) is not State.NEW for step in lesson.steps)
    return State.BEGUN if opened else State.NEW


# ---- finding the way --------------------------------------------------------------------------------------------


def all_refs(course: Course) -> tuple[StepRef, ...]:
    """Every step, in order."""
    return tuple(StepRef(lesson.id, step.id) for lesson in course.lessons for step in lesson.steps)


def first_open(lesson: Lesson, states: States) -> StepRef | None:
    """Where to go on in a lesson: its first step that is not done, or its first; None where it has no steps."""
    refs = [StepRef(lesson.id, step.id) for step in lesson.steps]
    return next((ref for ref in refs if not state_of(states, ref).done), refs[0] if refs else None)


def place_to_continue(course: Course, position: StepRef | None, states: States) -> StepRef | None:
    """Where the learner was; where that step is gone, the first step that is not done; None in an empty course."""
    refs = all_refs(course)
    if position in refs:
        return position
    return next((ref for ref in refs if not state_of(states, ref).done), refs[0] if refs else None)


def neighbour(course: Course, ref: StepRef, offset: int) -> StepRef | None:
    """The step `offset` places on, across lessons; None beyond the ends."""
    refs = all_refs(course)
    index = refs.index(ref) + offset
    return refs[index] if 0 <= index < len(refs) else None


# ---- search -----------------------------------------------------------------------------------------------------


def search(course: Course, words: str) -> tuple[Match, ...]:
    """Steps whose titles or texts hold every word, those with all words in a title first."""
    wanted = words.lower().split()
    if not wanted:
        return ()
    titled: list[Match] = []
    other: list[Match] = []
    for lesson in course.lessons:
        for step in lesson.steps:
            title = f"{lesson.title} {step.title}".lower()
            text = " ".join(step_text(step).split())
            if not all(word in title or word in text.lower() for word in wanted):
                continue
            match = Match(StepRef(lesson.id, step.id), lesson.title, step.title, excerpt(text, wanted))
            (titled if all(word in title for word in wanted) else other).append(match)
    return (*titled, *other)


def step_text(step: AnyStep) -> str:
    """Everything of a step that the learner may read before passing it."""
    return "\n".join(step_texts(step))


def step_texts(step: AnyStep) -> Iterator[str]:
    """The texts that `step_text` joins."""
    match step:
        case ReadStep():
            yield step.text
            yield step.run or ""
        case ChoiceStep():
            yield step.ask
            yield from (option.text for option in step.options)
        case PredictStep():
            yield step.ask
            yield step.run
        case _:
            yield step.task
            yield step.starter


def excerpt(text: str, words: list[str]) -> str:
    """The part of the text around the first of the words that it holds."""
    found = [place for word in words if (place := text.lower().find(word)) >= 0]
    start = max(0, min(found, default=0) - EXCERPT // 3)
    piece = text[start : start + EXCERPT].strip()
    return ("…" if start else "") + piece + ("…" if start + EXCERPT < len(text) else "")
