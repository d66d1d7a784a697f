"""The names that stand first where nothing is typed yet: those that learners need most, in the order of their use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tutor.completion.places import Named


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TENSOR = _words("shape dtype device requires_grad grad backward item detach sum mean max min view reshape size dim T")
FAVOURITES: dict[str, tuple[str, ...]] = {
    "torch": _words("tensor zeros ones arange randn rand linspace full cat stack matmul no_grad manual_seed nn"),
    "torch.Tensor": _TENSOR,
    "torch.nn.Parameter": _TENSOR,
    "torch.nn": _words("Linear ReLU Sequential Module Parameter MSELoss CrossEntropyLoss functional"),
    "torch.nn.functional": _words("relu mse_loss cross_entropy softmax log_softmax one_hot"),
    "torch.nn.Module": _words("parameters named_parameters train eval forward zero_grad state_dict to"),
    "torch.optim": _words("SGD Adam AdamW lr_scheduler"),
    "torch.optim.Optimizer": _words("zero_grad step param_groups"),
    "torch.utils.data": _words("DataLoader Dataset TensorDataset"),
    "numpy": _words("array zeros ones arange linspace asarray"),
}


def in_order(names: Iterable[Named], kinds: Iterable[str], own: Sequence[str] = ()) -> list[Named]:
    """The learner's own first, then the favourites of these places, then the others; "add_" stands after "add"."""
    first = [*own, *(name for kind in kinds for name in FAVOURITES.get(kind, ()))]
    rank = {name: at for at, name in reversed(list(enumerate(first)))}
    return sorted(names, key=lambda one: (rank.get(one.name, len(first)), one.name.endswith("_")))
