"""The errors that learners meet, by type and message: what each means, and what to try."""

from __future__ import annotations

from typing import NamedTuple

_RUNTIME = ("RuntimeError",)


class Row(NamedTuple):
    """One error: `why` and `next` may name the pattern's groups as {g1}, {g2}."""

    id: str
    types: tuple[str, ...]
    pattern: str
    why: str
    next: str = ""
    shapes: bool = False


TABLE: tuple[Row, ...] = (
    # autograd
    Row(
        "no-grad-anywhere",
        _RUNTIME,
        r"element 0 of tensors does not require grad",
        "`backward()` was called on a value that was not recorded: nothing that it was made from asks for gradients,"
        " or the recording was switched off or cut.",
        "Make the leaf with `requires_grad=True`, and look for `detach`, `.item()` or `no_grad` on the way.",
    ),
    Row(
        "backward-needs-scalar",
        _RUNTIME,
        r"grad can be implicitly created only for scalar outputs",
        "`backward()` starts from one number, and this tensor has several.",
        "Make one number of it first: `.sum()` or `.mean()`.",
        True,
    ),
    Row(
        "backward-twice",
        _RUNTIME,
        r"backward through the graph a second time",
        "The recording is thrown away after the first `backward()`.",
        "Compute the result anew before the second call, inside the loop.",
    ),
    Row(
        "in-place-on-leaf",
        _RUNTIME,
        r"a leaf Variable that requires grad is being used in an in-place operation",
        "A leaf that is watched must not be changed in place: the recording would no longer be true.",
        "Do the update in a block with `torch.no_grad()`.",
    ),
    Row(
        "in-place-in-graph",
        _RUNTIME,
        r"modified by an inplace operation",
        "A tensor that `backward()` still needs was changed in place.",
        "Write `a = a + b` instead of `a += b`.",
    ),
    Row(
        "only-floats-have-gradients",
        _RUNTIME,
        r"Only Tensors of floating point",
        "Only floating point numbers have a slope; these are whole numbers.",
        "Write a point, as in `2.0`, or say `dtype=torch.float32`.",
    ),
    Row(
        "numpy-of-watched",
        _RUNTIME,
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy can't take part in the recording.",
        "Take the numbers out of it first: `.detach().numpy()`.",
    ),
    # shapes
    Row(
        "matmul",
        _RUNTIME,
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "A product of matrices needs inner sizes that agree: ({g1} × **{g2}**) times (**{g3}** × {g4}).",
        "Transpose one of them, swap them, or give the layer as many inputs as the data have columns.",
        True,
    ),
    Row(
        "matmul-vector",
        _RUNTIME,
        r"size mismatch, got input|inconsistent tensor size, expected tensor",
        "The sizes of the two factors do not agree.",
        "Look at their shapes.",
        True,
    ),
    Row(
        "batch-matmul",
        _RUNTIME,
        r"Expected size for first two dimensions of batch2 tensor",
        "In a product of stacks of matrices the number of matrices and the inner sizes must agree.",
        "",
        True,
    ),
    Row(
        "broadcast",
        _RUNTIME,
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "In dimension {g3} one has {g1} and the other {g2} elements. Sizes fit if they are equal or one is 1.",
        "Look at the shapes: `reshape` or `unsqueeze` puts a 1 where it is needed.",
        True,
    ),
    Row(
        "reshape",
        _RUNTIME,
        r"shape '(\[.*?\])' is invalid for input of size (\d+)",
        "The shape {g1} does not hold {g2} elements.",
        "The product of the sizes must be {g2}; one of them may be -1, and torch works it out.",
        True,
    ),
    Row(
        "view",
        _RUNTIME,
        r"view size is not compatible",
        "`view` can't see these numbers in the new shape, because they do not lie in order in memory.",
        "Use `.reshape(…)`; it copies where it must.",
    ),
    Row(
        "concatenate",
        _RUNTIME,
        r"Sizes of tensors must match except in dimension (\d+)",
        "`cat` joins along dimension {g1}; in every other dimension the sizes must be equal.",
        "",
        True,
    ),
    Row(
        "stack",
        _RUNTIME,
        r"stack expects each tensor to be equal size",
        "`stack` wants tensors of one shape.",
        "`torch.cat` joins tensors of different lengths.",
        True,
    ),
    Row(
        "index",
        ("IndexError",),
        r"index (-?\d+) is out of bounds for dimension (\d+) with size (\d+)",
        "Dimension {g2} has {g3} elements, numbered 0 to one less. There is no {g1}.",
        "The last one is `-1`.",
        True,
    ),
    Row(
        "dimension",
        ("IndexError",),
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        "This tensor has no dimension {g3}; they go from {g1} to {g2}.",
        "",
        True,
    ),
    Row(
        "too-many-indices",
        ("IndexError",),
        r"too many indices for tensor of dimension (\d+)",
        "The tensor has {g1} dimensions, and more indices stand in the brackets.",
        "",
        True,
    ),
    Row(
        "target-size",
        ("ValueError",),
        r"Target size \(torch\.Size\((.*?)\)\) must be the same as input size \(torch\.Size\((.*?)\)\)",
        "The model gives the shape {g2}, and the targets have {g1}. They must be the same.",
        "Make the output flat with `.squeeze(1)`, or the targets a column with `.unsqueeze(1)`.",
    ),
    # kinds of numbers
    Row(
        "dtypes-differ",
        _RUNTIME,
        r"mat1 and mat2 must have the same dtype, but got (\w+) and (\w+)|expected m1 and m2 to have the same dtype",
        "One side holds {g1} and the other {g2} numbers; a product needs the same on both.",
        "Layers of torch hold float32: turn the data into it with `.float()`.",
    ),
    Row(
        "scalar-type",
        _RUNTIME,
        r"expected (?:scalar type|target dtype to be) (.+?),? but (?:found|got) (\w+)",
        "{g1} numbers are wanted here, and these are {g2}.",
        "`.float()` gives Float, `.double()` Double, `.long()` Long.",
    ),
    Row(
        "mean-of-ints",
        _RUNTIME,
        r"mean\(\): could not infer output dtype",
        "A mean is no whole number, and this tensor holds whole numbers.",
        "Turn it into floats first: `.float().mean()`.",
    ),
    Row(
        "cast",
        _RUNTIME,
        r"result type (\w+) can't be cast to the desired output type (\w+)",
        "The result is {g1}, but the tensor that is changed in place holds {g2}.",
        "Write `a = a + b` instead of changing it in place.",
    ),
    Row(
        "one-element",
        ("RuntimeError", "ValueError", "TypeError"),
        r"a Tensor with (\d+) elements cannot be converted to Scalar|only one element tensors can be converted",
        "`.item()` and `float(…)` take one number, and this tensor has several.",
        "Pick one by its index, or use `.tolist()`.",
        True,
    ),
    Row(
        "ambiguous-truth",
        _RUNTIME,
        r"Boolean value of Tensor with more than one value is ambiguous",
        "`if`, `and` and `or` need one yes or no, and this tensor holds several.",
        "Use `&` and `|` with brackets, or ask `.any()` or `.all()`.",
        True,
    ),
    Row(
        "class-out-of-range",
        ("IndexError", "RuntimeError"),
        r"Target (-?\d+) is out of bounds",
        "The label {g1} does not exist: with K outputs the classes are numbered 0 to K-1.",
        "Count from 0, or give the model more outputs.",
    ),
    Row(
        "devices-differ",
        _RUNTIME,
        r"(?:Expected all tensors to be on the same device|is not on the expected device)",
        "The tensors of one operation must be on one device.",
        "Move model and data to the same one with `.to(device)`.",
    ),
    # modules
    Row(
        "no-super-init",
        ("AttributeError",),
        r"cannot assign module before Module\.__init__\(\) call",
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
        "state-dict",
        _RUNTIME,
        r"Error\(s\) in loading state_dict",
        "The names or shapes in the file are not those of this model.",
        "Build the model exactly as it was when it was saved.",
    ),
    Row(
        "empty-optimizer",
        ("ValueError",),
        r"optimizer got an empty parameter list",
        "The model has no parameters: layers in a plain list are not registered.",
        "Assign layers to `self`, or use `nn.ModuleList`.",
    ),
    Row(
        "forgot-self",
        ("TypeError",),
        r"takes (\d+) positional arguments? but (\d+) (?:was|were) given",
        "The function takes {g1} arguments and was given {g2}. In a method Python passes the object itself first.",
        "A method begins with `self`: `def forward(self, x):`.",
    ),
    # memory and Python
    Row(
        "memory",
        ("RuntimeError", "MemoryError"),
        r"can't allocate memory|^$",
        "There is not enough memory for a tensor of this size.",
        "Multiply the sizes of its shape by 4 bytes: is it what you meant?",
    ),
    Row(
        "name",
        ("NameError", "UnboundLocalError"),
        r"(?:name|variable) '(\w+)'",
        "Nothing has the name `{g1}` when this line runs.",
        "Look at its spelling, and whether the line that makes it comes before.",
    ),
    Row(
        "attribute",
        ("AttributeError",),
        r"'(\w+)' object has no attribute '(\w+)'",
        "A {g1} has nothing named `{g2}`.",
        "Look at the spelling, and at what the value before the dot is.",
    ),
    Row(
        "module-attribute",
        ("AttributeError",),
        r"module '([\w.]+)' has no attribute '(\w+)'",
        "`{g1}` has nothing named `{g2}`.",
        "Look at the spelling, capital letters included.",
    ),
    Row(
        "missing-module",
        ("ModuleNotFoundError",),
        r"No module named '([\w.]+)'",
        "There is no package `{g1}` here.",
        "Look at the spelling of the import.",
    ),
    Row(
        "indentation",
        ("IndentationError", "TabError"),
        r"",
        "The lines of a block must start in the same column.",
        "Use four spaces for each level.",
    ),
    Row(
        "not-closed",
        ("SyntaxError",),
        r"'(.)' was never closed",
        "The bracket `{g1}` is opened and not closed.",
        "Count the brackets of this line.",
    ),
    Row(
        "syntax",
        ("SyntaxError",),
        r"",
        "Python can't read this line.",
        "Look for a missing bracket, comma, colon or quote, also in the line before.",
    ),
    Row(
        "input",
        ("EOFError",),
        r"",
        "There is no keyboard in the sandbox, so `input()` has nothing to read.",
        "Write the value into the program.",
    ),
    Row(
        "recursion",
        ("RecursionError",),
        r"",
        "A function calls itself without an end.",
        "In a module, call the layers in `forward`, not the module itself.",
    ),
    Row(
        "zero-division",
        ("ZeroDivisionError",),
        r"",
        "A number is divided by 0.",
        "Ask for this case first.",
    ),
)
