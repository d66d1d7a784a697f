"""The operations of torch that ran, by the names that people use: `x @ y`, `torch.mm` and `nn.Linear` are all "matmul".

`_FAMILIES` is the whole table; an operation that is not in it goes by torch's own name, without underscores at its ends
("add_" is "add"). Composite functions are seen as what they are made of: `cross_entropy` as "log_softmax" and
"nll_loss", `var_mean` as "var_mean", a manual softmax as "exp", "sum" and "div".
"""

from __future__ import annotations

from tutor.runtime.protocol import Report

_FAMILIES = {
    "matmul": "@ mm bmm addmm addmv mv dot vdot baddbmm addbmm addr einsum tensordot inner linear chain_matmul",
    "softmax": "safe_softmax",
    "nll_loss": "nll_loss2d nll_loss_nd cross_entropy",
    "conv": "convolution convolution_overrideable mkldnn_convolution conv1d conv2d conv3d conv_transpose2d",
    "max_pool": "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices max_pool3d_with_indices",
    "avg_pool": "avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool2d adaptive_avg_pool3d",
    "batch_norm": "native_batch_norm native_batch_norm_legit native_batch_norm_legit_no_training cudnn_batch_norm "
    "batch_norm_with_update",
    "layer_norm": "native_layer_norm",
    "group_norm": "native_group_norm",
    "dropout": "native_dropout fused_dropout",
    "rnn": "mkldnn_rnn_layer lstm gru rnn_tanh rnn_relu thnn_fused_lstm_cell thnn_fused_gru_cell cudnn_rnn",
    "attention": "scaled_dot_product_attention scaled_dot_product_flash_attention "
    "scaled_dot_product_flash_attention_for_cpu scaled_dot_product_efficient_attention",
    "item": "local_scalar_dense",
    "to": "to_copy float double long int half bool type",
    "transpose": "t T mT swapaxes swapdims movedim adjoint",
    "reshape": "view unsafe_view reshape_alias flatten ravel unflatten view_as reshape_as",
    "sub": "rsub subtract",
    "mul": "multiply",
    "div": "divide true_divide",
    "pow": "square float_power",
    "norm": "linalg_vector_norm vector_norm linalg_norm",
    "inv": "linalg_inv_ex linalg_inv inverse",
    "cdist": "cdist_forward",
    "clamp": "clamp_min clamp_max clip",
    "max": "amax maximum",
    "min": "amin minimum",
    "sort": "argsort",
    "index": "unsafe_index",
    "index_put": "index_put_impl unsafe_index_put",
    "cat": "concat concatenate",
    "stack": "vstack hstack",
}
"""The name of each family, and torch's and other names of what belongs to it."""

_LOOKS = """
reshape transpose permute unsqueeze squeeze expand slice select unbind split split_with_sizes unsafe_split chunk narrow
diagonal as_strided detach alias lift_fresh empty empty_like unfold
"""
VIEWS = frozenset(_LOOKS.split())
"""Operations that compute nothing: another look at the same numbers, or room for new ones."""

_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names.split()}
_SPELLED = str.maketrans("", "", " ()")


def operation_name(name: str) -> str:
    """The family of an operation, from a name as people or torch write it: "torch.mm", "_softmax", "add_", "@"."""
    last = name.translate(_SPELLED).rpartition(".")[2].rpartition("::")[2]
    plain = last.strip("_") or last
    plain = plain.removeprefix("foreach_").removesuffix("_forward")
    return _FAMILY.get(plain, plain)


def operations(report: Report) -> dict[str, int]:
    """How often each family of operations ran."""
    found: dict[str, int] = {}
    for name, count in report.operations.items():
        family = operation_name(name)
        found[family] = found.get(family, 0) + count
    return found


def computing(found: dict[str, int]) -> dict[str, int]:
    """Those operations that compute something."""
    return {name: count for name, count in found.items() if name not in VIEWS}
