"""A row of the table: what was measured, beside what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`value` against `yardstick`, both in seconds or both in `unit`; `bound` is the largest ratio wanted."""

    what: str
    value: float
    against: str
    yardstick: float
    bound: float
    unit: str = "ms"

    @property
    def ratio(self) -> float:
        """How many yardsticks it took."""
        return self.value / self.yardstick

    def line(self) -> str:
        """The row as text; `within` is said in words, too."""
        scale = 1000 if self.unit == "ms" else 1
        verdict = "within" if self.ratio <= self.bound else "ABOVE"
        ours = f"{self.what:<52} {self.value * scale:9.1f} {self.unit}"
        theirs = f"{self.against:<34} {self.yardstick * scale:9.1f} {self.unit}"
        return f"  {ours}   {theirs}   ratio {self.ratio:8.4f}   {verdict} {self.bound:.4g}"


def at_most(what: str, value: float, most: float, unit: str = "ms") -> Row:
    """A row whose yardstick is the largest value wanted."""
    return Row(what, value, "the most that is wanted", most, 1.0, unit)
