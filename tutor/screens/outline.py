"""Where each step of a course is, worked out once, so that a course of a thousand lessons is looked through once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tutor.lessons.model import Course, Lesson, StepRef
from tutor.progress import State

States = Mapping[StepRef, State]


class Outline:
    """The steps of a course in order, and how many of them are done."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.refs = tuple(StepRef(lesson.id, step.id) for lesson in course.lessons for step in lesson.steps)
        self.place = {ref: index for index, ref in enumerate(self.refs)}
        """The index of each step."""
        self.number = {lesson.id: number for number, lesson in enumerate(course.lessons, 1)}
        """The number of each lesson, counted from 1."""
        self._steps = {lesson.id: len(lesson.steps) for lesson in course.lessons}
        self._counted: tuple[States, Mapping[str, int]] | None = None

    def done(self, states: States) -> Mapping[str, int]:
        """By lesson, how many of its steps are done; a lesson without any is not in it."""
        if self._counted is None or self._counted[0] is not states:  # who keeps states never changes them
            done = Counter(ref.lesson for ref in self._known(states) if states[ref].done)
            self._counted = states, done
        return self._counted[1]

    def opened(self, states: States) -> frozenset[str]:
        """The lessons in which any step was opened."""
        return frozenset(ref.lesson for ref in self._known(states) if states[ref] is not State.NEW)

    def still_open(self, lesson: Lesson, done: Mapping[str, int]) -> Iterable[str]:
        """The lessons that a lesson builds on, as far as they are not finished."""
        return (one for one in lesson.requires.lessons if done.get(one, 0) < self._steps.get(one, 0))

    def _known(self, states: States) -> Iterable[StepRef]:
        return states.keys() & self.place.keys()  # progress also knows steps that are gone from the course


_last: list[Outline] = []


def outline_of(course: Course) -> Outline:
    """The outline of a course; that of the last one is kept, as a tutor shows one course at a time."""
    if not _last or _last[0].course is not course:
        _last[:] = [Outline(course)]
    return _last[0]
