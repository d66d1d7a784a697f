"""The arguments of every command; each command's module is imported only when it runs."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor import __version__

EPILOG = """\
examples:
  torch-tutor                          open the tutor
  torch-tutor mycourse.yaml            open a course of your own
  torch-tutor show autograd/chain-rule read a step without the full screen
  torch-tutor check autograd/chain-rule answer.py
  torch-tutor run train.py             run any script in the same sandbox
"""


def lazily(module: str) -> Callable[[argparse.Namespace], int]:
    """The `main` of a command's module, imported when it is called."""

    def run(options: argparse.Namespace) -> int:
        main: Callable[[argparse.Namespace], int] = importlib.import_module(f"tutor.cli.{module}").main
        return main(options)

    return run


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Parse; a first word that is no command is taken as a course to open."""
    parser = argparse.ArgumentParser(
        prog="torch-tutor",
        description="Learn PyTorch in the terminal.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"torch-tutor {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    learners = (add_open, add_list, add_courses, add_progress, add_show, add_check, add_watch, add_run, add_serve)
    authors = (add_new, add_validate, add_preview, add_test, add_kinds, add_schema, add_export, add_import)
    for add in (*learners, add_doctor, *authors):
        add(commands)
    words = list(arguments)
    known = {*commands.choices, "-h", "--help", "--version"}
    if not words or words[0] not in known:
        words.insert(0, "open")
    return parser.parse_args(words)


def add_open(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The app itself, also what runs without any word."""
    command = commands.add_parser("open", help="open the tutor, or a course of your own (default)")
    command.add_argument(
        "course",
        nargs="?",
        type=Path,
        help="a course: its file, folder or zip, or a lesson file; without one, the bundled course",
    )
    add_language(command)
    add_place(command)
    command.set_defaults(run=lazily("open"))


