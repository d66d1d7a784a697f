"""A lesson as Markdown, to be read anywhere."""

from __future__ import annotations

from tutor.exports.blocks import Block, blocks_of
from tutor.lessons.model import Lesson

_HEADINGS = {
    "setup": "This runs before your code:",
    "answer": "Start from:",
    "parameters": "Choose a value of each:",
    "snippet": "",
}


def markdown(lesson: Lesson, *, student: bool) -> str:
    """The text of the file."""
    return "\n\n".join(part for block in blocks_of(lesson, student=student) if (part := _shown(lesson, block))) + "\n"


def _shown(lesson: Lesson, block: Block) -> str:
    if block.kind == "check":
        return f"Check it: `torch-tutor check {lesson.id}/{block.step} FILE`"
    text = block.text if block.kind == "text" else _fenced(_HEADINGS[block.kind], block.text)
    if not block.title:
        return text
    return f"<details><summary>{block.title}</summary>\n\n{text}\n\n</details>"


def _fenced(heading: str, code: str) -> str:
    block = f"```python\n{code.rstrip()}\n```"
    return f"{heading}\n\n{block}" if heading else block
