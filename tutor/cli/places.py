"""Where a course is: a file, a folder, or a zip that is unpacked once, into a folder named by what it holds."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

from tutor import paths
from tutor.cli import UsageError
from tutor.lessons.model import COURSE_FILE

MOST_FILES, MOST_BYTES = 5000, 64 * 2**20
"""What an archive may hold, unpacked."""


def located(path: Path | None) -> Path | None:
    """The file or folder to read a course from; a zip is unpacked, into the same folder whenever it holds the same."""
    if path is None or not path.is_file() or not zipfile.is_zipfile(path):
        return path
    data = path.read_bytes()
    folder = paths.data_dir() / "courses" / hashlib.sha256(data).hexdigest()[:16]
    if not (folder / COURSE_FILE).is_file():
        _unpack(path, folder)
    return folder


def _unpack(path: Path, folder: Path) -> None:
    """Unpack beside the place and move it there, so that nobody ever sees a half of it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".unpacking-"))
    except OSError as error:
        raise UsageError(f"{path} can't be unpacked: {error.strerror}: {folder.parent}") from None
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in _entries(archive, path):
                place = part / entry.filename
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(entry))
        if not (part / COURSE_FILE).is_file():
            raise UsageError(
                f"{path} is no course: an archive of one has {COURSE_FILE} at its top (`torch-tutor export`)"
            )
        if not folder.exists():  # another tutor may have been quicker
            part.replace(folder)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise UsageError(f"{path} can't be unpacked: {error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _entries(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """The files of an archive, none of which leads out of its folder or is more than a file."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise UsageError(f"{path} holds more than {MOST_FILES} files or {MOST_BYTES >> 20} MiB")
    for entry in entries:
        name = PurePosixPath(entry.filename)
        is_link = entry.external_attr >> 28 == 0o12
        if name.is_absolute() or ".." in name.parts or "\\" in entry.filename or ":" in entry.filename or is_link:
            raise UsageError(f"{path} holds {entry.filename!r}, which leads out of its folder: it was not unpacked")
    return entries
