"""The kinds of check, one file each: fields, probes, judgement."""

from __future__ import annotations

from tutor.checks.base import Check
from tutor.checks.call import Call
from tutor.checks.equal import Equal
from tutor.checks.evaluation import Evaluation
from tutor.checks.grad import Grad
from tutor.checks.metric import Metric
from tutor.checks.module import Module
from tutor.checks.python import Python
from tutor.checks.raises import Raises
from tutor.checks.source import Source
from tutor.checks.stdout import Stdout
from tutor.checks.tensor import Tensor
from tutor.checks.training import Training

KINDS: dict[str, type[Check]] = {
    kind.kind: kind
    for kind in (Equal, Tensor, Grad, Call, Module, Training, Evaluation, Metric, Stdout, Source, Raises, Python)
}
"""Every kind of check by the name that authors write."""
