"""`torch-tutor schema`: the JSON Schema of course files, for editors."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import tutor.lessons
from tutor.cli import FINE

FILE = Path(tutor.lessons.__file__).with_name("schema.json")


def main(options: argparse.Namespace) -> int:
    """Print it, or where it is."""
    if options.path:
        print(FILE)
    else:
        sys.stdout.write(FILE.read_text(encoding="utf-8"))
    return FINE
