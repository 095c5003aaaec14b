"""A lane that is open as an editor: alone in the view, with rows that scroll and zoom."""

from collections.abc import Collection

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop.roll.lane import LANE_GAP, VELOCITY_HEIGHT, LaneSize, PitchView
from desktop.roll.lane_canvas import LaneCanvas
from desktop.roll.open_painter import Look
from desktop.roll.pitch_scroll import centred, first_row_height, limited_row_height, zoomed


class OpenLane(LaneCanvas):
    """Opens one lane at a time, and shows what of its rows is asked for."""

    opened_changed = Signal(int)
    """The track whose lane is open as an editor from now on, -1 for none."""

    _told_opened = -1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button.toggled_lane.connect(self.toggle_lane)

    def set_lane_size(self, index: int, size: LaneSize) -> None:
        """Fold a lane to a strip, open it into an editor (alone in the view), or bring it back."""
        before = self.opened
        super().set_lane_size(index, size)
        if self.opened is None:
            self.viewport.down.setValue(0)
        elif before != index:
            self._show_rows(index)
            # What is not seen must not be changed with the rest.
            self.editor.choose(self.editor.selection.only(index))
        self._tell_opened()

    @Slot(int)
    def toggle_lane(self, index: int) -> None:
        """Open a lane into an editor, or close it."""
        opened = self.lane_size(index) is LaneSize.OPEN
        self.set_lane_size(index, LaneSize.NORMAL if opened else LaneSize.OPEN)

    @Slot()
    def close_lane(self) -> None:
        """Show all lanes again."""
        if self.opened is not None:
            self.set_lane_size(self.opened, LaneSize.NORMAL)

    def set_look(self, look: Look) -> None:
        """What the open lane shows beside its notes."""
        self.look = look
        self.update()

    def show_pitches(self, pitches: Collection[int]) -> None:
        """Scroll the open lane's rows so that some pitches lie in the middle."""
        if self.opened is None:
            return
        rows = self.lanes[self.opened].axis.pitches
        height = self._pitches.row_height
        self._set_pitches(PitchView(height, centred(rows, pitches, height, self._rows_area())))

    def fit_pitches(self, pitches: Collection[int]) -> None:
        """Let some pitches fill the open lane, as far as its rows may be high."""
        if self.opened is None or not pitches:
            return
        rows = max(pitches) - min(pitches) + 5
        self._pitches = PitchView(limited_row_height(min(20, self._rows_area() / rows)))
        self.show_pitches(pitches)

    def zoom_pitches(self, factor: float, y: float) -> None:
        """Make the open lane's rows higher or lower; what lies at ``y`` of the lanes stays."""
        before = self._pitches
        height = limited_row_height(before.row_height * factor)
        if height == before.row_height:
            height = limited_row_height(height + (1 if factor > 1 else -1))
        self._set_pitches(PitchView(height, zoomed(before.scroll, y, before.row_height, height)))

    def _show_rows(self, index: int) -> None:
        """Begin with about three octaves around what is played in view, else in the track."""
        table = self.lanes[index].table
        seen = table.between(self.axis.tick_at(0), self.axis.tick_at(self.width()))
        used = table.pitches[seen].tolist() or table.used_pitches
        self._pitches = PitchView(first_row_height(self._rows_area()))
        self.show_pitches(used or ([36] if self.lanes[index].track.is_drum else [60]))

    def _rows_area(self) -> int:
        return max(1, self.viewport.height - VELOCITY_HEIGHT - LANE_GAP)

    def _set_pitches(self, view: PitchView) -> None:
        self._pitches = view
        self._lay_out(rows_lead=True)
        self.rows_changed.emit()
        self.update()

    def _rebuild(self) -> None:
        super()._rebuild()
        self._tell_opened()

    def _tell_opened(self) -> None:
        opened = -1 if self.opened is None else self.opened
        if opened != self._told_opened:
            self._told_opened = opened
            self.opened_changed.emit(opened)
