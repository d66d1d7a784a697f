"""Errors of autograd."""

from __future__ import annotations

from tutor.checks.error_row import ATTRIBUTE, RUNTIME, TYPE, Row

AUTOGRAD: tuple[Row, ...] = (
    Row(
        "no-grad-anywhere",
        RUNTIME,
        r"element 0 of tensors does not require grad",
        "`backward()` was called on a value that was not recorded: nothing that it was made from asks for gradients,"
        " or the recording was switched off or cut.",
        "Make the leaf with `requires_grad=True`, and look for `detach`, `.item()` or `no_grad` on the way.",
    ),
    Row(
        "backward-needs-scalar",
        RUNTIME,
        r"grad can be implicitly created only for scalar outputs",
        "`backward()` starts from one number, and this tensor has several.",
        "Make one number of it first: `.sum()` or `.mean()`.",
        True,
    ),
    Row(
        "backward-shape",
        RUNTIME,
        r"Mismatch in shape: grad_output\[0\] has a shape of torch\.Size\((.*?)\) and output\[0\] has a shape of"
        r" torch\.Size\((.*?)\)",
        "What is given to `backward` must have the shape of the tensor: {g2}, and it has {g1}.",
        "Give one weight for each element.",
    ),
    Row(
        "backward-twice",
        RUNTIME,
        r"backward through the graph a second time",
        "The recording is thrown away after the first `backward()`.",
        "Compute the result anew before the second call, inside the loop.",
    ),
    Row(
        "in-place-on-leaf",
        RUNTIME,
        r"a leaf Variable that requires grad is being used in an in-place operation",
        "A leaf that is watched must not be changed in place: the recording would no longer be true.",
        "Do the update in a block with `torch.no_grad()`.",
    ),
    Row(
        "in-place-in-graph",
        RUNTIME,
        r"modified by an inplace operation",
        "A tensor that `backward()` still needs was changed in place.",
        "Write `a = a + b` instead of `a += b`.",
    ),
    Row(
        "only-floats-have-gradients",
        RUNTIME,
        r"Only Tensors of floating point",
        "Only floating point numbers have a slope; these are whole numbers.",
        "Write a point, as in `2.0`, or say `dtype=torch.float32`.",
    ),
    Row(
        "requires-grad-of-result",
        RUNTIME,
        r"you can only change requires_grad flags of leaf variables",
        "This tensor is a result, and results require a gradient if what they were made from does.",
        "Take it out of the recording with `.detach()`.",
    ),
    Row(
        "unused-in-graph",
        RUNTIME,
        r"appears to not have been used in the graph",
        "A gradient was asked for a tensor that the result does not depend on.",
        "Follow the way from the tensor to the result: somewhere it is cut, or another tensor is used.",
    ),
    Row(
        "grad-of-unwatched",
        RUNTIME,
        r"One of the differentiated Tensors does not require grad",
        "A gradient was asked for a tensor that does not ask for gradients.",
        "Make it with `requires_grad=True`, before it is used.",
    ),
    Row(
        "numpy-of-watched",
        RUNTIME,
        r"Can't call numpy\(\) on Tensor that requires grad",
        "NumPy can't take part in the recording.",
        "Take the numbers out of it first: `.detach().numpy()`.",
    ),
    Row(
        "copy-of-result",
        RUNTIME,
        r"support the deepcopy protocol",
        "A result can't be copied with the recording that it belongs to.",
        "Copy the numbers: `.detach().clone()`.",
    ),
    Row(
        "inference-tensor",
        RUNTIME,
        r"Inference tensors cannot be saved for backward",
        "A tensor made under `inference_mode` can't take part in a recording later.",
        "Use `torch.no_grad()` there, or `.clone()` the tensor.",
    ),
    Row(
        "no-grad-yet",
        ATTRIBUTE,
        r"'NoneType' object has no attribute '(zero_|norm|clone|detach|data|mul_|abs|clamp_)'",
        "The value before `.{g1}` is None. A `.grad` is None until `backward()` has reached its tensor.",
        "Ask first: `if x.grad is not None`. If it should be there, look at whether the tensor is a leaf.",
    ),
    Row(
        "arithmetic-with-none",
        TYPE,
        r"unsupported operand type\(s\) for (\S+): '(?:NoneType' and '(?:\w+)|(?:\w+)' and 'NoneType)'",
        "One side of `{g1}` is None. A `.grad` is None until `backward()` has reached its tensor, and after it was"
        " cleared; a function without `return` gives None.",
        "Print both sides before this line.",
    ),
)