def add_list(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Lessons and steps with progress."""
    command = commands.add_parser("list", help="list the lessons and steps with your progress")
    add_course(command)
    add_language(command)
    add_json(command)
    command.set_defaults(run=lazily("listing"))


def add_courses(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The courses that were opened."""
    command = commands.add_parser("courses", help="list the courses that you have opened")
    add_json(command)
    command.set_defaults(run=lazily("courses"))


def add_progress(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Figures, and progress moved between machines."""
    command = commands.add_parser("progress", help="print what you have done, move it between machines, or begin anew")
    command.add_argument(
        "what",
        nargs="?",
        choices=("export", "import", "reset"),
        help="write progress to a file, take it in from one, or begin anew (default: print figures)",
    )
    command.add_argument("name", nargs="?", metavar="FILE|LESSON", help="the file, or the lesson to begin anew")
    command.add_argument("--yes", action="store_true", help="reset without asking")
    add_course(command)
    add_json(command)
    command.set_defaults(run=lazily("progress"))


def add_show(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """A step's text and starter."""
    command = commands.add_parser("show", help="print a step: its text and its starter")
    add_step(command)
    add_course(command)
    add_language(command)
    command.set_defaults(run=lazily("show"))


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Run a file against a step."""
    command = commands.add_parser("check", help="run your file for a step and print the verdicts")
    add_step(command)
    command.add_argument("file", metavar="FILE", help="the Python file to check; - reads standard input")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="in an experiment, the value of a parameter (default: its first)",
    )
    add_course(command)
    add_language(command)
    add_place(command)
    add_json(command)
    command.set_defaults(run=lazily("check"))


def add_watch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Check a file at every save."""
    command = commands.add_parser("watch", help="write in your own editor: every save is checked, a pass leads on")
    command.add_argument("step", metavar="LESSON/STEP", nargs="?", help="where to begin (default: the first open step)")
    add_course(command)
    add_language(command)
    add_place(command)
    command.set_defaults(run=lazily("watch"))


def add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Run any file in the sandbox."""
    command = commands.add_parser("run", help="run any Python file in the sandbox; tensors, loss and errors explained")
    command.add_argument("file", metavar="FILE", help="the Python file to run; - reads standard input")
    command.add_argument("--time", type=float, default=60.0, metavar="S", help="seconds that it may take (default 60)")
    command.add_argument(
        "-i", "--console", action="store_true", help="afterwards, evaluate expressions in the finished program"
    )
    add_place(command)
    add_json(command)
    command.set_defaults(run=lazily("run"))


def add_serve(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The tutor in a browser."""
    command = commands.add_parser("serve", help="open the tutor in a browser, on this machine unless told otherwise")
    command.add_argument("course", nargs="?", type=Path, help="a course of your own; without one, the bundled course")
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default 127.0.0.1)")
    command.add_argument("--port", type=int, default=8000, help="the port; 0 takes any that is free (default 8000)")
    command.add_argument("--visitors", type=int, default=8, metavar="N", help="places at the same time (default 8)")
    command.add_argument("--anyway", action="store_true", help="let other machines in without a strong sandbox")
    add_language(command)
    add_place(command)
    command.set_defaults(run=lazily("serve"))


def add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What works on this machine."""
    command = commands.add_parser("doctor", help="say what works on this machine, and attack its own sandbox to see")
    command.add_argument(
        "--level", choices=("full", "jail", "basic", "spare"), help="look at this level of isolation, not the strongest"
    )
    add_place(command)
    add_json(command)
    command.set_defaults(run=lazily("doctor"))


def add_validate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Every problem of a course file."""
    command = commands.add_parser("validate", help="report every problem of a course or lesson file; runs no code")
    command.add_argument("files", metavar="FILE", nargs="+", type=Path)
    formats = ("human", "json", "github", "junit")
    command.add_argument("--format", choices=formats, default="human", help="how to print (default human)")
    command.set_defaults(run=lazily("validate"))


def add_test(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Prove courses."""
    command = commands.add_parser(
        "test", help="prove a course: solutions pass, starters and wrong answers fail as declared"
    )
    command.add_argument(
        "what",
        metavar="FILE… [LESSON/STEP]",
        nargs="*",
        help="course or lesson files (default: the bundled course), and the lessons or steps to prove (default: all)",
    )
    command.add_argument(
        "--mutate", action="store_true", help="also change each solution, and see that a check notices"
    )
    command.add_argument("--seeds", type=int, default=3, metavar="N", help="random seeds to run with (default 3)")
    command.add_argument("--jobs", type=int, default=2, metavar="N", help="steps proved at the same time (default 2)")
    formats = ("human", "json", "junit", "github")
    command.add_argument("--format", choices=formats, default="human", help="how to print (default human)")
    add_place(command)
    command.set_defaults(run=lazily("prove"))


def add_new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Scaffolds."""
    command = commands.add_parser("new", help="begin a course, a lesson or a step that already passes `test`")
    command.add_argument("what", choices=("course", "lesson", "step"), help="what to begin")
    command.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help="the folder of the course (default my-course), the file of the lesson (default my-lesson.yaml), or the"
        " lesson file that gets the step (default: print it)",
    )
    kinds = ("read", "choice", "predict", "code", "fix", "order", "experiment")
    command.add_argument("--kind", choices=kinds, default="code", help="the kind of the step (default code)")
    command.set_defaults(run=lazily("new"))


def add_preview(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The learner's screen, while the author writes."""
    command = commands.add_parser("preview", help="see a lesson as the learner does; what you save is shown at once")
    command.add_argument("file", metavar="FILE", type=Path, help="a course or lesson file")
    command.add_argument("step", metavar="STEP", nargs="?", help="the step to begin with, as STEP or LESSON/STEP")
    add_place(command)
    command.set_defaults(run=lazily("preview"))


def add_kinds(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What an author can write."""
    command = commands.add_parser("kinds", help="explain a kind of step or check, and the ids that words can hang on")
    command.add_argument("name", metavar="NAME", nargs="?", help="a kind, `relations` or `faults` (default: list them)")
    command.add_argument("--all", action="store_true", help="print all pages as one document")
    command.set_defaults(run=lazily("kinds"))


def add_schema(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What editors complete course files by."""
    command = commands.add_parser(
        "schema", help="print the JSON Schema of course files, by which editors complete them"
    )
    command.add_argument("--path", action="store_true", help="print where it is on this machine, not the schema itself")
    command.set_defaults(run=lazily("schema"))


def add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """A course in other forms."""
    command = commands.add_parser("export", help="write a course as a zip, as Jupyter notebooks or as Markdown")
    command.add_argument(
        "course", nargs="?", type=Path, metavar="FILE", help="a course or lesson file; without one, the bundled course"
    )
    command.add_argument("--to", choices=("zip", "notebooks", "markdown"), default="zip", help="the form (default zip)")
    command.add_argument(
        "--output", type=Path, metavar="PATH", help="the file or folder to write (default: named by the course)"
    )
    command.add_argument("--student", action="store_true", help="leave out solutions, wrong answers and hidden checks")
    add_language(command)
    command.set_defaults(run=lazily("export"))


def add_import(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """A notebook as a draft."""
    command = commands.add_parser("import", help="make a lesson draft of a Jupyter notebook")
    command.add_argument("notebook", metavar="NOTEBOOK", type=Path, help="the .ipynb file")
    command.add_argument(
        "--output", type=Path, metavar="FILE", help="the lesson file to write (default: as the notebook)"
    )
    command.set_defaults(run=lazily("import_notebook"))


def add_step(command: argparse.ArgumentParser) -> None:
    """The step, as LESSON/STEP."""
    command.add_argument("step", metavar="LESSON/STEP", help="a step, as `torch-tutor list` names it")


def add_course(command: argparse.ArgumentParser) -> None:
    """A course other than the bundled one."""
    command.add_argument("--course", type=Path, metavar="FILE", help="a course or lesson file of your own")


def add_language(command: argparse.ArgumentParser) -> None:
    """The language of its texts."""
    command.add_argument(
        "--language", metavar="CODE", help="show it in this language where it is translated: fr, pt-BR"
    )


def add_place(command: argparse.ArgumentParser) -> None:
    """Where code runs."""
    command.add_argument(
        "--device", choices=("cpu", "cuda", "mps"), default="cpu", help="what your code may use besides the CPU"
    )
    command.add_argument(
        "--runtime",
        choices=("fork", "spawn"),
        default="fork",
        help="fork: each run is a copy of a process that has torch loaded (default where it is safe);"
        " spawn: each run's own process loads torch ahead",
    )


def add_json(command: argparse.ArgumentParser) -> None:
    """Output for programs."""
    command.add_argument("--json", action="store_true", help="print one JSON object")
