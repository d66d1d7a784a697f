"""Proofs of steps as `torch-tutor test` prints them: for people, and in the formats of other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree

from tutor.cli.common import json_text
from tutor.cli.formats import annotation, xml_text
from tutor.lessons.problems import Problem
from tutor.proving.mutants import Mutant
from tutor.proving.proof import Flaw, Proof, Severity
from tutor.proving.source import Source
from tutor.widgets.formats import plural

FORMATS = ("human", "json", "junit", "github")


class Printer:
    """Takes proofs in the order of the course; `end` comes after the last."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.proofs: list[tuple[Proof, Source]] = []

    def add(self, proof: Proof, source: Source) -> None:
        """Take the next proof."""
        self.proofs.append((proof, source))

    def end(self) -> None:
        """Print what is printed as a whole."""


def printer_of(form: str, out: TextIO) -> Printer:
    """The printer of a format."""
    kinds: dict[str, Callable[[TextIO], Printer]] = {"json": _Json, "junit": _JUnit, "github": _GitHub}
    return kinds.get(form, _Human)(out)


def problem_of(flaw: Flaw, proof: Proof, source: Source) -> Problem:
    """A flaw as a problem of its file."""
    file, line, column = source.place(proof.step, flaw.at, flaw.line)
    return Problem(_near(file), line, column, f"{proof.step}: {flaw.message}", flaw.said)


def _near(file: str) -> str:
    """The path as it is written from here, where the file lies below."""
    path, here = Path(file), Path.cwd()
    return str(path.relative_to(here)) if path.is_absolute() and path.is_relative_to(here) else file


class _Human(Printer):
    """A line a step as it comes, what was found below it, and a last line that counts."""

    def add(self, proof: Proof, source: Source) -> None:
        super().add(proof, source)
        warned = any(flaw.severity is Severity.WARNING for flaw in proof.flaws)
        glyph = "✗" if not proof.passed else "!" if warned else "✓"
        noticed = f"   {score([proof])}" if proof.mutation is not None else ""
        print(f"{glyph} {proof.step!s:<40} {proof.kind:<10} {proof.seconds:5.1f} s{noticed}", file=self.out)
        for flaw in proof.flaws:
            file, line, column = source.place(proof.step, flaw.at, flaw.line)
            mark = "warning: " if flaw.severity is Severity.WARNING else ""
            print(f"    {_near(file)}:{line}:{column}: {mark}{flaw.message}", file=self.out)
            print("".join(f"      │ {said}\n" for said in flaw.said.splitlines()), end="", file=self.out)
        for one in excused(proof):
            lines = [f"- {line}" for line in one.old] + [f"+ {line}" for line in one.new]
            print(f"    excused: {' '.join(one.because.split())}", file=self.out)
            print("".join(f"      │ {line}\n" for line in lines), end="", file=self.out)
        self.out.flush()

    def end(self) -> None:
        flaws = [flaw for proof, _ in self.proofs for flaw in proof.flaws]
        errors = sum(flaw.severity is Severity.ERROR for flaw in flaws)
        counts = [plural(len(self.proofs), "step"), plural(errors, "problem") if errors else "all proved"]
        if warnings := len(flaws) - errors:
            counts.append(plural(warnings, "warning"))
        print(file=self.out)
        by_lesson: dict[str, list[Proof]] = {}
        for proof, _ in self.proofs:
            if proof.mutation is not None:
                by_lesson.setdefault(proof.step.lesson, []).append(proof)
        for lesson, proofs in by_lesson.items():
            print(f"{lesson}: {score(proofs)}", file=self.out)
        if len(by_lesson) > 1:
            print(f"in all: {score([one for proofs in by_lesson.values() for one in proofs])}", file=self.out)
        print(f"{', '.join(counts)}.", file=self.out)


def excused(proof: Proof) -> list[Mutant]:
    """The changes that no check noticed, and for which the author gave a reason."""
    return [one for one in proof.mutation.survived if one.because] if proof.mutation is not None else []


