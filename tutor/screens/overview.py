"""What the course map shows, worked out from the course and the states of its steps."""

from __future__ import annotations

import msgspec

from tutor.lessons.model import Course, Lesson, StepRef
from tutor.progress import State
from tutor.screens.outline import States, outline_of
from tutor.widgets.lesson_detail import StepLine
from tutor.widgets.map_rows import ContinueRow, LessonLine, MapRow


class Mark(msgspec.Struct, frozen=True):
    """How a state is drawn: a glyph, and the style of a row list that repeats what the glyph says."""

    glyph: str
    style: str


MARKS = {
    State.NEW: Mark("○", "dim"),
    State.BEGUN: Mark("◐", "begun"),
    State.PASSED: Mark("●", "done"),
    State.PASSED_WITH_ANSWER: Mark("◉", "done"),
}
"""The mark of each state; the help screen explains them."""


def map_rows(course: Course, position: StepRef | None, states: States) -> tuple[MapRow | None, ...]:
    """The rows of the map: where to go on, an empty line, the lessons."""
    rows = lesson_lines(course, states)
    place = place_to_continue(course, position, states)
    return rows if place is None else (continue_row(course, place, begun=bool(states)), None, *rows)


def continue_row(course: Course, ref: StepRef, *, begun: bool) -> ContinueRow:
    """The row that goes on with a step."""
    lesson = course.lesson(ref.lesson)
    number = [step.id for step in lesson.steps].index(ref.step) + 1
    words = f"{lesson.title}, step {number} of {len(lesson.steps)}: {lesson.step(ref.step).title}"
    return ContinueRow(ref, "Continue" if begun else "Start", words)


def lesson_lines(course: Course, states: States) -> tuple[LessonLine, ...]:
    """The lessons, in the course's order."""
    outline = outline_of(course)
    done, opened = outline.done(states), outline.opened(states)
    lines = []
    for number, lesson in enumerate(course.lessons, 1):
        count, steps = done.get(lesson.id, 0), len(lesson.steps)
        mark = MARKS[State.PASSED if count and count == steps else State.BEGUN if lesson.id in opened else State.NEW]
        after = tuple(sorted(outline.number[needed] for needed in outline.still_open(lesson, done)))
        lines.append(
            LessonLine(lesson.id, number, lesson.title, mark.glyph, mark.style, count, steps, lesson.minutes, after)
        )
    return tuple(lines)


def step_lines(lesson: Lesson, states: States, here: StepRef | None) -> tuple[StepLine, ...]:
    """The steps of a lesson, one of them marked as the place to go on."""
    refs = [StepRef(lesson.id, step.id) for step in lesson.steps]
    marks = [MARKS[state_of(states, ref)] for ref in refs]
    return tuple(
        StepLine(ref, step.title, step.kind, mark.glyph, mark.style, here=ref == here)
        for ref, step, mark in zip(refs, lesson.steps, marks, strict=True)
    )


def needed_lessons(course: Course, lesson: Lesson, states: States) -> tuple[tuple[str, bool], ...]:
    """Titles of the lessons that a lesson builds on, in the course's order, and whether each is finished."""
    outline = outline_of(course)
    numbers = sorted(outline.number[needed] for needed in lesson.requires.lessons if needed in outline.number)
    others = [course.lessons[number - 1] for number in numbers]
    return tuple((other.title, steps_done(other, states) == len(other.steps)) for other in others)


def steps_done(lesson: Lesson, states: States) -> int:
    """How many of the lesson's steps are passed."""
    return sum(state_of(states, StepRef(lesson.id, step.id)).done for step in lesson.steps)


def state_of(states: States, ref: StepRef) -> State:
    """The state of a step; new where nothing is known of it."""
    return states.get(ref, State.NEW)


# ---- finding the way --------------------------------------------------------------------------------------------


def first_open(lesson: Lesson, states: States) -> StepRef | None:
    """Where to go on in a lesson: its first step that is not done, or its first; None where it has no steps."""
    refs = [StepRef(lesson.id, step.id) for step in lesson.steps]
    return next((ref for ref in refs if not state_of(states, ref).done), refs[0] if refs else None)


def place_to_continue(course: Course, position: StepRef | None, states: States) -> StepRef | None:
    """Where the learner was; where that step is gone, the first step that is not done; None in an empty course."""
    outline = outline_of(course)
    if position in outline.place:
        return position
    refs = outline.refs
    return next((ref for ref in refs if not state_of(states, ref).done), refs[0] if refs else None)


def neighbour(course: Course, ref: StepRef, offset: int) -> StepRef | None:
    """The step `offset` places on, across lessons; None beyond the ends."""
    outline = outline_of(course)
    index = outline.place[ref] + offset
    return outline.refs[index] if 0 <= index < len(outline.refs) else None
