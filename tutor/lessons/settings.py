"""The settings of an experiment: one value for each of its parameters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from tutor.lessons.model import ExperimentStep, ParameterValue

Setting = Mapping[str, ParameterValue]
"""A value for each parameter, in the order of the parameters."""


def first_setting(step: ExperimentStep) -> Setting:
    """The first value of every parameter."""
    return {name: values[0] for name, values in step.parameters.items()}


def all_settings(step: ExperimentStep) -> tuple[Setting, ...]:
    """Every combination of values; the last parameter changes first."""
    names = tuple(step.parameters)
    return tuple(dict(zip(names, values, strict=True)) for values in itertools.product(*step.parameters.values()))


def assignments(setting: Setting) -> str:
    """The setting as one line of Python."""
    return "; ".join(f"{name} = {value!r}" for name, value in setting.items())


def label(setting: Setting) -> str:
    """The setting as learners read it: "lr=0.1, momentum=0.9"."""
    return ", ".join(f"{name}={value_text(value)}" for name, value in setting.items())


def value_text(value: ParameterValue) -> str:
    """A value as learners read it: texts without quotes."""
    return value if isinstance(value, str) else repr(value)


def with_values(step: ExperimentStep, words: list[str]) -> Setting:
    """The first setting, changed by words such as "lr=0.1"; ValueError, which says why, where one is not known."""
    setting = dict(first_setting(step))
    for word in words:
        name, equals, text = word.partition("=")
        name, text = name.strip(), text.strip()
        if name not in step.parameters or not equals:
            raise ValueError(f"{word!r} sets no parameter of this step; it has {_known(step)}")
        values = [value for value in step.parameters[name] if _means(text, value)]
        if not values:
            choices = ", ".join(value_text(value) for value in step.parameters[name])
            raise ValueError(f"{name} can't be {text!r} here; it is one of {choices}")
        setting[name] = values[0]
    return setting


def _known(step: ExperimentStep) -> str:
    return ", ".join(f"{name}={value_text(values[0])}" for name, values in step.parameters.items())


def _means(text: str, value: ParameterValue) -> bool:
    """Whether a typed text stands for a value: "1e-1" for 0.1, "true" for True."""
    if isinstance(value, bool):
        return text.lower() == str(value).lower()
    if isinstance(value, str):
        return text == value
    try:
        return float(text) == value
    except ValueError:
        return False
