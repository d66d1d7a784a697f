"""Errors of modules, optimizers and saved models."""

from __future__ import annotations

from tutor.checks.error_row import ATTRIBUTE, RUNTIME, TYPE, VALUE, Row

MODULES: tuple[Row, ...] = (
    Row(
        "no-super-init",
        ATTRIBUTE,
        r"cannot assign (?:module|parameters?) before Module\.__init__\(\) call"
        r"|has no attribute '_(?:backward_hooks|modules|parameters|forward_hooks)'",
        "The layers have no place to be registered in yet.",
        "The first line of `__init__` must be `super().__init__()`.",
    ),
    Row(
        "no-forward",
        ("NotImplementedError",),
        r"is missing the required \"forward\" function",
        "Calling a module calls its `forward`, and this one has none.",
        "Write `def forward(self, x):` in the class; look at its spelling and indentation.",
    ),
    Row(
        "parameter-wanted",
        TYPE,
        r"cannot assign '(\S+)' as (?:parameter|child module) '(\w+)'",
        "`{g2}` is registered, so it can't be replaced by something that is no parameter or module.",
        "Change its numbers under `torch.no_grad()` with `.copy_(…)`, or make an `nn.Parameter`.",
    ),
    Row(
        "not-a-module",
        TYPE,
        r"(\S+) is not a Module subclass",
        "`nn.Sequential` and `nn.ModuleList` take modules, and this is a {g1}.",
        "Give `nn.Sequential` the layers without a list, and functions as modules: `nn.ReLU()`.",
    ),
    Row(
        "state-dict-shape",
        RUNTIME,
        r"Error\(s\) in loading state_dict.*?size mismatch for ([\w.]+):.*?torch\.Size\((\[.*?\])\)"
        r".*?torch\.Size\((\[.*?\])\)",
        "`{g1}` has the shape {g2} in the file and {g3} in this model.",
        "Build the model exactly as it was when it was saved.",
    ),
    Row(
        "state-dict",
        RUNTIME,
        r"Error\(s\) in loading state_dict",
        "The names in the file are not those of this model.",
        "Build the model exactly as it was when it was saved.",
    ),
    Row(
        "whole-model-load",
        ("UnpicklingError",),
        r"Weights only load failed",
        "The file holds more than weights, and torch does not run code from a file unasked.",
        "Save `model.state_dict()`, and load it into a new model.",
    ),
    Row(
        "one-row-batchnorm",
        VALUE,
        r"Expected more than 1 value per channel when training",
        "BatchNorm measures the spread of a batch, and one row has none.",
        "Use larger batches (`drop_last=True`), or `model.eval()` for one row.",
    ),
    Row(
        "features",
        RUNTIME,
        r"running_mean should contain (\d+) elements not (\d+)|input\.size\(-1\) must be equal to input_size\. Expected"
        r" (\d+), got (\d+)",
        "The layer was made for another number of features than the data have.",
        "Give it the last size of the data.",
        True,
    ),
    Row(
        "channels",
        RUNTIME,
        r"expected input(\[.*?\]) to have (\d+) channels, but got (\d+) channels",
        "The layer wants {g2} channels, and the data, of shape {g1}, have {g3}. Channels are dimension 1.",
        "Change the layer's first number, or `permute` the data.",
    ),
    Row(
        "conv-dims",
        RUNTIME,
        r"Expected (\dD) \(unbatched\) or (\dD) \(batched\) input to (\w+), but got input of size: (\[.*?\])",
        "`{g3}` wants {g2} data (batch, channels, then the sizes), and got the shape {g4}.",
        "`.unsqueeze` adds the missing dimension.",
    ),
    Row(
        "kernel-size",
        RUNTIME,
        r"Kernel size can't be greater than actual input size",
        "The picture is smaller than the window that slides over it.",
        "Take a smaller kernel, padding, or fewer pooling layers.",
    ),
    Row(
        "dropout-range",
        VALUE,
        r"dropout probability has to be between 0 and 1, but got (\S+)",
        "Dropout takes the share that is left out, from 0 to 1, and got {g1}.",
        "A fifth is `0.2`.",
    ),
    Row(
        "empty-optimizer",
        VALUE,
        r"optimizer got an empty parameter list",
        "The model has no parameters: layers in a plain list are not registered.",
        "Assign layers to `self`, or use `nn.ModuleList`.",
    ),
    Row(
        "optimizer-of-module",
        TYPE,
        r"'(Linear|Sequential|Conv\dd|\w*Net\w*|\w*Model\w*|MLP)' object is not iterable"
        r"|optimizer can only optimize Tensors|params argument given to the optimizer should be",
        "An optimizer takes the parameters, several in a list or as the model gives them.",
        "Write `model.parameters()`, or `[w, b]`.",
    ),
    Row(
        "optimizer-of-result",
        VALUE,
        r"can't optimize a non-leaf Tensor",
        "This tensor is a result, and an optimizer changes leaves.",
        "Make it with `requires_grad=True` at the end of its making: `.detach().requires_grad_()`.",
    ),
    Row(
        "learning-rate",
        VALUE,
        r"Invalid (?:learning rate|momentum value|weight_decay value|beta parameter\S*(?: at index \d)?): (\S+)",
        "{g1} is outside the range that it may have.",
        "A usual learning rate lies between 0.0001 and 1.",
    ),
    Row(
        "scheduler-metric",
        TYPE,
        r"ReduceLROnPlateau\.step\(\) missing 1 required positional argument: 'metrics'",
        "This scheduler watches a number, so its `step` must be given it.",
        "Write `scheduler.step(validation_loss)`.",
    ),
    Row(
        "loss-of-numpy",
        TYPE,
        r"(\w+)\(\): argument '(\w+)' \(position \d+\) must be Tensor, not ([\w.]+)",
        "`{g1}` works on tensors, and its `{g2}` is a {g3}.",
        "Make a tensor of it: `torch.tensor(…)` or `torch.from_numpy(…)`.",
    ),
    Row(
        "item-no-tensor",
        TYPE,
        r"expected Tensor as element (\d+) in argument 0, but got (\w+)",
        "Element {g1} of the list is a {g2}, and only tensors can be joined.",
        "Make a tensor of it: `torch.tensor([…])`.",
    ),
    Row(
        "attribute-of-tuple",
        ATTRIBUTE,
        r"'tuple' object has no attribute '(\w+)'",
        "The value before `.{g1}` is a tuple: several things in one. Recurrent layers give one, of outputs and state.",
        "Take it apart: `output, state = layer(x)`.",
    ),
)
