"""Broken YAML, files, courses and lessons are reported at the exact line and column, and nothing else is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.lessons.broken import COURSE, READ, Broken, assert_named, into, lesson

DATA = hashlib.sha256(b"1,2\n").hexdigest()
CASES: dict[str, Broken] = {}
case = into(CASES)

# ---- YAML ---------------------------------------------------------------------------------------------------------

case("empty", "«", "the file is empty")
case("only a comment", "«# nothing\n", "the file is empty")
case("tab", "format: 1\n«\tid: l\n", "a tab indents this line")
case("tab in a list", "format: 1\nsteps:\n«\t- a\n", "a tab indents this line")
case("colon in a value", "format: 1\ntitle: Tensors«: a start\n", "a colon starts a value here, where none can stand")
case("open quotes", "format: 1\ntitle: «'Tensors\nid: l\n", "the quotes that begin here are never closed")
case(
    "open bracket",
    "format: 1\ngoals: «[a, b\n",
    "a list that begins with `[` is not closed, or holds text with brackets",
)
case(
    "brackets in a list",
    "format: 1\nchecks: [x«[0, 1], y]\n",
    "a list that begins with `[` is not closed, or holds text with brackets",
)
case("open brace", "format: 1\ndefaults: «{seed: 1\n", "a mapping that begins with `{` is not closed")
case("at sign", "format: 1\ntitle: «@home\n", "a value can't begin with `@`")
case("backquote", "format: 1\ntitle: «`x` first\n", "a value can't begin with ```")
case("percent", "format: 1\ntitle: «%d\n", "a value can't begin with `%`")
case("escape", 'format: 1\ntitle: "a «\\d"\n', "this escape is not known in double quotes")
case("no colon", "format: 1\nid: l\ntitle\n«steps: []\n", "a key without a colon")
case("indentation", "format: 1\nrequires:\n  lessons: []\n «devices: []\n", "a key is expected here")
case(
    "list item among keys",
    "format: 1\nsteps:\n- a\n«id: l\n- b\n".replace("«id: l\n- b", "id: l\n«- b"),
    "a key is expected here",
)
case(
    "list on the key's line",
    "format: 1\nsteps: «- a\n",
    "this is not valid YAML: block sequence entries are not allowed in this context",
)
case("second document", lesson() + "«---\nformat: 1\n", "a second document starts here")
case(
    "alias",
    lesson("summary: «&s Short.\ndescription: x\n").replace("description: x", "objectives: [«*s]"),
    "`&s` is an anchor; anchors are not allowed",
    "`*s` is an alias; aliases are not allowed",
)
case("tag", lesson("minutes: «!!int 4\n"), "tags (`!…`) are not allowed")
case("own tag", lesson("summary: «!python/name:os.system x\n"), "tags (`!…`) are not allowed")
case("tag on a list", "format: 1\nid: l\ntitle: L\nsteps: «!!set\n  - a\n", "tags (`!…`) are not allowed")
case("unknown handle", lesson("summary: «!x!y z\n"), "tags (`!…`) are not allowed")
case("merge key", lesson("defaults:\n  «<<: {seed: 1}\n"), "`<<` merges mappings, which is not allowed")
case("duplicate key", lesson("«title: Again\n"), "`title` is given twice; first in line 3")
case("key that is a list", lesson("defaults:\n  «[a]: 1\n"), "a key must be a word")
case("too deep", "format: 1\nx: " + "[" * 24 + "«[" + "]" * 25 + "\n", "the file is nested more than 24 levels deep")
case("too many values", "format: 1\nx: [" + "0," * 99_995 + "«0]\n", "the file holds more than 100000 values")
case("control character", "format: 1\nid: l\ntitle: a«\x07b\n", "the file holds a control character (U+0007)")
case("escaped control character", lesson('summary: «"a\\eb"\n'), "the text holds a control character (U+001B)")
case("long number", lesson(f"minutes: «{'9' * 80}\n"), "this number is too long")

# ---- files, formats, top level ------------------------------------------------------------------------------------

case("top is a list", "«- a\n- b\n", "a course or lesson is a mapping")
case("top is text", "«hello\n", "a course or lesson is a mapping")
case("no format", "«id: l\ntitle: L\nsteps:\n  " + READ, "`format` is missing")
case(
    "newer format",
    lesson().replace("format: 1", "format: «2"),
    "the file has format 2; this version of torch-tutor reads formats up to 1",
)
case(
    "newer format, all else wrong",
    "format: «9\nfoo: 1\nsteps: 3\n",
    "the file has format 9; this version of torch-tutor reads formats up to 1",
)
case("format as text", lesson().replace("format: 1", 'format: «"1"'), "`format` must be a whole number")
case("format zero", lesson().replace("format: 1", "format: «0"), "`format` must be a whole number")
case("format true", lesson().replace("format: 1", "format: «true"), "`format` must be a whole number")
case("neither", "«format: 1\nid: l\n", "this is neither a course nor a lesson")
case(
    "course without title",
    "«format: 1\nid: k\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`title` is missing",
)
case("lesson without id", "«format: 1\ntitle: L\nsteps:\n  " + READ, "`id` is missing")
case("lessons empty", COURSE + "lessons: «[]\n", "`lessons` is empty")
case("lessons a word", COURSE + "lessons: «tensors.yaml\n", "`lessons` must be a list")
case("lesson a number", COURSE + "lessons:\n  - «3\n", "a lesson must be the path of a file, or a mapping with `steps`")
case("missing file", COURSE + "lessons:\n  - «lost.yaml\n", "there is no file {folder}/lost.yaml")
case("folder as a file", COURSE + "lessons:\n  - «.\n", "{folder} is not a file")
case("absolute path", COURSE + "lessons:\n  - «/etc/passwd\n", "the path must be relative")
case("drive", COURSE + "lessons:\n  - «c:/lesson.yaml\n", "the path must be relative")
case("path upwards", COURSE + "lessons:\n  - «../lesson.yaml\n", "the path leads out of the folder")
case("path upwards inside", COURSE + "lessons:\n  - «a/../../lesson.yaml\n", "the path leads out of the folder")
case("backslash", COURSE + "lessons:\n  - «a\\lesson.yaml\n", "the path has a backslash")
case("empty path", COURSE + 'lessons:\n  - «""\n', "this is no path")
case("itself", COURSE + "lessons:\n  - «course.yaml\n", "this file is in the course already")
case(
    "version",
    COURSE + "version: «1.0\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`version` must be text, not the number 1.0",
)
case(
    "version of two numbers",
    COURSE + 'version: «"1.0"\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n',
    "`version` can't be `1.0`",
)
case(
    "language",
    COURSE + "language: «English\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`language` can't be `English`",
)
case(
    "range of torch",
    COURSE + "requires: «torch 2\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`requires` can't be `torch 2`",
)
case(
    "course id",
    COURSE.replace("id: k", "id: «My course")
    + "lessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "`My course` can't be the id of a course",
)
case(
    "course's own path",
    COURSE + "«path: here\nlessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n",
    "unknown key `path`",
)

# ---- lessons ------------------------------------------------------------------------------------------------------

case("unknown key", lesson("«objektives: [a]\n"), "unknown key `objektives`")
case("unknown key in defaults", lesson("defaults: {«sed: 1}\n"), "unknown key `sed`")
case("lesson's own path", lesson("«path: here\n"), "unknown key `path`")
case("minutes as text", lesson("minutes: «ten\n"), "`minutes` must be a whole number, not `ten`")
case("minutes below zero", lesson("minutes: «-1\n"), "`minutes` must be at least 0")
case("minutes with a fraction", lesson("minutes: «1.5\n"), "`minutes` must be a whole number, not the number 1.5")
case("minutes true", lesson("minutes: «true\n"), "`minutes` must be a whole number, not `true`")
case("summary empty", lesson("summary:«\n"), "`summary` must be text, not empty")
case("summary a mapping", lesson("summary: «{a, b}\n"), "`summary` must be text, not a mapping")
case("title a number", lesson().replace("title: L", "title: «2024"), "`title` must be text, not the number 2024")
case("objectives a word", lesson("objectives: «learn\n"), "`objectives` must be a list, not `learn`")
case("objective a number", lesson("objectives: [a, «3]\n"), "item 2 of `objectives` must be text, not the number 3")
case("seed below zero", lesson("defaults: {seed: «-1}\n"), "`seed` must be at least 0")
case("threads", lesson("defaults: {threads: «0}\n"), "`threads` must be at least 1")
case("time", lesson("defaults: {time_s: «0}\n"), "`time_s` must be more than 0")
case("time not a number", lesson("defaults: {time_s: «.nan}\n"), "`time_s` must be more than 0")
case("tolerance below zero", lesson("defaults: {rtol: «-1e-3}\n"), "`rtol` must be at least 0")
case("requires a list", lesson("requires: «[tensors]\n"), "`requires` must be a mapping, not a list")
case("file lost", lesson("files:\n  - {path: «lost.csv, sha256: x}\n"), "there is no file {folder}/lost.csv")
case("file outside", lesson("files:\n  - {path: «../a.csv, sha256: x}\n"), "the path leads out of the folder")
case(
    "file of the program",
    lesson("files:\n  - {path: «./lesson.py, sha256: x}\n"),
    "the learner's program is a file of this name",
)
case("file without hash", lesson("files:\n  - «{path: data.csv}\n"), "`sha256` is missing")
case(
    "file twice",
    lesson(f"files:\n  - {{path: data.csv, sha256: {DATA}}}\n  - {{path: «./data.csv, sha256: {DATA}}}\n"),
    "this file is in the lesson already",
)
case("hash malformed", lesson("files:\n  - {path: data.csv, sha256: «x}\n"), "`sha256` must be 64 digits from 0 to f")
case(
    "hash of another file",
    lesson(f"files:\n  - {{path: data.csv, sha256: «{'a' * 64}}}\n"),
    "the file has another hash",
)
case("steps missing", COURSE + "lessons:\n  - «{id: l, title: L}\n", "`steps` is missing")
case("steps empty", "format: 1\nid: l\ntitle: L\nsteps: «[]\n", "`steps` is empty")
case("steps a mapping", "format: 1\nid: l\ntitle: L\nsteps:\n  «first: {kind: read}\n", "`steps` must be a list")
case(
    "lesson ids twice",
    COURSE
    + "lessons:\n  - {id: l, title: L, steps: [{id: r, kind: read, text: x}]}\n  - {id: «l, title: M, steps: [{id: r, kind: read, text: x}]}\n",
    "another lesson has the id `l`, in line 5",
)
case(
    "required lesson",
    COURSE
    + "lessons:\n  - {id: l, title: L, requires: {lessons: [«tensor]}, steps: [{id: r, kind: read, text: x}]}\n  - {id: tensors, title: T, steps: [{id: r, kind: read, text: x}]}\n",
    "there is no lesson `tensor`",
)
case(
    "lesson requires itself",
    COURSE + "lessons:\n  - {id: l, title: L, requires: {lessons: «[l]}, steps: [{id: r, kind: read, text: x}]}\n",
    "lesson `l` requires itself, by way of what it requires",
)
case(
    "circle of lessons",
    COURSE
    + "lessons:\n  - {id: l, title: L, requires: {lessons: «[m]}, steps: [{id: r, kind: read, text: x}]}\n  - {id: m, title: M, requires: {lessons: «[l]}, steps: [{id: r, kind: read, text: x}]}\n",
    "lesson `l` requires itself, by way of what it requires",
    "lesson `m` requires itself, by way of what it requires",
)


@pytest.mark.parametrize("broken", CASES.values(), ids=CASES.keys())
def test_problem_is_named_at_its_place(broken: Broken, tmp_path: Path) -> None:
    assert_named(broken, tmp_path)
