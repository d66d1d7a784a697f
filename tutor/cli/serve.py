"""`torch-tutor serve`: the tutor in a browser."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import ipaddress
import signal
import sys

from tutor.cli import FINE, UsageError

NOT_INSTALLED = "`serve` needs the package textual-serve: python -m pip install 'torch-tutor[serve]'"
WARNING = """\
torch-tutor: {host} can be reached from other machines.
  Whoever reaches this port can run programs here, under your name, in the sandbox (level: {level}). There is no
  password, and nothing is encrypted. Each visitor has a progress of their own, which goes when they leave."""


def main(options: argparse.Namespace) -> int:
    """Serve until Ctrl+C."""
    if importlib.util.find_spec("textual_serve") is None:
        raise UsageError(NOT_INSTALLED)
    from tutor.cli.kept import course_to_open
    from tutor.cli.session import require_torch

    place = options.course
    if place is not None:
        from tutor.cli.places import located

        place = located(place)
    course = course_to_open(place, options.language)
    require_torch(course)
    if place is not None:
        from tutor.cli.consent import agreed

        if not agreed(course, place, options.course):
            print("It was not opened.")
            return FINE
    guests = not is_loopback(options.host)
    if guests:
        warn(options)
    return asyncio.run(serve(options, guests=guests))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def warn(options: argparse.Namespace) -> None:
    """Say what it means to let others in; an error where no level of the sandbox keeps them from the files here."""
    from tutor.runtime import trial
    from tutor.runtime.protocol import Level

    async def strongest() -> Level:
        for level in (Level.FULL, Level.JAIL):
            if not await trial.why_not(level):
                return level
        return Level.BASIC

    level = asyncio.run(strongest())
    if level is Level.BASIC and not options.anyway:
        raise UsageError(
            f"{options.host} can be reached from other machines, and this machine has neither the level `full` nor"
            " `jail` of the sandbox to hold them. `torch-tutor doctor` says what to do; --anyway serves all the same."
        )
    print(WARNING.format(host=options.host, level=level), file=sys.stderr)


def command_of(options: argparse.Namespace) -> list[str]:
    """What starts the tutor of one visitor."""
    program = "import sys; from tutor.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", program, "open", *([str(options.course)] if options.course else [])]
    words += ["--device", options.device, "--runtime", options.runtime]
    return [*words, "--language", options.language] if options.language else words


async def serve(options: argparse.Namespace, *, guests: bool) -> int:
    """Listen until Ctrl+C."""
    from tutor.serving.server import TutorServer

    server = TutorServer(command_of(options), options.host, options.port, guests=guests, places=options.visitors)
    try:
        runner, address = await server.open()
    except OSError as error:
        raise UsageError(
            f"port {options.port} of {options.host} can't be had: {error.strerror}. Choose another: --port 0 takes any."
        ) from None
    print(f"Open {address} in a browser.  Ctrl+C ends it.", flush=True)
    over = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, over.set)
    try:
        await over.wait()
    finally:
        await runner.cleanup()
    return FINE
