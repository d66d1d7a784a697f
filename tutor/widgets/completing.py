"""The part of the editor that offers names at the cursor, and shows the signature of the call that is open."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on
from textual.document._document import EditResult
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tutor.completion.names import Called, Explained, Names
from tutor.widgets.indentation import WIDTH
from tutor.widgets.seen_highlights import SeenHighlights
from tutor.widgets.signature_line import signature_pieces
from tutor.widgets.suggestions import Piece, SuggestionList, width_of

Location = tuple[int, int]


class Completing(SeenHighlights):
    """Draws the list and the signature over its own rows, so that nothing is laid out anew while one types.

    The list is brought up to date after the keys that have arrived, so it takes no time from a quick typist; the keys
    that may be meant for it have it brought up to date first, so that it does not matter how quickly they come.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "offer--name",
        "offer--here",
        "offer--mark",
        "offer--dim",
        "offer--moved",
    }
    DEFAULT_CSS = """
    Completing {
        & .offer--name { color: $foreground; background: $panel; }
        & .offer--here { color: $foreground; background: $panel; text-style: bold underline; }
        & .offer--mark { color: $primary; background: $panel; text-style: bold; }
        & .offer--dim { color: $quiet; background: $panel; }
        & .offer--moved { background: $primary 25%; }
    }
    """

    names: reactive[Names] = reactive(Names, init=False, layout=False)
    """What answers for the program."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._list: SuggestionList | None = None
        self._call: Called | None = None
        self._typed = ""
        """The last character that a key put in since the list was looked at."""
        self._edited = False
        self._looked_at: Selection | None = None
        self._shut: Location | None = None
        """Where the name begins at which the learner closed the list."""
        self._quiet_call: int | None = None
        """The bracket of the call whose signature the learner put away."""

    # ---- what there is to show ----------------------------------------------------------------------------------

    @property
    def offered(self) -> SuggestionList | None:
        """The list that is seen."""
        return self._list if self._list is not None and self._list_region() is not None else None

    @property
    def signature(self) -> Called | None:
        """The call whose signature is seen."""
        call = self._call
        seen = call is not None and self.has_focus and call.bracket != self._quiet_call and self._cursor_y() is not None
        return call if seen else None

    def explained(self) -> Explained | None:
        """What is known of the name under the cursor."""
        return self.names.explained(self.text, *self.cursor_location)

    def watch_names(self) -> None:
        """Look again, as more is known."""
        self._follow_call()

    def _replace_via_keyboard(self, insert: str, start: Location, end: Location) -> EditResult | None:
        self._typed, self._edited = insert, True
        return super()._replace_via_keyboard(insert, start, end)

    def _delete_via_keyboard(self, start: Location, end: Location) -> EditResult | None:
        self._typed, self._edited = "", True
        return super()._delete_via_keyboard(start, end)

    @on(TextArea.SelectionChanged)
    def _look(self) -> None:
        """Bring the list and the signature up to date with text and cursor."""
        if not self._edited and self.selection == self._looked_at:
            return  # of keys that came together, the first has seen to all
        typed, edited = self._typed, self._edited
        self._typed, self._edited, self._looked_at = "", False, self.selection
        before = self._list
        if before is not None:
            self._list = self._still(before) if edited and self.selection.is_empty else None
        if self._list is None and typed and self.selection.is_empty and (typed == "." or _in_name(typed)):
            self._open_after_dot()
        self._follow_call()
        if before is not self._list:
            self.refresh()

    def _still(self, old: SuggestionList) -> SuggestionList | None:
        """The open list narrowed to what is typed; None where it has nothing more to offer."""
        row, column = self.cursor_location
        found = self.names.suggestions(self.text, row, column, asked=old.asked)
        if found is None or row != old.row or found.column != old.found.column:
            return None
        if (found.finished and not old.asked) or not (found.begun or found.after_dot):
            return None
        return old.narrowed(found)

    def _open_after_dot(self) -> None:
        row, column = self.cursor_location
        line = self.document[row]
        start = column
        while start > 0 and _in_name(line[start - 1]):
            start -= 1
        if start == 0 or line[start - 1] != "." or self._shut == (row, start):
            return
        found = self.names.suggestions(self.text, row, column, asked=False)
        if found is not None and not found.finished:
            self._list = SuggestionList(found=found, row=row, width=width_of(found.names))

    def _follow_call(self) -> None:
        before = self._call
        self._call = self.names.called(self.text, *self.cursor_location) if self.selection.is_empty else None
        if self._call is None or self._call.bracket != self._quiet_call:
            self._quiet_call = None
        if before != self._call:
            self.refresh()

    # ---- keys ---------------------------------------------------------------------------------------------------

    def takes_key(self, key: str) -> bool:
        """Whether a key was meant for the list, which has done what it asks then."""
        if key not in ("tab", "up", "down", "enter", "escape") or not self.selection.is_empty:
            return False
        if self._edited:
            self._look()
        shown = self.offered
        if key == "tab":
            return self._take() if shown is not None else self._begun_by_tab()
        if shown is None:
            return False
        match key:
            case "up" | "down":
                self._list = shown.move(-1 if key == "up" else 1)
                self.refresh()
                return True
            case "enter" if shown.moved:
                return self._take()
            case "escape":
                return self.close_list()
        return False

    def _begun_by_tab(self) -> bool:
        """Offer what goes on from an unfinished word; take it where there is nothing to choose."""
        row, column = self.cursor_location
        before = self.document[row][:column]
        if not before or not (_in_name(before[-1]) or before[-1] == "."):
            return False
        self._ask()
        shown = self.offered
        if shown is None or shown.found.finished:
            self._list = None
            return False
        if len(shown.found.names) == 1 and len(shown.found.begun) > 1:
            return self._take()
        return True

    def action_complete(self) -> None:
        """Offer what may stand at the cursor."""
        if self._edited:
            self._look()
        if self.selection.is_empty:
            self._ask()

    def _ask(self) -> None:
        row, column = self.cursor_location
        self._shut = None
        found = self.names.suggestions(self.text, row, column, asked=True)
        width = width_of(found.names) if found is not None else 0
        self._list = SuggestionList(found=found, row=row, asked=True, width=width) if found is not None else None
        self.refresh()

    def _take(self) -> bool:
        """Put the chosen name in the place of what is typed."""
        shown = self._list
        if shown is None:
            return False
        self._list = None
        self.history.checkpoint()
        self._replace_via_keyboard(shown.name.name, (shown.row, shown.found.column), self.cursor_location)
        self._typed = ""
        self.refresh()
        return True

    def close_list(self) -> bool:
        """Put the list away until the next name; whether there was one."""
        shown = self.offered
        if self._list is not None:
            self._shut = (self._list.row, self._list.found.column)
            self._list = None
            self.refresh()
        return shown is not None

    def close_signature(self) -> bool:
        """Put the signature away until the next call; whether there was one."""
        shown = self.signature
        if shown is not None:
            self._quiet_call = shown.bracket
            self.refresh()
        return shown is not None

    def on_blur(self) -> None:
        """What is shown belongs to the one who types."""
        self._list = None
        self.refresh()

    async def _on_mouse_down(self, event: events.MouseDown) -> None:
        region = self._list_region()
        shown = self._list
        if shown is None or region is None:
            return
        x, y = event.get_content_offset_capture(self)
        if region.contains(x, y):
            event.stop()
            event.prevent_default()
            first = shown.top(region.height)
            self._list = shown.at(first + y - region.y)
            self._take()
        else:
            self._list = None

    # ---- drawing ------------------------------------------------------------------------------------------------

    def _cursor_y(self) -> int | None:
        """The row of the view in which the cursor stands; None where it is out of sight."""
        y = self.cursor_location[0] - self.scroll_offset.y
        return y if 0 <= y < self.scrollable_content_region.height else None

    def _signature_y(self) -> int | None:
        """The last row of the view; the first where one types in the last."""
        height = self.scrollable_content_region.height
        if self.signature is None or height < 2:
            return None
        return 0 if self._cursor_y() == height - 1 else height - 1

    def _list_region(self) -> Region | None:
        y = self._cursor_y()
        if self._list is None or y is None or not self.has_focus:
            return None
        line = self.document[self._list.row][: self._list.found.column]
        x = self.gutter_width + cell_len(line.expandtabs(WIDTH)) - self.scroll_offset.x
        return self._list.region(self.scrollable_content_region.size, self.gutter_width, (x, y), self._signature_y())

    def with_offers(self, y: int, strip: Strip) -> Strip:
        """A row of the view with what stands over it."""
        if self._list is None and self._call is None:
            return strip
        width = self.scrollable_content_region.width
        if y == self._signature_y() and self._call is not None:
            row = self._drawn(signature_pieces(self._call, width - 2), self._style("dim"))
            dim = self._style("dim")
            return Strip.join([Strip([Segment(" ", dim)], 1), row.adjust_cell_length(width - 1, dim)])
        region = self._list_region()
        if self._list is None or region is None or not region.y <= y < region.bottom:
            return strip
        shown, line = self._list, y - region.y
        here = shown.top(region.height) + line == shown.chosen
        under = self.get_component_rich_style("offer--moved") if here and shown.moved else None
        row = self._drawn(shown.pieces(line, region.height, region.width), self._style("dim"), under)
        strip = strip.adjust_cell_length(width, self.rich_style)
        return Strip.join([strip.crop(0, region.x), row, strip.crop(region.right, width)])

    def _drawn(self, pieces: list[Piece], base: Style, under: Style | None = None) -> Strip:
        back = Style(bgcolor=(under or base).bgcolor)
        return Strip([Segment(text, self._style(look) + back) for text, look in pieces if text])

    def _style(self, look: str) -> Style:
        return self.get_component_rich_style(f"offer--{look}")


def _in_name(character: str) -> bool:
    return character.isalnum() or character == "_"
