"""Where a program cut its tensors off from their history, as a run and its text show it."""

from __future__ import annotations

from tests.checks.build import report
from tutor.checks.graph_cuts import Cut, graph_cuts
from tutor.runtime.protocol import TraceEvent
from tutor.runtime.values import LineShape, ModuleValue

MODEL = ModuleValue(type="Linear", training=True, parameter_count=2, trainable_count=2)


def shape(line: int, name: str, *, grad: bool, dtype: str = "float32") -> LineShape:
    return LineShape(line=line, name=name, dtype=dtype, first=(2,), last=(2,), grad=grad)


def taken(kind: str, line: int) -> TraceEvent:
    return TraceEvent(kind, 0.0, line)  # type: ignore[arg-type]


def test_detach_cuts_and_what_is_made_of_it_is_cut_too() -> None:
    code = "h = w * 2\ng = h.detach()\nk = g + 1\ny = k * w\n"
    shapes = (shape(1, "h", grad=True), shape(2, "g", grad=False), shape(3, "k", grad=False), shape(4, "y", grad=True))
    found = graph_cuts(report(trace=(taken("detach", 2),), line_shapes=shapes), code)
    cut = Cut("g", 2, ".detach()")
    assert found.variables == {"g": cut, "k": cut}
    assert found.inputs == {"y": (cut,)}


def test_a_block_without_gradients_cuts_what_comes_from_a_model() -> None:
    code = "with torch.no_grad():\n    value = model(x)\n    data = torch.rand(2)\n    w -= w.grad\n"
    shapes = (shape(2, "value", grad=False), shape(3, "data", grad=False), shape(4, "w", grad=True))
    found = graph_cuts(report(line_shapes=shapes, variables={"model": MODEL}), code)
    assert found.variables == {"value": Cut("value", 2, "torch.no_grad()")}


def test_a_cut_inside_of_an_expression_is_told_of_what_it_went_into() -> None:
    code = "loss = (w * 2).sum() + (w * 3).detach().sum()\n"
    found = graph_cuts(report(trace=(taken("detach", 1),), line_shapes=(shape(1, "loss", grad=True),)), code)
    assert (found.variables, found.inputs) == ({}, {"loss": (Cut("", 1, ".detach()"),)})


def test_a_number_that_is_only_printed_cuts_nothing() -> None:
    code = "loss = (w * 2).sum()\nprint(loss.item())\n"
    found = graph_cuts(report(trace=(taken("item", 2),), line_shapes=(shape(1, "loss", grad=True),)), code)
    assert (found.variables, found.inputs) == ({}, {})


def test_a_new_tensor_of_old_numbers_is_cut() -> None:
    code = "loss = w.sum()\nagain = torch.tensor(loss.item())\n"
    shapes = (shape(1, "loss", grad=True), shape(2, "again", grad=False))
    found = graph_cuts(report(trace=(taken("item", 2),), line_shapes=shapes), code)
    assert found.variables == {"again": Cut("again", 2, ".item()")}


def test_a_name_that_is_assigned_anew_is_cut_no_more_and_labels_never_are() -> None:
    code = "h = w.detach()\nlabel = (w * 2).detach().argmax()\nh = w * 2\n"
    shapes = (shape(1, "h", grad=False), shape(2, "label", grad=False, dtype="int64"), shape(3, "h", grad=True))
    found = graph_cuts(report(trace=(taken("detach", 1), taken("detach", 2)), line_shapes=shapes), code)
    assert found.variables == {}


def test_a_program_that_can_t_be_read_has_no_cuts() -> None:
    found = graph_cuts(report(line_shapes=(shape(1, "h", grad=False),)), "h = (")
    assert (found.variables, found.inputs) == ({}, {})
