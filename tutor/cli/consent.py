"""The question before a course from elsewhere is opened for the first time."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor import paths
from tutor.courses import UsedCourses
from tutor.lessons.model import Course
from tutor.widgets.formats import plural

QUESTION = """\
This course does not come with torch-tutor:

  {title} ({id} {version}), {lessons}, {steps}
  {place}

Its programs will run on this machine, in the tutor's sandbox, as yours do. `torch-tutor doctor` says what the sandbox
holds back here. If you know where the course comes from, open it."""


def agreed(course: Course, place: Path, shown: Path) -> bool:
    """Whether a course from elsewhere may be opened: it was before, or the learner says yes now.

    A zip that holds something else than before is a new course; a file or folder stays the one that was agreed to.
    """
    used = UsedCourses(paths.state_file())
    if not used.knows(place) and not _asked(course, shown):
        return False
    used.note(course, place, shown)
    return True


def _asked(course: Course, shown: Path) -> bool:
    steps = sum(len(lesson.steps) for lesson in course.lessons)
    print(
        QUESTION.format(
            title=course.title,
            id=course.id,
            version=course.version,
            lessons=plural(len(course.lessons), "lesson"),
            steps=plural(steps, "step"),
            place=shown.absolute(),
        )
    )
    sys.stdout.write("\nOpen it? [y/N] ")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
