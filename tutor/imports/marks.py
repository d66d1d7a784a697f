"""The marks by which nbgrader and otter-assign tell what is the solution in a cell.

nbgrader: `### BEGIN SOLUTION` … `### END SOLUTION`, and `### BEGIN HIDDEN TESTS` in a cell of tests.
otter-assign: `# BEGIN SOLUTION` … `# END SOLUTION`, lines that end in `# SOLUTION`, `# SOLUTION NO PROMPT` or `# SEED`,
and a prompt for learners between `# BEGIN PROMPT` and `# END PROMPT`.
"""

from __future__ import annotations

import re

_BEGIN = re.compile(r"^(\s*)#+\s*BEGIN SOLUTION\b(\s+NO PROMPT)?", re.IGNORECASE)
_END = re.compile(r"^\s*#+\s*END SOLUTION\b", re.IGNORECASE)
_LINE = re.compile(r"^(?P<code>.*?)\s*#\s*(?P<mark>SOLUTION NO PROMPT|SOLUTION|SEED)\s*$")
_ASSIGNED = re.compile(r"^(\s*(?:[\w.\[\]'\"]+\s*(?:,\s*[\w.]+\s*)*)=)(?!=)")
_PROMPT_BEGIN, _PROMPT_END = re.compile(r"#\s*BEGIN PROMPT", re.I), re.compile(r"#\s*END PROMPT", re.I)
_UNWRITTEN = re.compile(r"^\s*(#\s*YOUR CODE HERE\s*|raise NotImplementedError\(?\)?\s*)$", re.MULTILINE)


def is_marked(code: str) -> bool:
    """Whether a cell holds a solution by its marks."""
    return any(_BEGIN.match(line) or _LINE.match(line) for line in code.split("\n"))


def is_unwritten(code: str) -> bool:
    """Whether a cell is a learner's version, whose solution is not in the notebook."""
    return bool(_UNWRITTEN.search(code))


def starter_and_solution(code: str) -> tuple[str, str]:
    """What learners begin with, and the whole program."""
    starter: list[str] = []
    solution: list[str] = []
    inside = prompt = False
    for line in code.split("\n"):
        if _PROMPT_BEGIN.search(line) or (prompt and not _PROMPT_END.search(line)):
            starter += [] if _PROMPT_BEGIN.search(line) else [line]
            prompt = True
        elif _PROMPT_END.search(line):
            prompt = False
        elif begin := _BEGIN.match(line):
            inside = True
            starter += [] if begin[2] else [f"{begin[1]}..."]
        elif _END.match(line):
            inside = False
        elif inside:
            solution.append(line)
        elif marked := _LINE.match(line):
            solution.append(marked["code"])
            starter += _prompt_of(marked["code"]) if marked["mark"] == "SOLUTION" else []
        else:
            starter.append(line)
            solution.append(line)
    return _clean(_UNWRITTEN.sub("", "\n".join(starter))), _clean("\n".join(solution))


def _prompt_of(line: str) -> list[str]:
    """`x = 5` becomes `x = ...`; any other line, `...`."""
    assigned = _ASSIGNED.match(line)
    indent = line[: len(line) - len(line.lstrip())]
    return [f"{assigned[1]} ..." if assigned else f"{indent}..."]


def _clean(code: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", code).strip("\n") + "\n"
