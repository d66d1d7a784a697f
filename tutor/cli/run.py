"""`torch-tutor run FILE`: any Python file in the sandbox; tensors, loss, trace and errors as text."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tutor.checks.base import Finding
from tutor.cli import FAULT, FINDINGS, FINE, INTERRUPTED, UsageError
from tutor.cli.common import code_of, error_json, explanation, print_json
from tutor.cli.session import place_of, with_runtime
from tutor.runtime.client import Runtime
from tutor.runtime.outcomes import sentence
from tutor.runtime.protocol import Job, Limits, Outcome, Output, Report, RunEvent
from tutor.runtime.values import ArrayValue, TensorValue, Variable


def main(options: argparse.Namespace) -> int:
    """Run it, streaming its output unless JSON was asked for."""
    if not 0 < options.time <= 86_400:
        raise UsageError("--time takes a number of seconds between 0 and 86400")
    if options.console and (options.json or options.file == "-"):
        raise UsageError("--console reads expressions from standard input: it needs a FILE, and no --json")
    code = code_of(options.file)
    limits = Limits(time_s=options.time, cpu_s=int(options.time) * 2 + 2)

    async def work(runtime: Runtime) -> Report:
        job = Job(code=code, limits=limits, console=options.console)
        report = await runtime.run(job, None if options.json else write_output)
        findings = findings_of(report, code)
        if options.json:
            print_json(as_json(report, findings))
        else:
            print_report(report, findings, limits)
        if options.console:
            from tutor.cli.console import talk

            await talk(runtime)
        return report

    return exit_code(with_runtime(work, place_of(options), sklearn="sklearn" in code, strict=False))


def exit_code(report: Report) -> int:
    """0 where the program finished, 1 where it did not, 3 where the fault is ours, 130 where it was stopped."""
    codes = {Outcome.FINISHED: FINE, Outcome.INTERRUPTED: INTERRUPTED, Outcome.RUNTIME_FAULT: FAULT}
    return codes.get(report.outcome, FINDINGS)


def findings_of(report: Report, code: str) -> tuple[Finding, ...]:
    """What can be said without an expected value."""
    from tutor.checks.judge import diagnose

    return diagnose(report, code)


def write_output(event: RunEvent) -> None:
    """Pass on what the program writes as it comes."""
    if isinstance(event, Output):
        stream = sys.stdout if event.stream == "stdout" else sys.stderr
        stream.write(event.text)
        stream.flush()


def as_json(report: Report, findings: tuple[Finding, ...]) -> dict[str, Any]:
    """The report as `run --json` prints it."""
    return {
        "outcome": report.outcome,
        "device": report.device,
        "device_name": report.device_name,
        "seconds": report.seconds,
        "peak_mb": report.peak_mb,
        "level": report.level,
        "stdout": report.stdout,
        "stderr": report.stderr,
        "error": error_json(report.error),
        "variables": [variable_json(variable) for variable in report.variables],
        "losses": report.losses,
        "trace": [event_json(event) for event in report.trace],
        "findings": [finding_json(finding) for finding in findings],
    }


def variable_json(variable: Variable) -> dict[str, Any]:
    """A variable; what only tensors have is null for the rest."""
    value = variable.value
    tensor = value if isinstance(value, TensorValue) else None
    shaped = value if isinstance(value, TensorValue | ArrayValue) else None
    return {
        "name": variable.name,
        "type": "Tensor" if tensor else "ndarray" if shaped else getattr(value, "type", ""),
        "shape": shaped.shape if shaped else None,
        "dtype": shaped.dtype if shaped else None,
        "device": tensor.device if tensor else None,
        "requires_grad": tensor.requires_grad if tensor else None,
    }


def event_json(event: Any) -> dict[str, Any]:
    """A trace event with its fields named."""
    return {field: getattr(event, field) for field in event.__struct_fields__}


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding that needs no expected value."""
    return {
        "relation": finding.relation,
        "finding": finding.finding,
        "line": finding.line,
        "next": finding.next,
    }


def print_report(report: Report, findings: tuple[Finding, ...], limits: Limits) -> None:
    """How it ended, its tensors, its loss, and what was found."""
    from tutor.widgets.formats import value_text
    from tutor.widgets.loss_sentence import sentence as loss_sentence
    from tutor.widgets.plot_rows import sentence as plot_sentence

    print()
    if report.error is not None:
        print(report.error.text, file=sys.stderr)
    if report.outcome is not Outcome.FINISHED:
        print(sentence(report, limits))
        if report.error is not None and (known := explanation(report.error)):
            print(known)
    for variable in report.variables:
        print(f"  {variable.name}: {value_text(variable.value)}")
    if report.losses:
        print(loss_sentence(report.losses))
    for plot in report.plots:
        print(f"{plot.name or plot.kind}: {plot_sentence(plot)}")
    for finding in findings:
        print(
            "\n".join(
                part for part in (f"✗ {finding.finding}", finding.why, finding.next and f"→ {finding.next}") if part
            )
        )
    print(f"{report.device} · {report.seconds:.3f} s · {report.peak_mb:.0f} MB · {report.level}")
