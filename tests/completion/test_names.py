"""What is offered at the cursor, what a call wants, what a name is."""

from __future__ import annotations

import pytest

from tests.completion.atlas import ATLAS, HEAD, cut, offered
from tutor.completion.names import Called, Names
from tutor.runtime.values import (
    LayerInfo,
    ModuleValue,
    OtherValue,
    ParameterInfo,
    PlainValue,
    SequenceValue,
    TensorValue,
    Variable,
)

TENSOR_NAMES = ["shape", "grad", "sum", "add", "sum_to_size", "add_"]
X = Variable(name="x", value=TensorValue(dtype="float32", shape=(2,)))
NET = (
    "class Net(nn.Module):\n    '''A net.'''\n    def __init__(self, hidden=3):\n        super().__init__()\n"
    "        self.first = nn.Linear(2, hidden)\n    def forward(self, x):\n        {}\n        return self.first(x)\n"
)


@pytest.mark.parametrize(
    "marked",
    [
        "x = torch.rand(2)\nx.|",
        "x = torch.rand(2)\ny = x\ny.|",
        "x = torch.rand(2).sum().|",
        "x = torch.rand(2) * 2 + 1\nx.|",
        "x = (torch.rand(2) * 2).|",
        "x = torch.rand(2)[0].|",
        "x = torch.rand(2).grad.|",
        "x, y = torch.rand(2), 1\nx.|",
        "model = nn.Linear(2, 1)\nmodel.weight.grad.|",
        "model = nn.Linear(2, 1)\nmodel(1).|",
        "def f(x: torch.Tensor):\n    x.|",
        "x = 1\nx = torch.rand(2)\nx.|\nx = 2\n",
        "x: torch.Tensor = f()\nx.|",
        NET.format("x.|"),
        "y = F.relu(1)\ny.|",
        "w = nn.Parameter(1)\nw.|",
        "x = x + 1\nx = torch.rand(2)\nx = x + 1\nx.|",
    ],
)
def test_what_is_known_to_be_a_tensor_has_the_names_of_a_tensor(marked: str) -> None:
    assert offered(HEAD + marked) == TENSOR_NAMES


@pytest.mark.parametrize(
    ("marked", "names"),
    [
        ("torch.ra|", ["randn", "rand"]),
        ("torch.RA|", ["randn", "rand"]),
        ("F.|", ["relu"]),
        ("torch.nn.functional.|", ["relu"]),
        ("x = torch.rand(2)\nx.shape.|", ["numel"]),
        ("'a'.|", ["upper"]),
        ("x = [1]\nx.|", ["append"]),
        ("o = torch.optim.SGD([])\no.|", ["step"]),
        ("import torch.|", ["nn", "optim"]),
        ("class A:\n    def f(self):\n        self.b = 1\n    def g(self):\n        self.|", ["f", "b", "g"]),
    ],
)
def test_what_follows_a_dot(marked: str, names: list[str]) -> None:
    assert offered(HEAD + marked) == names


@pytest.mark.parametrize(
    "marked",
    ["x.|", "1.|", "x = 3.|", "# torch.|", "'torch.|", "...|", "torch.rand.|", "torch.nothing.|", "torch.xyz|", "np.|"],
)
def test_where_nothing_is_known_nothing_is_offered(marked: str) -> None:
    assert offered(HEAD + marked) == []


def test_a_module_that_is_not_imported_is_not_known() -> None:
    assert offered("torch.|") == []
    assert offered("torch.ra|", setup="import torch") == ["randn", "rand"]


def test_a_class_of_the_program_has_its_own_names_first() -> None:
    assert offered(HEAD + NET.format("pass") + "net = Net()\nnet.|")[:3] == ["first", "forward", "parameters"]
    assert offered(HEAD + NET.format("self.first.weight.|")) == TENSOR_NAMES


def test_without_a_dot_names_are_offered_only_when_asked() -> None:
    assert offered("prin|") == []
    assert offered("prin|", asked=True) == ["print"]
    assert offered("pr|", (Variable(name="price", value=PlainValue(type="int", value=1)),), asked=True) == [
        "price",
        "print",
    ]
    assert offered("hidden = 1\nhi|", asked=True) == ["hidden"]
    assert offered("hidden = 1\nhi|", asked=True, setup="high = 2") == ["hidden", "high"]
    assert offered("whi|", asked=True) == ["while"]


def test_before_anything_is_known_there_are_the_words_of_the_file_and_of_python() -> None:
    text, row, column = cut("import torch\nlosses = []\nlo|")
    found = Names().suggestions(text, row, column, asked=True)
    assert found is not None
    assert [one.name for one in found.names] == ["losses", "locals"]
    assert Names().suggestions("import torch\ntorch.", 1, 6, asked=True) is None
    assert Names().called("import torch\ntorch.rand(", 1, 11) is None


def test_keyword_arguments_come_first_in_an_open_call() -> None:
    assert offered(HEAD + "torch.randn(2, req|", asked=True) == ["requires_grad="]
    assert offered(HEAD + "torch.randn(2, requires_grad=ra|", asked=True) == ["raise", "range"]
    assert offered(HEAD + "torch.tensor([d|", asked=True)[0] != "data="


