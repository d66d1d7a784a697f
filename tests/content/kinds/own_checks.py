"""Functions that the course `python.yaml` judges by."""

import torch


def is_orthogonal(seen):
    q = seen.values["q"]
    if q.shape != seen.expected["q"].shape:
        return f"`q` has the shape {tuple(q.shape)}, and a square matrix of 3 rows is wanted."
    if not torch.allclose(q.T @ q, torch.eye(3), atol=1e-5):
        return "`q.T @ q` is not the identity."
    return None


def fell(seen):
    if seen.losses[-1] > seen.losses[0]:
        return "The loss rose."
    if "import" in seen.code or "bye" in seen.stdout:
        return "No import, please."
    return None


def broken(seen):
    return seen.values["q"]["nothing"]


def odd(seen):
    return 3


def endless(seen):
    while True:
        pass
