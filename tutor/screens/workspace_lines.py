"""What the top line and the status line of the workspace say."""

from __future__ import annotations

from textual.content import Content

from tutor.lessons.model import (
    AnyStep,
    ChoiceStep,
    CodeStep,
    Course,
    ExperimentStep,
    OrderStep,
    PredictStep,
    ReadStep,
    StepRef,
)
from tutor.screens.outline import States
from tutor.screens.overview import MARKS, state_of
from tutor.widgets.status_line import Key

STYLES = {"dim": "$faint", "begun": "$warning", "done": "$success"}

RUN = Key("F5", "Run", "screen.run")
STOP = Key("Esc", "Stop", "screen.stop")
HINT = Key("F2", "Hint", "screen.hint")
ANSWER = Key("F3", "Answer", "screen.answer")
NEXT = Key("^N", "Next", "screen.next")
BACK = Key("^B", "Back", "screen.back")
MAP = Key("F4", "Map", "screen.map")
PANE = Key("F6", "Pane", "screen.pane(1)")
TO_PAGE = Key("F6", "Page", "screen.pane(1)")
TO_EDITOR = Key("F6", "To your code", "screen.pane(1)")
MOVE = Key("Alt+↑↓", "Move", "screen.line_up")
PUT_AWAY = Key("Space", "Put away", "screen.put_away")
VALUE = Key("Alt+←→", "Value", "screen.value(1)")
HELP = Key("F1", "Help", "app.help")
ALL = Key("^P", "All", "app.command_palette")


def path_of(course: Course, ref: StepRef) -> tuple[Content, ...]:
    """Lesson › step; the lesson's title up to its colon; the step alone."""
    lesson = course.lesson(ref.lesson)
    step = Content.styled(lesson.step(ref.step).title, "bold")
    titles = dict.fromkeys((lesson.title, lesson.title.split(":")[0]))
    return *(Content.assemble((f"{title}  ›  ", "$quiet"), step) for title in titles), step


def progress_of(course: Course, ref: StepRef, states: States) -> tuple[Content, ...]:
    """Dots and count; the count alone where the dots leave no room. The dot of this step is the accented one."""
    steps = course.lesson(ref.lesson).steps
    number = [step.id for step in steps].index(ref.step) + 1
    dots = []
    for step in steps:
        mark = MARKS[state_of(states, StepRef(ref.lesson, step.id))]
        here = step.id == ref.step
        style = "bold $primary" if here else STYLES[mark.style]
        dots.append(Content.styled("◆" if here and mark.style != "done" else mark.glyph, style))
    count = Content.styled(f"{number} of {len(steps)}", "$quiet")
    return Content.assemble(*dots, "  ", count), count


def keys_of(
    step: AnyStep, *, running: bool, done: bool, at_code: bool, narrow: bool, page_over: bool
) -> tuple[Key, ...]:
    """The keys that matter now, the most useful first."""
    tail = (MAP, BACK, HELP, ALL)
    pane = TO_PAGE if narrow else PANE
    if page_over:
        return (TO_EDITOR, RUN, NEXT, *tail)
    if running:
        return (STOP, pane, NEXT, *tail)
    match step:
        case OrderStep() | ExperimentStep():
            own = own_keys(step)
            return (NEXT, RUN, *own, pane, *tail) if done else (RUN, *own, HINT, pane, NEXT, ANSWER, *tail)
        case CodeStep():
            return (NEXT, RUN, pane, HINT, *tail) if done else (RUN, HINT, pane, NEXT, ANSWER, *tail)
        case ReadStep():
            return (NEXT, RUN, pane, *tail) if at_code else (NEXT, *tail)
        case PredictStep() if done:
            return (NEXT, RUN, *tail) if not at_code else (RUN, NEXT, pane, *tail)
        case ChoiceStep() | PredictStep():
            return (NEXT, *tail) if done else (Key("1–9", "Pick", "screen.pane(0)"), ANSWER, NEXT, *tail)


def own_keys(step: OrderStep | ExperimentStep) -> tuple[Key, ...]:
    """The keys that only a kind of step has."""
    if isinstance(step, ExperimentStep):
        return (VALUE,)
    return (MOVE, PUT_AWAY) if step.distractors else (MOVE,)
