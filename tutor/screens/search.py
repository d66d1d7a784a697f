"""Finding steps by words of their titles and texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tutor.lessons.model import AnyStep, ChoiceStep, Course, PredictStep, ReadStep, StepRef
from tutor.widgets.map_rows import MatchRow


class _Entry(NamedTuple):
    """A step as it is searched: its title with the lesson's, and its text, both in lower case; and its row."""

    title: str
    text: str
    row: MatchRow


class Search:
    """All steps of a course, made ready once, so that each key finds them at once."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self._all = tuple(
            entry(StepRef(lesson.id, step.id), lesson.title, step) for lesson in course.lessons for step in lesson.steps
        )
        self._last: tuple[str, tuple[_Entry, ...]] = ("", self._all)

    def find(self, words: str) -> tuple[MatchRow, ...]:
        """Steps whose titles or texts hold every word, those with all words in a title first."""
        words = words.lower()
        wanted = words.split()
        if not wanted:
            return ()
        before, among = self._last
        found = tuple(self._holding(wanted, among if words.startswith(before) else self._all))
        self._last = words, found  # with more letters, only what was found before can still be found
        titled = [all(word in one.title for word in wanted) for one in found]
        first = (one.row for one, is_titled in zip(found, titled, strict=True) if is_titled)
        then = (one.row for one, is_titled in zip(found, titled, strict=True) if not is_titled)
        return (*first, *then)

    @staticmethod
    def _holding(wanted: list[str], entries: tuple[_Entry, ...]) -> Iterator[_Entry]:
        for one in entries:
            title, text, _ = one
            for word in wanted:  # a loop, as all() of a generator takes three times as long
                if word not in text and word not in title:
                    break
            else:
                yield one


def entry(ref: StepRef, lesson_title: str, step: AnyStep) -> _Entry:
    """A step made ready."""
    text = " ".join(step_text(step).split())
    row = MatchRow(ref, f"{lesson_title} › {step.title}", text)
    return _Entry(f"{lesson_title} {step.title}".lower(), text.lower(), row)


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
