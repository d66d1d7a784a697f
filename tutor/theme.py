"""The look: the theme "ink", and the colours of code that follow from whatever theme is on."""

from __future__ import annotations

from textual.theme import Theme

CODE_COLOURS = {
    "code-keyword": "#7FB3D5",
    "code-string": "#A8C99A",
    "code-number": "#F2B880",
    "code-function": "#E3CF9A",
    "code-type": "#8FCFC2",
    "code-builtin": "#8FCFC2",
    "code-operator": "#9AA7B4",
    "code-comment": "#7A8794",
}
"""Colours of code, in the editor and on the page; a theme may bring its own."""

CODE_COLOURS_ON_LIGHT = {
    "code-keyword": "#1F5F8B",
    "code-string": "#3F7A2D",
    "code-number": "#A5580C",
    "code-function": "#7A5B00",
    "code-type": "#17756A",
    "code-builtin": "#17756A",
    "code-operator": "#5A6570",
    "code-comment": "#66717C",
}
"""The same for light themes."""

INK = Theme(
    name="ink",
    primary="#EE6C4D",
    secondary="#7FB3D5",
    accent="#F2B880",
    success="#8CC084",
    warning="#E6B450",
    error="#E4576B",
    foreground="#D8DEE4",
    background="#14181D",
    surface="#14181D",
    panel="#1E252D",
    dark=True,
    variables={
        **CODE_COLOURS,
        "markdown-h3-color": "#F2B880",
        "markdown-h3-text-style": "bold",
        "block-cursor-foreground": "#14181D",
        "block-cursor-background": "#EE6C4D",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": "#D8DEE4",
        "block-cursor-blurred-background": "#1E252D",
        "block-hover-background": "#1E252D",
        "border": "#3A4450",
        "border-blurred": "#1E252D",
        "input-cursor-background": "#EE6C4D",
        "input-cursor-foreground": "#14181D",
        "input-selection-background": "#7FB3D5 30%",
        "scrollbar": "#2A333D",
        "scrollbar-hover": "#3A4450",
        "scrollbar-active": "#EE6C4D",
        "scrollbar-background": "#14181D",
        "scrollbar-background-hover": "#14181D",
        "scrollbar-background-active": "#14181D",
        "scrollbar-corner-color": "#14181D",
        "button-focus-text-style": "bold",
    },
)
"""Dark, calm, one accent colour (`primary`); green, yellow and red only where they mean passed, begun and failed."""
