"""The looks: dark, light, high contrast and the terminal's own colours; and the colours of code in each."""

from __future__ import annotations

from textual.theme import Theme

CODE = ("keyword", "string", "number", "function", "type", "builtin", "operator", "comment")


def code_colours(*colours: str) -> dict[str, str]:
    """Theme variables of the colours of code, in the order of `CODE`."""
    return {f"code-{name}": colour for name, colour in zip(CODE, colours, strict=True)}


CODE_COLOURS = code_colours(
    "#7FB3D5", "#A8C99A", "#F2B880", "#E3CF9A", "#8FCFC2", "#8FCFC2", "#9AA7B4", "#8592A0"
)  # fmt: skip
"""Colours of code, in the editor and on the page; a theme may bring its own."""

CODE_COLOURS_ON_LIGHT = code_colours(
    "#1F5F8B", "#37702A", "#9A4F06", "#7A5B00", "#17756A", "#17756A", "#5A6570", "#59636D"
)  # fmt: skip
"""The same for light themes."""


def variables_for(theme: Theme) -> dict[str, str]:
    """Variables that a theme may lack: `quiet` words tell what is less important, `faint` ones only accompany."""
    words = theme.foreground or ("#E0E0E0" if theme.dark else "#202020")
    quiet = {"quiet": words, "faint": words} if theme.ansi else {"quiet": f"{words} 68%", "faint": f"{words} 45%"}
    return quiet | (CODE_COLOURS if theme.dark else CODE_COLOURS_ON_LIGHT)


def variables_of(*, accent: str, cursor: str, ground: str, raised: str, line: str, strong_line: str) -> dict[str, str]:
    """What a theme of ours says besides its colours: cursors, borders, scrollbars."""
    return {
        "markdown-h3-color": accent,
        "markdown-h3-text-style": "bold",
        "block-cursor-foreground": ground,
        "block-cursor-background": cursor,
        "block-cursor-text-style": "bold",
        "block-hover-background": raised,
        "border": strong_line,
        "border-blurred": raised,
        "input-cursor-background": cursor,
        "input-cursor-foreground": ground,
        "scrollbar": line,
        "scrollbar-hover": strong_line,
        "scrollbar-active": cursor,
        "scrollbar-background": ground,
        "scrollbar-background-hover": ground,
        "scrollbar-background-active": ground,
        "scrollbar-corner-color": ground,
        "button-focus-text-style": "bold",
    }


INK = Theme(
    name="ink",
    primary="#EE6C4D",
    secondary="#7FB3D5",
    accent="#F2B880",
    success="#8CC084",
    warning="#E6B450",
    error="#E8667A",
    foreground="#D8DEE4",
    background="#14181D",
    surface="#14181D",
    panel="#1E252D",
    dark=True,
    variables={
        **CODE_COLOURS,
        **variables_of(
            accent="#F2B880",
            cursor="#EE6C4D",
            ground="#14181D",
            raised="#1E252D",
            line="#2A333D",
            strong_line="#3A4450",
        ),
        "block-cursor-blurred-foreground": "#D8DEE4",
        "block-cursor-blurred-background": "#1E252D",
        "input-selection-background": "#7FB3D5 30%",
    },
)
"""Dark, calm, one accent colour (`primary`); green, yellow and red only where they mean passed, begun and failed."""

PAPER = Theme(
    name="paper",
    primary="#B5432A",
    secondary="#1F5F8B",
    accent="#845510",
    success="#33702B",
    warning="#7F5900",
    error="#B3263B",
    foreground="#22272D",
    background="#FAF8F3",
    surface="#FAF8F3",
    panel="#EEEAE0",
    dark=False,
    variables={
        **CODE_COLOURS_ON_LIGHT,
        **variables_of(
            accent="#845510",
            cursor="#B5432A",
            ground="#FAF8F3",
            raised="#EEEAE0",
            line="#D9D3C4",
            strong_line="#B9B19E",
        ),
        "block-cursor-blurred-foreground": "#22272D",
        "block-cursor-blurred-background": "#EEEAE0",
        "input-selection-background": "#1F5F8B 25%",
    },
)
"""The same, light: for a bright room."""

CONTRAST = Theme(
    name="contrast",
    primary="#FFD300",
    secondary="#7FDBFF",
    accent="#FFD300",
    success="#5CFF5C",
    warning="#FFD300",
    error="#FFA3A3",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#2B2B2B",
    dark=True,
    variables={
        **code_colours("#7FDBFF", "#9CFF9C", "#FFC78A", "#FFF1A8", "#8CFFF0", "#8CFFF0", "#FFFFFF", "#D0D0D0"),
        **variables_of(
            accent="#FFD300",
            cursor="#FFD300",
            ground="#000000",
            raised="#2B2B2B",
            line="#808080",
            strong_line="#FFFFFF",
        ),
        "quiet": "#D8D8D8",
        "faint": "#B0B0B0",
        "block-cursor-blurred-foreground": "#FFFFFF",
        "block-cursor-blurred-background": "#404040",
        "input-selection-background": "#0050A0",
    },
)
"""High contrast: every word at 7:1 or more against its ground (WCAG 2.2, 1.4.6)."""

TERMINAL = Theme(
    name="terminal",
    ansi=True,
    primary="ansi_magenta",
    secondary="ansi_cyan",
    accent="ansi_yellow",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        **code_colours(
            "ansi_blue",
            "ansi_green",
            "ansi_yellow",
            "ansi_default",
            "ansi_cyan",
            "ansi_cyan",
            "ansi_default",
            "ansi_default",
        ),
        **variables_of(
            accent="ansi_yellow",
            cursor="ansi_magenta",
            ground="ansi_default",
            raised="ansi_default",
            line="ansi_bright_black",
            strong_line="ansi_bright_black",
        ),
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_cyan",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-text-style": "bold",
        "input-cursor-background": "ansi_cyan",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_white",
    },
)
"""The colours that the terminal has been given; the one theme that works where there are none (NO_COLOR)."""

OURS = (INK, PAPER, CONTRAST, TERMINAL)