def test_from_and_import() -> None:
    assert offered("from torch import n|", asked=True) == ["nn"]
    assert offered("from torch.nn import Linear, P|", asked=True) == ["Parameter"]
    assert "torch" in offered("import t|", asked=True)


# ---- the last run -----------------------------------------------------------------------------------------------


def test_variables_of_the_last_run_are_known_by_their_values() -> None:
    assert offered("x.|", (X,)) == TENSOR_NAMES
    size = Variable(name="s", value=SequenceValue(type="Size", length=1, items=()))
    assert offered("s.|", (size,)) == ["numel"]
    assert offered("o.|", (Variable(name="o", value=OtherValue(type="SGD", text="SGD ()")),)) == ["step"]
    assert offered("f.|", (Variable(name="f", value=OtherValue(type="function", text="f")),)) == []


def test_what_the_text_says_now_wins_over_another_type_of_the_last_run() -> None:
    assert offered(HEAD + "x = 'a'\nx.|", (X,)) == ["upper"]
    assert offered(HEAD + "x = unknown()\nx.|", (X,)) == TENSOR_NAMES


def test_layers_and_parameters_of_a_module_that_ran_are_its_names() -> None:
    value = ModuleValue(
        type="Net",
        training=True,
        parameter_count=6,
        trainable_count=6,
        layers=(LayerInfo(name="body.0", type="Linear"), LayerInfo(name="head", type="Linear")),
        parameters=(ParameterInfo(name="body.0.weight", shape=(2,)), ParameterInfo(name="head.weight", shape=(2,))),
        buffers=("scale",),
    )
    net = (Variable(name="net", value=value),)
    assert offered("net.|", net)[:3] == ["body", "head", "scale"]
    assert offered("net.head.|", net) == ["weight", "parameters", "eval", "forward"]
    assert offered("net.head.weight.grad.|", net) == TENSOR_NAMES
    assert offered("net.scale.|", net) == TENSOR_NAMES
    text = HEAD + NET.format("pass") + "net = Net()\nnet.|"
    assert {"first", "head", "forward"} <= set(offered(text, net))


# ---- calls ------------------------------------------------------------------------------------------------------


def called(marked: str) -> Called | None:
    return Names(ATLAS).called(*cut(HEAD + marked))


@pytest.mark.parametrize(
    ("marked", "name", "form", "at"),
    [
        ("torch.randn(|", "torch.randn", "(*size, *, requires_grad=False)", 0),
        ("torch.randn(2, requires_grad=|", "torch.randn", "(*size, *, requires_grad=False)", 2),
        ("torch.max(x, |", "torch.max", "(input, dim, keepdim=False)", 1),
        ("nn.Linear(2, |1)", "nn.Linear", "(in_features, out_features, bias=True)", 1),
        ("m = nn.Linear(2, 1)\nm(|", "m", "(input)", 0),
        ("def f(a, b=1): ...\nf(1, |", "f", "(a, b=1)", 1),
        ("def f(a: int, *, b: int = 1) -> int:\n    return a\nf(|", "f", "(a, *, b=1)", 0),
        (NET.format("pass") + "Net(|", "Net", "(hidden=3)", 0),
        (NET.format("pass") + "n = Net()\nn(|", "n", "(x)", 0),
        ("print(torch.tensor([1, |", "torch.tensor", "(data, *, dtype=None, requires_grad=False)", 0),
    ],
)
def test_the_signature_of_the_open_call(marked: str, name: str, form: str, at: int | None) -> None:
    found = called(marked)
    assert found is not None
    assert (found.name, found.form, found.at) == (name, form, at)


@pytest.mark.parametrize("marked", ["unknown(|", "x = (1, |", "def torch(|", "torch.rand(2)|", "# torch.rand(|"])
def test_no_signature_where_none_is_known(marked: str) -> None:
    assert called(marked) is None


# ---- the name under the cursor ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marked", "name", "text"),
    [
        ("torch.ra|nd(2)", "torch.rand", "Random numbers."),
        ("torch.rand|(2)", "torch.rand", "Random numbers."),
        ("torch.rand(2|)", "torch.rand", "Random numbers."),
        ("x = torch.rand(2)\nx.su|m()", "x.sum", "Adds up."),
        ("def f():\n    '''Does it.\n\n    More.'''\n\nf|()", "f", "Does it."),
        (NET.format("pass") + "Ne|t()", "Net", "A net."),
    ],
)
def test_a_name_is_explained(marked: str, name: str, text: str) -> None:
    found = Names(ATLAS).explained(*cut(HEAD + marked))
    assert found is not None
    assert (found.name, found.what.text) == (name, text)


@pytest.mark.parametrize("marked", ["|", "unknown|", "x = 1|", "# torch.rand|"])
def test_what_is_not_known_is_not_explained(marked: str) -> None:
    assert Names(ATLAS).explained(*cut(HEAD + marked)) is None