def score(proofs: Sequence[Proof]) -> str:
    """How many changes of the solutions were noticed: "18 of 20 mutants noticed (90 %), 1 excused"."""
    mutations = [proof.mutation for proof in proofs if proof.mutation is not None]
    mutants, noticed = sum(one.mutants for one in mutations), sum(one.noticed for one in mutations)
    share = f" ({100 * noticed // mutants} %)" if mutants else ""
    reasons = sum(len(excused(proof)) for proof in proofs)
    return f"{noticed} of {plural(mutants, 'mutant')} noticed{share}" + (f", {reasons} excused" if reasons else "")


class _Json(Printer):
    """One object with a list of steps."""

    def end(self) -> None:
        steps = [_step_json(proof, source) for proof, source in self.proofs]
        text = json_text({"steps": steps})
        print(text, file=self.out)


def _step_json(proof: Proof, source: Source) -> dict[str, Any]:
    findings = []
    for flaw in proof.flaws:
        file, line, column = source.place(proof.step, flaw.at, flaw.line)
        findings.append(
            {
                "severity": flaw.severity.value,
                "message": flaw.message,
                "said": flaw.said,
                "file": file,
                "line": line,
                "column": column,
            }
        )
    return {
        "step": str(proof.step),
        "kind": proof.kind,
        "passed": proof.passed,
        "seconds": round(proof.seconds, 3),
        "findings": findings,
        "mutants": proof.mutation.mutants if proof.mutation is not None else 0,
        "noticed": proof.mutation.noticed if proof.mutation is not None else 0,
        "excused": [
            {"line": one.line, "old": one.old, "new": one.new, "because": one.because} for one in excused(proof)
        ],
    }


class _GitHub(Printer):
    """A line a finding, which GitHub shows beside the line of the file."""

    def add(self, proof: Proof, source: Source) -> None:
        super().add(proof, source)
        for flaw in proof.flaws:
            print(annotation(problem_of(flaw, proof, source), flaw.severity.value), file=self.out, flush=True)


class _JUnit(Printer):
    """A suite a lesson, a case a step; warnings stand in the case's output."""

    def end(self) -> None:
        root = ElementTree.Element("testsuites", name="torch-tutor test")
        suites: dict[tuple[str, str], ElementTree.Element] = {}
        for proof, source in self.proofs:
            key = (str(source.course.path), proof.step.lesson)
            suite = suites.get(key)
            if suite is None:
                suite = suites[key] = ElementTree.SubElement(root, "testsuite", name=proof.step.lesson)
            _case(suite, proof, source)
        for element in (root, *suites.values()):
            element.set("tests", str(len(element.findall(".//testcase"))))
            element.set("failures", str(len(element.findall(".//failure"))))
        ElementTree.indent(root)
        print('<?xml version="1.0" encoding="UTF-8"?>', file=self.out)
        print(ElementTree.tostring(root, encoding="unicode"), file=self.out)


def _case(suite: ElementTree.Element, proof: Proof, source: Source) -> None:
    file, line, _ = source.place(proof.step)
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=proof.step.lesson,
        name=proof.step.step,
        time=f"{proof.seconds:.3f}",
        file=_near(file),
        line=str(line),
    )
    problems = [(flaw, problem_of(flaw, proof, source)) for flaw in proof.flaws]
    errors = [problem for flaw, problem in problems if flaw.severity is Severity.ERROR]
    warnings = [str(problem) for flaw, problem in problems if flaw.severity is Severity.WARNING]
    if errors:
        failure = ElementTree.SubElement(case, "failure", message=xml_text(errors[0].message))
        failure.text = xml_text("\n\n".join(f"{problem}\n{problem.help}".rstrip() for problem in errors))
    if warnings:
        ElementTree.SubElement(case, "system-out").text = xml_text("\n".join(warnings))
