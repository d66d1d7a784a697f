from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from tutor.cli.common import json_text
from tutor.glyphs import ASCII, HANDLER, shows_unicode
from tutor.widgets.plain_filters import AsciiFilter


def drawn(text: str, *, letters: bool) -> str:
    [segment] = AsciiFilter(letters=letters).apply([Segment(text)], Color(0, 0, 0))
    return segment.text


def test_every_glyph_has_one_ascii_character_of_its_width() -> None:
    for code, plain in ASCII.items():
        assert plain.isascii()
        assert len(plain) == cell_len(chr(code)) == 1, chr(code)


def test_a_line_is_as_wide_as_it_was() -> None:
    line = "✓ y  é漢 →  ⣿⠁⠀"
    assert drawn(line, letters=True) == "+ y  é漢 >  #. "
    assert drawn(line, letters=False) == "+ y  ??? >  #. "
    assert cell_len(drawn(line, letters=False)) == cell_len(line)


@pytest.mark.parametrize(
    ("environment", "shows"),
    [
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LC_CTYPE": "C.utf8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "C.UTF-8", "TERM": "linux"}, False),
        ({"LANG": "C.UTF-8", "TERM": "xterm-256color"}, True),
        ({}, False),
    ],
)
def test_the_environment_tells_what_can_be_shown(environment: dict[str, str], shows: bool) -> None:
    assert shows_unicode(environment) is shows


def test_a_stream_writes_ascii_where_its_encoding_has_nothing_else() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1", errors=HANDLER)
    stream.write("● é → 漢")
    stream.flush()
    assert stream.buffer.getvalue() == "* é > ?".encode("latin-1")  # type: ignore[attr-defined]


def test_a_command_prints_where_only_ascii_can_be_printed(tmp_path: object) -> None:
    program = "import sys; from tutor.cli import main; sys.exit(main())"
    environment = {"PYTHONIOENCODING": "ascii", "TORCH_TUTOR_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program, "show", "tensors/welcome"], env=environment, capture_output=True, check=True
    )
    assert done.stdout.startswith(b"Tensors > Boxes of numbers")


def test_json_loses_no_letter_where_only_ascii_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    text = json_text({"title": "é → 𝒙"})
    assert text.isascii()
    assert json.loads(text) == {"title": "é → 𝒙"}
