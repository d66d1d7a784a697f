"""The data files of a lesson: read with the course, held against their hashes, laid into the folder of every run."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from tutor.lessons.files import Document, read_bytes, unsafe
from tutor.lessons.nodes import Mapping, Node
from tutor.runtime.protocol import Job, JobFile

MOST_DATA = 4 * 2**20
"""Bytes that all data files of a lesson may have: they go with every run."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


def data_files(root: Mapping, document: Document) -> tuple[JobFile, ...]:
    """The data files of a lesson that are there and are the ones that the author meant; what is wrong is noted."""
    left = MOST_DATA
    found: dict[str, JobFile] = {}
    for item in root.listed("files"):
        if not isinstance(item, Mapping) or not isinstance(item.value.get("path"), str):
            continue
        file = _read(item, left, document)
        if file is None:
            continue
        left -= len(file.data)
        name = str(PurePosixPath(file.path))
        if name in found:
            document.notes.at(item.at("path"), "this file is in the lesson already", "remove one of the two")
        found.setdefault(name, file)
    return tuple(found.values())


def _read(item: Mapping, left: int, document: Document) -> JobFile | None:
    path, notes = item.at("path"), document.notes
    base = document.path.parent
    wrong = unsafe(path.value, base) or _taken(path.value)
    data = wrong or read_bytes(base / path.value, MOST_DATA + 1)
    if isinstance(data, tuple):
        notes.at(path, *data)
    elif isinstance(data, str):
        notes.at(path, data, "paths are relative to the folder of the lesson file")
    elif len(data) > left:
        message = f"the data files of a lesson may have {MOST_DATA // 2**20} MiB in all, and this is more"
        notes.at(path, message, "keep a part of it, or load a dataset of scikit-learn")
    elif _hash(item.at("sha256"), data, document):
        return JobFile(path.value, data)
    return None


def _taken(path: str) -> tuple[str, str] | None:
    """The program of a run is a file, too."""
    own = str(PurePosixPath(path)) == Job(code="").filename
    return ("the learner's program is a file of this name", "choose another name") if own else None


def _hash(sha256: Node, data: bytes, document: Document) -> bool:
    found = hashlib.sha256(data).hexdigest()
    if not isinstance(sha256.value, str) or sha256.value == found:
        return True
    form = _SHA256.fullmatch(sha256.value)
    message = "the file has another hash" if form else "`sha256` must be 64 digits from 0 to f"
    document.notes.at(sha256, message, f"if it is the right file, write {found}")
    return False
