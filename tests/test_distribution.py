"""The wheel holds the course, and works from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_holds_the_course_and_the_type_marker(unpacked: Path) -> None:
    files = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    assert {"tutor/lessons.yaml", "tutor/py.typed", "tutor/tutor.tcss"} <= files
    assert {f"tutor/lessons/content/{name}.yaml" for name in ("tensors", "autograd", "evaluation")} <= files
    assert not [file for file in files if file.startswith(("tests", "benchmarks", "docs"))]


def test_torch_tutor_list_works_from_the_root_folder(unpacked: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "TORCH_TUTOR_HOME": str(tmp_path)}
    program = "import sys, tutor; print(tutor.__file__); from tutor.cli import main; sys.exit(main(['list']))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd="/", env=environment, check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith(str(unpacked)), "another installation was found first"
    assert "tensors/" in done.stdout
