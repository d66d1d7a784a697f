"""Prints what torch and a few other modules hold, as JSON; runs in the sandbox, and is never imported by the tutor.

The object has a pair for each module and class: the classes that it takes after, and rows of name, kind ("m" module,
"c" class, "f" function, "v" value), signatures one a line, the first paragraph of its text, and the class of what it
is or, for a function, of what it returns.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import json
import re
import types
import warnings
from collections.abc import Iterator
from typing import Any

import torch


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


MODULES = words("""
    torch torch.nn torch.nn.functional torch.nn.init torch.nn.utils torch.optim torch.optim.lr_scheduler
    torch.utils.data torch.utils torch.autograd torch.func torch.linalg torch.fft torch.special torch.distributions
    torch.cuda torch.random builtins math random statistics time itertools functools collections copy operator
    dataclasses json re numpy numpy.random numpy.linalg
""")
CLASSES = words("""
    Tensor Size Generator device dtype layout memory_format finfo iinfo no_grad enable_grad inference_mode
    set_grad_enabled autocast
""")
"""The classes of torch itself that are no part of its machinery."""
TYPES = (torch.Size, torch.finfo, torch.iinfo, torch.Generator, type(None))
PLAIN = (torch.dtype, torch.device, torch.layout, torch.memory_format)
SIMPLE: dict[type, list[tuple[Any, ...]]] = {
    torch.device: [("cpu",)],
    torch.finfo: [(torch.float32,)],
    torch.iinfo: [(torch.int32,)],
    **{kind: [()] for kind in (torch.Size, torch.Generator, int, float, complex, str, list, dict, tuple, set)},
}
"""What makes an example of a class that has nothing to be told."""
NOISE = words("""
    autocast_ batch_norm_ cudnn_ fbgemm_ fused_ get_autocast is_autocast miopen_ mkldnn_ native_ q_ quantize_
    quantized_ set_autocast sym_ xnnpack_ parse_ import_ir merge_type unify_type
