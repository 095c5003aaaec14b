"""The small button that opens a lane into an editor, shown in the lane under the pointer."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QWidget

from desktop.roll.lane import Lane
from desktop.widgets.icons import icon

_SIDE, _MARGIN = 26, 6


class LaneButton(QToolButton):
    """Opens the lane that it stands in."""

    toggled_lane = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(_SIDE, _SIDE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self._lane = 0
        self.setIcon(icon("pencil-box-outline"))
        self.clicked.connect(self._tell)
        self.hide()

    def stand_in(self, lane: Lane | None, right: int, top: int) -> None:
        """Move to a lane whose top is at ``top`` (parent's pixels), or vanish."""
        self.setVisible(lane is not None)
        if lane is None:
            return
        self._lane = lane.index
        self.setToolTip(f"Open the piano roll of {lane.track.name} (double-click)")
        self.setAccessibleName(self.toolTip())
        self.move(right - _SIDE - _MARGIN, top + _MARGIN)

    @Slot()
    def _tell(self) -> None:
        self.toggled_lane.emit(self._lane)
