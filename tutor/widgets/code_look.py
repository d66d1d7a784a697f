"""How code looks, the same in the editor (tree-sitter's names) and on the page (Pygments' tokens)."""

from __future__ import annotations

from collections.abc import Mapping

from pygments.token import Token  # type: ignore[import-untyped]  # Pygments has no types
from rich.style import Style
from textual._text_area_theme import TextAreaTheme
from textual.color import Color
from textual.highlight import HighlightTheme

THEME = "tutor"
"""Name of the editor's theme."""

EDITOR_STYLES = {
    "code-keyword": (
        "keyword",
        "keyword.function",
        "keyword.operator",
        "keyword.return",
        "include",
        "conditional",
        "repeat",
        "exception",
        "boolean",
        "constant.builtin",
        "variable.builtin",
    ),
    "code-string": ("string", "string.escape"),
    "code-number": ("number", "float"),
    "code-function": ("function", "function.call", "method", "method.call", "preproc"),
    "code-type": ("type", "type.class", "type.definition", "constructor"),
    "code-builtin": ("function.builtin", "type.builtin"),
    "code-operator": ("operator", "punctuation.delimiter", "punctuation.bracket", "punctuation.special"),
    "code-comment": ("comment",),
}
"""Theme variables, and what tree-sitter's query for Python calls the things that have them."""


class PageCode(HighlightTheme):
    """The same colours for Pygments' tokens."""

    STYLES = {
        Token.Comment: "$code-comment italic",
        Token.Error: "$foreground",
        Token.Keyword: "$code-keyword",
        Token.Literal.Number: "$code-number",
        Token.Literal.String: "$code-string",
        Token.Name.Builtin: "$code-builtin",
        Token.Name.Builtin.Pseudo: "$code-keyword",
        Token.Name.Class: "$code-type",
        Token.Name.Decorator: "$code-function",
        Token.Name.Function: "$code-function",
        Token.Operator: "$code-operator",
        Token.Operator.Word: "$code-keyword",
        Token.Punctuation: "$code-operator",
        Token.Generic.Error: "$error",
        Token.Generic.Traceback: "$error",
    }


def editor_theme(variables: Mapping[str, str]) -> TextAreaTheme:
    """The editor's theme in the colours of an app theme; what it leaves open follows from the stylesheet."""
    styles: dict[str, Style] = {}
    for variable, names in EDITOR_STYLES.items():
        style = Style(color=Color.parse(variables[variable]).rich_color, italic=variable == "code-comment" or None)
        styles.update(dict.fromkeys(names, style))
    return TextAreaTheme(name=THEME, syntax_styles=styles)