""")
"""How names begin that nobody calls by hand."""
LARGE = ("Transformer",)
"""Modules that are not made to be looked at."""
FORMS = re.compile(r"^(?:\.\. \w+:: )?(?:\w+\.)*(\w+)(\(.*?\))\s*(?:-> *(.*))?$", re.MULTILINE)
LONGEST_SIGNATURE, LONGEST_TEXT, MOST_FORMS = 400, 320, 3
BY_HAND = {("torch.Tensor", name): "torch.Tensor" for name in ("grad", "H", "mH", "real", "imag")}

Row = tuple[str, str, str, str, str]


class Look:
    """Knows the places, so that a class that is met again is told by its place."""

    def __init__(self) -> None:
        self.modules: dict[str, Any] = {}
        self.classes: dict[type, str] = {}
        for name in MODULES:
            with contextlib.suppress(ImportError):
                self.modules[name] = importlib.import_module(name)
        self.names = {name: sorted(public(name, module, self.modules)) for name, module in self.modules.items()}
        for name in sorted(self.modules, key="builtins".__ne__):  # whose classes have other names elsewhere, too
            for one in self.names[name]:
                thing = getattr(self.modules[name], one)
                if isinstance(thing, type) and not issubclass(thing, BaseException):
                    self.classes.setdefault(thing, f"{name}.{one}")
        for kind in TYPES:
            self.classes.setdefault(kind, f"{kind.__module__}.{kind.__name__}")

    def all(self) -> dict[str, tuple[list[str], list[Row]]]:
        """Every place."""
        found: dict[str, tuple[list[str], list[Row]]] = {}
        for name, module in self.modules.items():
            found[name] = ([], [row for one in self.names[name] if (row := self.row(one, getattr(module, one)))])
        for kind, place in self.classes.items():
            found[place] = ([self.classes[base] for base in self.listed_bases(kind)], list(self.members(kind, place)))
        return found

    def listed_bases(self, kind: type) -> list[type]:
        """The classes with a place that a class takes after, the nearest first."""
        return [base for base in kind.__mro__[1:] if base in self.classes and base is not object]

    def members(self, kind: type, place: str) -> Iterator[Row]:
        """The names of a class that those it takes after don't have, and those of an example of it."""
        example = example_of(kind)
        for name in dir(kind):
            if name.startswith("_"):
                continue
            static = inspect.getattr_static(kind, name)
            if any(inspect.getattr_static(base, name, None) is static for base in self.listed_bases(kind)):
                continue
            thing = getattr(kind, name, None)
            if callable(thing) and not isinstance(thing, type):
                row = self.row(name, thing)
            else:
                text = paragraph(getattr(static, "__doc__", "") or "") if inspect.isdatadescriptor(static) else ""
                row = (name, "v", "", text, BY_HAND.get((place, name)) or self.value_of(example, name))
            if row:
                yield row
        for name in sorted(own_names(example)):
            if not name.startswith("_") and not hasattr(kind, name):
                yield name, "v", "", "", self.value_of(example, name)

    def value_of(self, example: object, name: str) -> str:
        """The place of an attribute's value in an example."""
        try:
            value = getattr(example, name)
        except Exception:  # an attribute that this example does not have
            return ""
        return "" if value is None else self.place_of(type(value))

    def place_of(self, kind: object) -> str:
        """The place of a class, or of the first that it takes after."""
        if isinstance(kind, str):
            kind = {"Tensor": torch.Tensor, "Self": None, "int": int, "float": float, "bool": bool, "str": str}.get(
                kind
            )
        if not isinstance(kind, type):
            return ""
        return next((self.classes[each] for each in kind.__mro__ if each in self.classes and each is not object), "")

    def row(self, name: str, thing: object) -> Row | None:
        """What is told of a name."""
        if isinstance(thing, types.ModuleType):
            place = thing.__name__
            return (name, "m", "", paragraph(inspect.getdoc(thing) or ""), place) if place in self.modules else None
        text = (inspect.getdoc(thing) or "") if callable(thing) else ""
        if isinstance(thing, type):
            return name, "c", self.signature(name, thing, text)[0], paragraph(text), self.place_of(thing)
        if callable(thing):
            signature, gives = self.signature(name, thing, text)
            return name, "f", signature, paragraph(text), gives
        return name, "v", "", "", self.place_of(type(thing))

    def signature(self, name: str, thing: object, text: str) -> tuple[str, str]:
        """The forms of a call, one a line, and what it returns; torch tells its own functions' in their texts."""
        forms = [(without_types(told), gives) for called, told, gives in FORMS.findall(text) if called == name]
        try:
            signature = inspect.signature(thing)  # type: ignore[arg-type]  # what can't be called raises TypeError
        except (TypeError, ValueError):
            shown = dict.fromkeys(form[:LONGEST_SIGNATURE] for form, _ in forms[:MOST_FORMS])
            return "\n".join(shown), returned(forms[0][1]) if forms else ""
        plain = [
            each.replace(annotation=inspect.Parameter.empty, default=short_default(each.default))
            for each in signature.parameters.values()
            if each.name != "self"
        ]
        gives = self.place_of(signature.return_annotation) or (returned(forms[0][1]) if forms else "")
        whole = str(signature.replace(parameters=plain, return_annotation=inspect.Signature.empty))
        return whole[:LONGEST_SIGNATURE], gives


def without_types(told: str) -> str:
    """The arguments as a text tells them, without what it says of their types."""
    return re.sub(r"\s*:\s*[\w.]+(?:\[[^\]]*\])?(?=\s*[,)=])", "", told.replace("\\", ""))


class Short:
    """A default whose text is too long to be read."""

    def __repr__(self) -> str:
        return "…"


def short_default(value: object) -> object:
    """The value, or something short in its place."""
    if value is inspect.Parameter.empty:
        return value
    return Short() if isinstance(value, type) or len(repr(value)) > 24 else value


