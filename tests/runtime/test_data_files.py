"""The data files of a lesson lie in the folder of every run, and nothing that a run does to them is seen by the next."""

from __future__ import annotations

import pytest

from tutor.runtime.client import Runtime
from tutor.runtime.protocol import Job, JobFile, Limits, Outcome

pytestmark = pytest.mark.asyncio(loop_scope="module")

FILES = (JobFile("data.csv", b"1,2\n3,4\n"), JobFile("deep/er/b.bin", bytes(range(256))))
READ = """
from pathlib import Path
print(Path("data.csv").read_text().split())
print(Path("deep/er/b.bin").read_bytes() == bytes(range(256)))
Path("data.csv").write_text("gone")
"""


async def test_files_are_there_before_the_setup_and_new_in_every_run(runtime: Runtime) -> None:
    for _ in range(2):
        report = await runtime.run(Job(code="pass", setup=READ, files=FILES))
        assert (report.outcome, report.stdout) == (Outcome.FINISHED, "['1,2', '3,4']\nTrue\n")


async def test_a_file_that_does_not_fit_ends_the_run_with_words(runtime: Runtime) -> None:
    job = Job(code="print('ran')", files=(JobFile("big", bytes(3 << 20)),), limits=Limits(file_mb=1))
    report = await runtime.run(job)
    assert report.outcome is not Outcome.FINISHED
    assert "ran" not in report.stdout
