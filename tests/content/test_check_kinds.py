"""The kinds of checks in small courses, run in the real sandbox: right programs pass, wrong ones fail as declared."""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tutor.exercise import Attempt, Examiner
from tutor.lessons.load import load_course, validate
from tutor.lessons.model import CodeStep, FixStep, Step, Wrong
from tutor.runtime.client import Runtime

FILES = sorted((Path(__file__).parent / "kinds").glob("*.yaml"))
PAGE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")


def of_the_page() -> list[Step]:
    """The steps that the page for authors shows."""
    blocks = re.findall(r"```yaml\n(- id:.*?)```", PAGE, re.DOTALL)
    steps = textwrap.indent("".join(blocks), "  ")
    with tempfile.TemporaryDirectory() as folder:
        lesson = Path(folder) / "page.yaml"
        lesson.write_text(f"format: 1\nid: page\ntitle: Page\nsteps:\n{steps}", encoding="utf-8")
        (Path(folder) / "checks.py").write_text(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0])
        return list(load_course(lesson).lessons[0].steps)


OWN = [(file.stem, step) for file in FILES for lesson in load_course(file).lessons for step in lesson.steps]
STEPS = [
    pytest.param(step, id=f"{name}/{step.id}")
    for name, step in (*OWN, *(("page", step) for step in of_the_page()))
    if isinstance(step, CodeStep) and step.checks
]

in_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def examiner() -> AsyncIterator[Examiner]:
    async with Runtime() as runtime:
        yield Examiner(runtime)


def wrong_code(step: CodeStep, wrong: Wrong) -> str:
    if wrong.code is not None:
        return wrong.code
    assert wrong.replace is not None
    assert step.solution.count(wrong.replace[0]) == 1
    return step.solution.replace(*wrong.replace)


def said(attempt: Attempt) -> str:
    lines = [f"{v.status} {v.title}: {v.finding} | {v.why} | {v.next} | {v.relation}" for v in attempt.verdicts]
    return "\n".join([*lines, attempt.report.stderr])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_courses_have_no_problem(file: Path) -> None:
    assert [str(problem) for problem in validate(file)] == []


@in_one_loop
@pytest.mark.parametrize("step", STEPS)
async def test_right_programs_pass_and_the_starter_does_not(examiner: Examiner, step: CodeStep) -> None:
    for right in (step.solution, *step.also_correct):
        attempt = await examiner.attempt(step, right)
        assert attempt.passed, f"{right}\n{said(attempt)}"
    starter = await examiner.attempt(step, step.starter)
    assert not starter.passed


@in_one_loop
@pytest.mark.parametrize("step", STEPS)
async def test_wrong_programs_fail_with_the_declared_words(examiner: Examiner, step: CodeStep) -> None:
    assert step.wrong or isinstance(step, FixStep)
    for wrong in step.wrong:
        attempt = await examiner.attempt(step, wrong_code(step, wrong))
        failed = [verdict.id for verdict in attempt.verdicts if not verdict.passed]
        assert failed, f"{wrong} passed"
        assert wrong.fails is None or wrong.fails in failed, said(attempt)
        assert wrong.says is None or wrong.says in said(attempt), said(attempt)
