"""The public names of what checks find: they stand in `check --json` and in the `when` of misconceptions.

An id keeps its meaning for ever. `RELATIONS` are what a wrong value is of the wanted one; `FAULTS` are what a run shows
without any wanted value. A failed `training` check has a fault as its relation.
"""

from __future__ import annotations

from typing import Final

RELATIONS: Final[dict[str, str]] = {
    # kinds
    "number-not-tensor": "a plain number where a tensor is wanted",
    "list-not-tensor": "a list or tuple where a tensor is wanted",
    "numpy-not-tensor": "a NumPy array where a tensor is wanted",
    "tensor-not-number": "a tensor where a plain number is wanted",
    "tensor-not-list": "a tensor where a list is wanted",
    "tensor-not-numpy": "a tensor where a NumPy array is wanted",
    "array-not-number": "a NumPy value where a plain number is wanted",
    "text-not-number": "a text where a number is wanted",
    "not-called": "a function where its result is wanted",
    "no-return": "None, because a function or `forward` returns nothing",
    "not-reached": "the program stopped before it made the name",
    # dtype and device
    "int-not-float": "whole numbers where floats are wanted",
    "float-not-int": "floats where whole numbers are wanted",
    "float64-not-float32": "64 bits where 32 are wanted",
    "float32-not-float64": "32 bits where 64 are wanted",
    "bool-not-float": "True and False where numbers are wanted",
    "number-not-bool": "numbers where True and False are wanted",
    "wrong-device": "on another device",
    "has-grad": "requires a gradient and should not",
    "no-grad": "requires no gradient and should, or no gradient reaches it",
    "not-registered": "layers in a plain list or dict, which a module does not see",
    # shape
    "transposed": "rows and columns swapped",
    "permuted-dims": "the dimensions in another order",
    "reshaped-not-transposed": "the same numbers in order, grouped in another way",
    "flattened": "all numbers in one dimension",
    "extra-dim": "a dimension of size 1 too many",
    "missing-dim": "a dimension of size 1 too few",
    "broadcast-square": "(N, 1) met (N,): every element paired with every other",
    "missing-slice": "some at one end are missing, the rest is right",
    "extra-slice": "some at one end too many, the rest is right",
    "repeated": "the wanted values several times",
    "not-reduced": "a sum, mean or maximum of it is wanted",
    "scores-not-classes": "argmax of it is wanted",
    # order and places
    "flipped": "the order reversed",
    "rolled": "all numbers a few places along, round the end",
    "off-by-one-index": "all numbers one place along, one lost at the end",
    "sorted": "the right numbers, but sorted",
    "permuted-rows": "the right numbers or rows in another order",
    "partly-equal": "wrong in one place, row, column or at one end only",
    # numbers
    "negated": "the sign is wrong everywhere",
    "scaled": "the same factor everywhere",
    "sum-not-mean": "as many times too large as there are of something",
    "mean-not-sum": "as many times too small as there are of something",
    "shifted": "the same constant too much everywhere",
    "squared": "the square of what is wanted",
    "square-rooted": "the square root of what is wanted",
    "logged": "the logarithm of what is wanted",
    "exponentiated": "exp of what is wanted",
    "absolute": "right but for the signs, which are gone",
    "clipped-at-zero": "right, but 0 where negative",
    "not-clipped": "negative where 0 is wanted",
    "inverse": "1 divided by what is wanted",
    "complement": "1 minus what is wanted",
    "rounded": "rounded",
    "truncated-to-int": "without what stands after the point",
    "low-precision": "near, in the digits that a smaller dtype holds",
    "nearly-equal": "equal in about five digits",
    "nan": "not a number among the values",
    "inf": "infinite numbers among the values",
    # probabilities
    "logits-not-probabilities": "softmax or sigmoid of it is wanted",
    "probabilities-not-logits": "softmax or sigmoid of what is wanted",
    "softmax-twice": "softmax of wanted probabilities",
    # by way of the program's variables
    "wrong-dim": "the right operation along another dimension",
    "biased-variance": "divided by N where N - 1 is wanted, or the other way round",
    "values-not-indices": "the largest where its place is wanted",
    "indices-not-values": "the place of the largest where itself is wanted",
    "other-operation": "another operation on the same variable",
    "elementwise-not-matmul": "`*` where `@` is wanted",
    "matmul-not-elementwise": "`@` where `*` is wanted",
    "other-variable": "the wanted values are in another variable",
    "unchanged-input": "the values of another variable, unchanged",
    "other-seed": "random numbers of another draw",
    # functions that are called
    "not-a-function": "something else where a function is wanted",
    "wrong-signature": "a function that can't be called as the task says",
    "prints-not-returns": "a function that prints its result and returns nothing",
    "no-error": "a function that returns where it should raise an error",
    "changes-input": "a function that changes what it is given",
    # operations that ran
    "operation-missing": "an operation that is wanted did not run",
    "operation-used": "an operation that is to be avoided ran",
    "too-many-operations": "more operations ran than are needed, as a loop over elements has",
    # gradients
    "grad-none-not-leaf": "no gradient: the tensor is a result",
    "grad-none-no-requires-grad": "no gradient: the tensor asks for none",
    "grad-none-no-backward": "no gradient: `backward()` was never called",
    "grad-none-detached": "no gradient: a line takes the numbers out of the recording",
    "grad-none-not-reached": "no gradient: the result does not depend on the tensor",
    "grad-zeroed": "the gradient was cleared before it was read",
    "grad-accumulated": "several times the gradient: nothing cleared it between two `backward()`",
    "grad-of-mean": "1/N of the gradient: the mean in place of the sum",
    "grad-of-sum": "N times the gradient: the sum in place of the mean",
    "grad-sign": "the gradient with the other sign",
}
"""Every relation with its meaning."""

FAULTS: Final[dict[str, str]] = {
    # the order of a training loop
    "no-zero-grad": "nothing clears the gradients between most steps",
    "zero-grad-after-backward": "the gradients are cleared between `backward()` and `step()`",
    "step-before-backward": "`step()` comes before `backward()` in every turn",
    "no-step": "there is an optimizer, and it never steps",
    "no-backward": "the optimizer steps, and `backward()` is never called",
    # what is around it
    "other-parameters": "the optimizer does not hold the parameters of the model",
    "unregistered-layers": "layers in a plain list or dict, which a module does not see",
    "graph-kept": "losses are summed with their history",
    "loss-detached": "the loss was taken out of the recording",
    "eval-in-training": "the model trains in eval mode",
    "train-mode-in-eval": "the model is evaluated in training mode",
    "grad-in-eval": "the model is evaluated with gradients being recorded",
    "evaluated-on-training-data": "the model is evaluated on rows that it was trained on",
    # the losses
    "loss-nan": "the loss is nan or inf",
    "loss-diverged": "the loss grows",
    "loss-flat": "the loss is the same in every turn",
    "stuck-at-mean": "the loss rests where one answer for all rows would be",
    # what a loss is given
    "softmax-before-cross-entropy": "cross-entropy is given probabilities",
    "sigmoid-before-bce-with-logits": "BCE with logits is given probabilities",
    "one-output-cross-entropy": "cross-entropy over one class",
    "float-class-targets": "class numbers as floats",
    "nll-of-logits": "NLLLoss is given raw scores",
    "target-shape-broadcast": "a loss paired outputs and targets of different shapes",
}
"""Every fault with its meaning."""
