"""The console of a finished program: expressions and statements, run in its namespace until the tutor lets go of it."""

from __future__ import annotations

import ast
import linecache
import os
from collections.abc import Callable
from typing import Any

import msgspec

from tutor.runtime import errors, probes
from tutor.runtime.caps import Caps, text_of
from tutor.runtime.observe import observe
from tutor.runtime.protocol import Evaluate, Evaluated
from tutor.runtime.values import Value

CONSOLE = "<console>"
_TEXT = 20_000


def serve(
    namespace: dict[str, Any],
    parts: errors.Parts,
    hidden: frozenset[str],
    next_request: Callable[[], Evaluate | None],
    send: Callable[[bytes], None],
    limit: int,
) -> None:
    """Answer until there is nothing more to come; an answer larger than `limit` bytes comes without its values.

    The names in `hidden` are not listed among the variables.
    """
    owner = os.getpid()
    known: errors.Parts = {**parts, CONSOLE: "console"}
    while True:
        try:
            request = next_request()
        except KeyboardInterrupt:  # too late: what it was meant for is over
            continue
        if request is None:
            return
        answer = _answer(request.code, namespace, known, hidden)
        if os.getpid() != owner:
            return  # what was evaluated forked, and this is the fork
        body = msgspec.msgpack.encode(answer)
        if len(body) > limit:
            body = msgspec.msgpack.encode(Evaluated(text=answer.text, error=answer.error))
        send(body)


def _answer(code: str, namespace: dict[str, Any], parts: errors.Parts, hidden: frozenset[str]) -> Evaluated:
    error = None
    text, value = "", None
    linecache.cache[CONSOLE] = (len(code), None, [f"{line}\n" for line in code.split("\n")], CONSOLE)
    try:
        result = _run(code, namespace)
        if result is not None:
            text, value = _shown(result)
    except BaseException as raised:
        error = errors.report(raised, parts)
    try:
        with probes.undisturbed():
            variables = probes.variables(namespace, Caps(), hidden)
    except KeyboardInterrupt:
        variables = ()
    return Evaluated(text=text, value=value, error=error, variables=variables)


def _run(code: str, namespace: dict[str, Any]) -> Any:
    """Run the statements; the value of the last one, where that is an expression."""
    tree = ast.parse(code, CONSOLE)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, CONSOLE, "exec", dont_inherit=True), namespace)
        return None
    del tree.body[-1]
    exec(compile(tree, CONSOLE, "exec", dont_inherit=True), namespace)
    return eval(compile(ast.Expression(last.value), CONSOLE, "eval", dont_inherit=True), namespace)


def _shown(result: Any) -> tuple[str, Value]:
    with probes.undisturbed():
        return text_of(result, _TEXT), observe(result, Caps())
