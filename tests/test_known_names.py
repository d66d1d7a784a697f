"""The names of torch: asked for once, kept, and no error where that fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.known_names import KnownNames
from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, Level, Outcome, Report, RuntimeInfo

PRINTED = '{"torch":[[],[["rand","f","(*size)","",""]]]}'


class FakeRuntime:
    """Prints what it is told to."""

    def __init__(self, printed: str = PRINTED, outcome: Outcome = Outcome.FINISHED, version: str = "2.13.0") -> None:
        self.printed, self.outcome, self.version = printed, outcome, version
        self.jobs: list[Job] = []

    async def start(self) -> RuntimeInfo:
        return RuntimeInfo(torch_version=self.version, python_version="3.11", level=Level.JAIL)

    async def run(self, job: Job, *, aside: bool = False) -> Report:
        assert aside, "the learner's finished program stays"
        self.jobs.append(job)
        return Report(outcome=self.outcome, stdout=self.printed)


async def learned(runtime: FakeRuntime, folder: Path) -> KnownNames:
    known = KnownNames(runtime, folder)
    await known.learn()
    return known


async def test_names_are_asked_for_once_for_each_version_of_torch(tmp_path: Path) -> None:
    first, second, newer = FakeRuntime(), FakeRuntime(), FakeRuntime(version="2.14.0")
    for runtime in (first, second, newer):
        known = await learned(runtime, tmp_path / "cache")
        assert known.atlas is not None
        assert list(known.atlas.members("torch")) == ["rand"]
        assert not known.wanted
    assert [len(each.jobs) for each in (first, second, newer)] == [1, 0, 1]


async def test_a_cache_that_cannot_be_read_or_written_is_no_error(tmp_path: Path) -> None:
    await learned(FakeRuntime(), tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"\xff not json")
    again = FakeRuntime()
    assert (await learned(again, tmp_path)).atlas is not None
    assert len(again.jobs) == 1
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert (await learned(FakeRuntime(), blocked)).atlas is not None


@pytest.mark.parametrize("printed", ["", "[]", "Warning\n{}", '{"torch": 1}'])
async def test_what_is_not_understood_is_not_kept(printed: str, tmp_path: Path) -> None:
    known = await learned(FakeRuntime(printed), tmp_path)
    assert known.atlas is None
    assert list(tmp_path.iterdir()) == []


async def test_it_is_not_tried_for_ever_but_a_run_that_was_stopped_does_not_count(tmp_path: Path) -> None:
    known = KnownNames(FakeRuntime(outcome=Outcome.INTERRUPTED), tmp_path)
    for _ in range(9):
        await known.learn()
    assert known.wanted
    known = KnownNames(FakeRuntime(outcome=Outcome.KILLED), tmp_path)
    for _ in range(9):
        if known.wanted:
            await known.learn()
    assert not known.wanted


async def test_torch_tells_its_names(tmp_path: Path) -> None:
    async with Runtime() as runtime:
        known = KnownNames(runtime, tmp_path)
        await known.learn()
    atlas = known.atlas
    assert atlas is not None
    randn = atlas.at("torch.randn")
    assert randn is not None
    assert randn.signature.startswith("(*size, *, generator=None")
    assert (randn.kind, randn.gives) == ("f", "torch.Tensor")
    assert randn.text.startswith("Returns a tensor filled with random numbers")
    for path in (
        "torch.Tensor.backward",
        "torch.nn.functional.mse_loss",
        "torch.optim.Adam",
        "math.sqrt",
        "torch.float32",
    ):
        assert atlas.at(path) is not None, path
    for path in (
        "torch.sys",
        "torch.Any",
        "torch.FloatTensor",
        "torch.cudnn_convolution",
        "torch.nn.functional.Optional",
    ):
        assert atlas.at(path) is None, path
    linear = atlas.members("torch.nn.Linear")
    assert linear["weight"].gives == "torch.nn.Parameter"
    assert linear["in_features"].gives == "builtins.int"
    assert linear["zero_grad"].signature == "(set_to_none=True)"
    assert atlas.members("torch.Tensor")["grad"].gives == "torch.Tensor"
    assert atlas.members("torch.nn.Parameter")["grad"].gives == "torch.Tensor"
    assert "param_groups" in atlas.members("torch.optim.SGD")
    two_forms = atlas.at("torch.max")
    assert two_forms is not None
    assert "(input, dim, keepdim=False, *, out=None)" in two_forms.forms
    assert atlas.class_named("SGD") == "torch.optim.SGD"
    assert atlas.class_named("Size") == "torch.Size"
