"""An exception of the learner's program as an `ErrorReport`: their own frames, the line, and what its names held."""

from __future__ import annotations

import ast
import itertools
import linecache
import traceback
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import torch

from tutor.runtime.caps import Caps, clean, type_name
from tutor.runtime.nearest import nearest
from tutor.runtime.observe import observe
from tutor.runtime.values import ErrorReport, Frame, Variable

Part = Literal["setup", "code", "given", "console"]
Parts = Mapping[str, Part]
"""Which part of the program each file name stands for."""

_Module = torch.nn.Module
_Tensor = torch.Tensor
_FRAMES_FIRST, _FRAMES_LAST = 10, 40
_INVOLVED = 12
_TEXT, _MESSAGE = 8000, 4000


def report(error: BaseException, parts: Parts) -> ErrorReport:
    """The report of an exception; a hostile exception gives a poorer report, never another exception."""
    try:
        return _report(error, parts)
    except BaseException:
        return ErrorReport(type=type_name(error), message="<the error could not be described>")


def _report(error: BaseException, parts: Parts) -> ErrorReport:
    steps = _own_steps(error.__traceback__, parts)
    frames = tuple(_frame(frame, line, parts) for frame, line in _shortened(steps))
    line = next((line for frame, line in reversed(steps) if parts[frame.f_code.co_filename] == "code"), None)
    if isinstance(error, SyntaxError) and error.filename and error.filename in parts and type(error.lineno) is int:
        part = parts[error.filename]
        source = clean(linecache.getline(error.filename, error.lineno).rstrip("\n"), 500)
        frames += (Frame(line=error.lineno, function="<module>", source=source, part=part),)
        line = error.lineno if part == "code" else line
    return ErrorReport(
        type=type_name(error),
        message=message_of(error),
        line=line,
        frames=frames,
        involved=_involved(*steps[-1]) if steps and not isinstance(error, SyntaxError) else (),
        text=_with_nearest(_text(error, parts), error, steps[-1][0] if steps else None),
    )


def message_of(error: BaseException) -> str:
    """`str(error)`, bounded; empty where the error's own `__str__` fails."""
    try:
        # The message alone: str() of a SyntaxError adds its file and line.
        text = error.msg if isinstance(error, SyntaxError) and type(error.msg) is str else str(error)
        return clean(str.__str__(text), _MESSAGE)
    except BaseException:
        return ""


def _own_steps(chain: types.TracebackType | None, parts: Parts) -> list[tuple[types.FrameType, int]]:
    steps = []
    while chain is not None:
        if chain.tb_frame.f_code.co_filename in parts:
            steps.append((chain.tb_frame, chain.tb_lineno))
        chain = chain.tb_next
    return steps


def _shortened(steps: list[tuple[types.FrameType, int]]) -> list[tuple[types.FrameType, int]]:
    if len(steps) <= _FRAMES_FIRST + _FRAMES_LAST:
        return steps
    return steps[:_FRAMES_FIRST] + steps[-_FRAMES_LAST:]


def _frame(frame: types.FrameType, line: int, parts: Parts) -> Frame:
    code = frame.f_code
    source = clean(linecache.getline(code.co_filename, line).rstrip("\n"), 500)
    return Frame(line=line, function=clean(code.co_name, 200), source=source, part=parts[code.co_filename])


def _text(error: BaseException, parts: Parts) -> str:
    try:
        whole = traceback.TracebackException.from_exception(error, compact=True)
        _keep_own_frames(whole, parts, set())
        return clean("".join(itertools.islice(whole.format(), 500)), _TEXT)
    except BaseException:
        return f"{type_name(error)}: {message_of(error)}\n"


def _with_nearest(text: str, error: BaseException, frame: types.FrameType | None) -> str:
    """The text, with the name that was probably meant where Python itself does not say it."""
    try:
        name = "" if "Did you " in text else nearest(error, frame)
    except Exception:
        return text  # an object of the program that answers no question
    return f"{text.rstrip()}. Did you mean: '{clean(name, 200)}'?\n" if name else text


def _keep_own_frames(whole: traceback.TracebackException, parts: Parts, seen: set[int]) -> None:
    if id(whole) in seen:
        return
    seen.add(id(whole))
    whole.stack[:] = [summary for summary in whole.stack if summary.filename in parts]
    for other in (whole.__cause__, whole.__context__, *(getattr(whole, "exceptions", None) or ())):
        if other is not None:
            _keep_own_frames(other, parts, seen)


def _involved(frame: types.FrameType, line: int) -> tuple[Variable, ...]:
    lines = linecache.getlines(frame.f_code.co_filename)
    caps = Caps(elements=0, items=20, depth=2, text=300)
    found = []
    for name in itertools.islice(names_of_line("".join(lines), line), 3 * _INVOLVED):
        try:
            value = _look_up(name, frame)
            if _shown(value):
                found.append(Variable(name=clean(name, 200), value=observe(value, caps)))
        except Exception:
            continue  # an undefined name, or a property that fails: there is nothing to show
        if len(found) == _INVOLVED:
            break
    return tuple(found)


def _look_up(name: str, frame: types.FrameType) -> Any:
    first, *rest = name.split(".")
    value = frame.f_locals[first] if first in frame.f_locals else frame.f_globals[first]
    for attribute in rest:
        if not issubclass(type(value), (_Module, _Tensor)) and not hasattr(type(value), "__dict__"):
            raise AttributeError(attribute)
        value = getattr(value, attribute)
    return value


def _shown(value: Any) -> bool:
    hidden = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type)
    return not issubclass(type(value), hidden)


def names_of_line(source: str, line: int) -> Iterator[str]:
    """The names, and dotted names, that the innermost statement at `line` uses, in the order in which they stand."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    nodes = sorted(_expressions(_statement_at(tree, line)), key=lambda node: (node.lineno, node.col_offset))
    seen = set()
    for node in nodes:
        name = ast.unparse(node)
        if name not in seen:
            seen.add(name)
            yield name


def _statement_at(tree: ast.AST, line: int) -> list[ast.AST]:
    best: ast.stmt | None = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            best = node if best is None or node.lineno >= best.lineno else best
    if best is None:
        return []
    # Of a block (for, if, with), only its own first line belongs to the failing line.
    return [child for child in ast.iter_child_nodes(best) if not isinstance(child, (ast.stmt, ast.excepthandler))]


def _expressions(nodes: list[ast.AST]) -> Iterator[ast.Name | ast.Attribute]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node
        elif isinstance(node, ast.Attribute) and _is_dotted(node):
            yield from _prefixes(node)
        elif not isinstance(node, (ast.Lambda, ast.FunctionDef)):
            yield from _expressions(list(ast.iter_child_nodes(node)))


def _is_dotted(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_dotted(node.value))


def _prefixes(node: ast.Attribute) -> Iterator[ast.Name | ast.Attribute]:
    if isinstance(node.value, ast.Attribute):
        yield from _prefixes(node.value)
    elif isinstance(node.value, ast.Name):
        yield node.value
    yield node
