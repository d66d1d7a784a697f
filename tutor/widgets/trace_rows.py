"""The turns of a training loop as rows of text, and the words on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from textual.content import Content

from tutor.checks.fault import Fault
from tutor.runtime.protocol import TraceEvent, TraceTotals
from tutor.widgets.formats import count, number, plural, visible
from tutor.widgets.turns import Turn
from tutor.widgets.verdict_rows import rich_words

Piece = tuple[str, str]
"""A text and its style, the last part of a `row--` class."""

LONG = {"zero_grad": "zero_grad", "forward": "forward", "backward": "backward", "step": "step"}
SHORT = {"zero_grad": "zero", "forward": "fwd", "backward": "back", "step": "step"}
_STYLES = {"zero_grad": "plain", "forward": "plain", "backward": "plain", "step": "plain"}
_ASIDE = ("item", "numpy")
"""Events that belong to no order; they are shown only where they are at fault."""
_NUMBER, _MODE, _VALUE = 6, 5, 9


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn as a row: the parts of its order, each with whether it is at fault."""

    turn: Turn
    parts: tuple[tuple[str, int, bool], ...]
    """Kind of event, how often in a row, at fault."""
    faults: tuple[int, ...] = ()
    """Places in the list of faults."""

    @property
    def bad(self) -> bool:
        """Whether a fault happened here."""
        return bool(self.faults)


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide the order of a turn may be, and in which words it is told."""

    words: Mapping[str, str]
    between: str
    order: int


def shown(turns: Sequence[Turn], faults: Sequence[Fault]) -> list[Shown]:
    """The rows of all turns, with the faults that happened in them."""
    guilty: dict[int, list[int]] = {}
    for index, fault in enumerate(faults):
        for place in fault.at:
            guilty.setdefault(place, []).append(index)
    return [_shown(turn, guilty) for turn in turns]


def _shown(turn: Turn, guilty: Mapping[int, list[int]]) -> Shown:
    here = [guilty[place] for place, _ in turn.events if place in guilty] if guilty else []
    events = [(_name(e), place in guilty) for place, e in turn.events if e.kind not in _ASIDE or place in guilty]
    parts = tuple((kind, len(list(same)), bad) for (kind, bad), same in groupby(events))
    return Shown(turn, parts, tuple(dict.fromkeys(index for indices in here for index in indices)))


def _name(event: TraceEvent) -> str:
    if event.kind == "mode":
        return "train()" if event.training else "eval()"
    return event.kind


def layout(rows: Sequence[Shown], width: int) -> Layout:
    """The longest words with which every order fits beside the other columns; the shortest where none do."""
    room = width - (2 + _NUMBER + 2 + _MODE + 2 + 2 * (_VALUE + 1))
    kinds = {row.parts for row in rows if row.turn.kind != "kept"}
    for words, between in ((LONG, " → "), (LONG, " "), (SHORT, " ")):
        needed = max((len(_order_text(parts, words, between)) for parts in kinds), default=0)
        if needed <= room:
            return Layout(words, between, max(needed, 14))
    return Layout(SHORT, " ", max(room, 10))


def _order_text(parts: Sequence[tuple[str, int, bool]], words: Mapping[str, str], between: str) -> str:
    return between.join(_word(part, words) for part in parts)


def _word(part: tuple[str, int, bool], words: Mapping[str, str]) -> str:
    kind, times, bad = part
    return ("✗" if bad else "") + words.get(kind, kind) + (f"×{times}" if times > 1 else "")


def heading(lay: Layout) -> str:
    """The names of the columns."""
    values = f" {'‖grad‖':>{_VALUE}} {'loss':>{_VALUE}}"
    return f"  {'turn':>{_NUMBER}}  {'mode':<{_MODE}}  {'what ran':<{lay.order}}{values}"


def pieces(row: Shown, lay: Layout, current: bool) -> list[Piece]:
    """A row."""
    turn = row.turn
    numbered = count(turn.number) if turn.number else ""
    out: list[Piece] = [("✗ " if row.bad else "▸ " if current else "  ", "bad" if row.bad else "accent")]
    out.append((f"{numbered:>{_NUMBER}}  ", "strong" if current else "dim"))
    out.append((f"{turn.mode[:_MODE]:<{_MODE}}  ", "begun" if "eval" in turn.mode and turn.kind == "turn" else "dim"))
    out += _order(row, lay)
    norm = number(turn.norm, 3) if turn.norm is not None else ""
    loss = number(turn.loss, 4) if turn.loss is not None else ""
    out.append((f" {norm:>{_VALUE}}", "dim"))
    out.append((f" {loss:>{_VALUE}}", "bad" if loss in ("nan", "inf", "-inf") else "plain"))
    return out


def _order(row: Shown, lay: Layout) -> list[Piece]:
    if row.turn.kind == "kept":
        text = f"… then {plural(row.turn.skipped, 'more turn')}" if row.turn.skipped else "…"
        return [(text[: lay.order].ljust(lay.order), "dim")]
    out: list[Piece] = []
    used = 0
    for index, part in enumerate(row.parts):
        between = lay.between if index else ""
        word = _word(part, lay.words)
        more = index + 1 < len(row.parts)
        if used + len(between) + len(word) + more > lay.order:
            out.append(("…", "dim"))
            used += 1
            break
        out += [(between, "dim"), (word, "bad" if part[2] else _style(row, part[0]))]
        used += len(between) + len(word)
    return [*out, (" " * max(0, lay.order - used), "plain")]


def _style(row: Shown, kind: str) -> str:
    return _STYLES.get(kind, "dim") if row.turn.kind == "turn" else "dim"


# ---- words ------------------------------------------------------------------------------------------------------


def summary(rows: Sequence[Shown], totals: TraceTotals, faults: Sequence[Fault]) -> Content:
    """How many turns, in which order, and which faults; the same as the rows show, in a sentence or two."""
    whole = [row for row in rows if row.turn.kind == "turn"]
    numbers = [row.turn.number for row in rows if row.turn.kind in ("turn", "kept")]
    turns = max(numbers, default=0)
    found: list[Content] = []
    for index, fault in enumerate(faults):
        times = sum(index in row.faults for row in rows)
        often = f", in {plural(times, 'turn')}" if times > 1 else ""
        found.append(Content.styled("✗ ", "bold $error") + rich_words(f"{_capital(fault.finding)}{often}.", "bold"))
    if turns:
        found.append(Content(f"{plural(turns, 'turn')}: {_usual(whole)}."))
    if totals.dropped:
        found.append(Content(f"The first {count(len(whole))} are whole; of the rest, some losses were kept."))
    if not turns:
        calls = sum(row.turn.kind == "evaluation" for row in rows)
        found.append(Content("Nothing was trained." if calls else "No loop was trained."))
    return Content(" ").join(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _usual(rows: Sequence[Shown]) -> str:
    orders = Counter(tuple(kind for kind, _, _ in row.parts if kind in LONG) for row in rows)
    if not orders:
        return "losses alone"
    (order, times), *others = orders.most_common(2)
    return ("" if not others else f"{count(times)} times ") + ", ".join(order)


def details(row: Shown | None, faults: Sequence[Fault], *, brief: bool = False) -> list[Content]:
    """What there is to say of the row under the cursor: its faults, else the lines that it came from."""
    if row is None:
        return []
    out: list[Content] = []
    for index in row.faults:
        fault = faults[index]
        said = rich_words(f"{_capital(fault.finding)}." + (f" {fault.why}" if fault.why and not brief else ""))
        out.append(Content.styled("✗ ", "bold $error") + said)
        if fault.next:
            out.append(Content.styled("→ ", "bold $primary") + rich_words(fault.next))
    return out or [_lines(row.turn)]


def _lines(turn: Turn) -> Content:
    parts: list[Content] = []
    for (kind, line, name), same in groupby((_name(e), e.line, e.name) for _, e in turn.events):
        times = len(list(same))
        where = f"line {line}" if line else "not in your code"
        what = f"{kind}{f' of {visible(name)}' if name else ''}{f' ×{times}' if times > 1 else ''}"
        parts.append(Content.assemble((what, "bold"), (f" {where}", "$quiet")))
    evaluated = turn.kind == "evaluation" and all(e.grad is False for _, e in turn.events if e.kind == "forward")
    if turn.kind == "evaluation":
        parts.insert(0, Content("evaluation, nothing recorded" if evaluated else "evaluation"))
    return Content("  ·  ").join(parts)


def line_of(row: Shown, faults: Sequence[Fault]) -> int:
    """The line of the code to look at: the fault's, else that of the first event that has one; 0 for none."""
    lines = [faults[index].line or 0 for index in row.faults] + [e.line for _, e in row.turn.events]
    return next((line for line in lines if line), 0)


def row_of_turn(rows: Sequence[Shown], wanted: int) -> int:
    """The row of a turn by its number; of one that was left out, the last before it; 0 in an empty list."""
    best = 0
    for place, row in enumerate(rows):
        if row.turn.number and row.turn.number <= wanted:
            best = place
    return best


def next_bad(rows: Sequence[Shown], here: int, by: int) -> int | None:
    """The nearest row with a fault in a direction, going round; None where there is none."""
    bad = [place for place, row in enumerate(rows) if row.bad]
    if not bad:
        return None
    if by > 0:
        return next((place for place in bad if place > here), bad[0])
    return next((place for place in reversed(bad) if place < here), bad[-1])
