from __future__ import annotations

from tutor.widgets.tab_line import Tab, placed, rows

TABS = [
    Tab("checks", "Checks", "1/2"),
    Tab("output", "Output"),
    Tab("tensors", "Tensors", "12"),
    Tab("curve", "Curve"),
    Tab("trace", "Trace"),
    Tab("graph", "Graph"),
    Tab("console", "Console"),
]


def line(width: int, active: str = "checks") -> str:
    return rows(placed(TABS, active, width), active, width, lit=False)[0].plain.removeprefix(" ")


def test_gaps_give_way_before_words() -> None:
    assert line(81) == "Checks 1/2   Output   Tensors 12   Curve   Trace   Graph   Console"
    assert line(61) == "Checks 1/2  Output  Tensors 12  Curve  Trace  Graph  Console"
    assert line(59) == "Checks 1/2  Output  Tensors  Curve  Trace  Graph  Console"
    assert line(52) == "Checks 1/2 Output Tensors Curve Trace Graph Console"
    assert line(49) == "Checks Output Tensors Curve Trace Graph Console"


def test_what_stands_beside_the_active_name_stays_longest() -> None:
    assert "Tensors 12" in line(59, "tensors")
    assert "1/2" not in line(59, "tensors")


def test_the_mark_stands_below_its_name_and_an_arrow_before_it_with_the_focus() -> None:
    for width in (40, 51, 60, 100):
        tabs = placed(TABS, "curve", width)
        names, mark = rows(tabs, "curve", width, lit=True)
        start = next(tab.start for tab in tabs if tab.key == "curve")
        assert names.plain[start : start + 5] == "Curve"
        assert mark.plain[start : start + 5] == "━━━━━"
        assert mark.plain.count("━") == 5
        assert mark.cell_length == width
        assert names.plain[start - 1] == "▸"
    assert "▸" not in rows(placed(TABS, "curve", 60), "curve", 60, lit=False)[0].plain