def returned(told: str) -> str:
    """The place that an arrow leads to, where it is told simply."""
    told = told.strip().removesuffix(" (or None)")
    if told.startswith("("):
        return "builtins.tuple"
    simple = {"Tensor": "torch.Tensor", "bool": "builtins.bool", "int": "builtins.int", "torch.Size": "torch.Size"}
    return simple.get(told, "")


def public(place: str, module: Any, modules: dict[str, Any]) -> Iterator[str]:
    """The names of a module that are its own, and meant to be used."""
    listed = set(getattr(module, "__all__", ()))
    every = {name for name in dir(module) if not name.startswith("_")}
    for name in every:
        thing = getattr(module, name, None)
        if isinstance(thing, types.ModuleType):
            wanted = modules.get(f"{place}.{name}") is thing
        elif isinstance(thing, type):
            own = name in listed or thing.__module__.startswith(place)
            wanted = name in CLASSES if place == "torch" else own and not name.endswith(("Storage", "Tensor"))
        else:
            twin = place == "torch" and name.endswith("_") and name[:-1] in every
            wanted = not (twin or name.startswith(NOISE)) and (name in listed or at_home(thing, place))
        if wanted and not isinstance(thing, (str, tuple, bool)):
            yield name


def at_home(thing: object, place: str) -> bool:
    """Whether a thing that is no class was made in a module, or does not say where it was made."""
    home = getattr(thing, "__module__", None)
    if not isinstance(home, str):
        return isinstance(thing, (*PLAIN, int, float)) or callable(thing)
    return home == place or home.startswith(f"{place}.") or home in ("builtins", f"_{place}", "torch._C._linalg")


def example_of(kind: type) -> object:
    """An instance, to see what its attributes are; None where none is made easily."""
    weight = torch.ones(2, 2, requires_grad=True)
    if kind is torch.Tensor:
        return weight
    if issubclass(kind, torch.optim.Optimizer):
        tries: list[tuple[Any, ...]] = [([torch.nn.Parameter(weight.detach())],)]
    elif issubclass(kind, torch.optim.lr_scheduler.LRScheduler):
        tries = [(torch.optim.SGD([weight], lr=0.1), *rest) for rest in ((), (2,), ([2],), (lambda step: 1.0,))]
    elif issubclass(kind, torch.nn.Module):
        tries = [] if kind.__name__ in LARGE else [(), (2,), (2, 2), (2, 2, 2), (weight,)]
    elif issubclass(kind, torch.utils.data.Dataset):
        tries = [(weight,)]
    elif kind is torch.utils.data.DataLoader:
        tries = [(torch.utils.data.TensorDataset(weight.detach()),)]
    elif issubclass(kind, torch.distributions.Distribution):
        tries = [(torch.tensor([0.5]),), (torch.tensor([0.5]), torch.tensor([0.7]))]
    else:
        tries = SIMPLE.get(kind, [])
    for arguments in tries:
        with contextlib.suppress(Exception):  # these were not the arguments that it wants
            return kind(*arguments)
    return None


def own_names(example: object) -> set[str]:
    """The attributes that an instance has besides those of its class."""
    if isinstance(example, torch.Tensor):
        return set()
    names = set(getattr(example, "__dict__", ()))
    if isinstance(example, torch.nn.Module):
        names |= {*example._parameters, *example._buffers, *example._modules}
        names -= {*torch.nn.Module().__dict__} - {"training"}
    return names


def paragraph(text: str) -> str:
    """The first paragraph of a text, signatures left out, its marks taken away."""
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.split("\n") if not re.match(r"\s*(\.\. |[\w.]+\(.*\)\s*(->.*)?$)", line)]
        words = re.sub(
            r":\w+:`~?\.?([^`]*)`|`+([^`]*)`+", lambda m: m[1] or m[2] or "", " ".join(" ".join(lines).split())
        )
        if words:
            return words if len(words) <= LONGEST_TEXT else words[: LONGEST_TEXT - 1].rsplit(" ", 1)[0] + " …"
    return ""


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):  # some classes talk when one is made
        places = Look().all()
    print(json.dumps(places, separators=(",", ":")))
