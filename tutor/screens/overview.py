"""What the course map shows, worked out from the course and the states of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from tutor.lessons.model import AnyStep, ChoiceStep, Course, Lesson, PredictStep, ReadStep, StepRef
from tutor.progress import State
from tutor.widgets.lesson_detail import StepLine
from tutor.widgets.map_rows import ContinueRow, LessonLine, MapRow, MatchRow

States = Mapping[StepRef, State]
EXCERPT = 60
"""Characters of text that a search result shows."""


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
    numbers = {lesson.id: number for number, lesson in enumerate(course.lessons, 1)}
    done = {lesson.id: steps_done(lesson, states) for lesson in course.lessons}
    still_open = {lesson.id for lesson in course.lessons if done[lesson.id] < len(lesson.steps)}
    lines = []
    for lesson in course.lessons:
        mark = MARKS[lesson_state(lesson, done[lesson.id], states)]
        after = tuple(sorted(numbers[needed] for needed in lesson.requires.lessons if needed in still_open))
        lines.append(
            LessonLine(
                lesson_id=lesson.id,
                number=numbers[lesson.id],
                title=lesson.title,
                glyph=mark.glyph,
                style=mark.style,
                done=done[lesson.id],
                steps=len(lesson.steps),
                minutes=lesson.minutes,
                after=after,
            )
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
    """Titles of the lessons that a lesson builds on, and whether each is finished."""
    others = [other for other in course.lessons if other.id in lesson.requires.lessons]
    return tuple((other.title, steps_done(other, states) == len(other.steps)) for other in others)


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


def search(course: Course, words: str) -> tuple[MatchRow, ...]:
    """Steps whose titles or texts hold every word, those with all words in a title first."""
    wanted = words.lower().split()
    if not wanted:
        return ()
    titled: list[MatchRow] = []
    other: list[MatchRow] = []
    for lesson in course.lessons:
        for step in lesson.steps:
            title = f"{lesson.title} {step.title}".lower()
            text = " ".join(step_text(step).split())
            if not all(word in title or word in text.lower() for word in wanted):
                continue
            match = MatchRow(StepRef(lesson.id, step.id), f"{lesson.title} › {step.title}", excerpt(text, wanted))
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
