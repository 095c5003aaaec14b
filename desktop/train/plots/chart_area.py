"""A chart with its gestures: zoom, move, back, and what stands under the pointer."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop import theme
from desktop.train.plots.picture import Picture, Range
from desktop.train.plots.window import moved, zoomed

if TYPE_CHECKING:
    from desktop.train.plots.chart import Chart

ZOOM_STEP = 0.8
KEY_SHARE = 0.02  # of the width, for an arrow key
WHEEL_NOTCH = 120
SMALLEST, USUAL = QSize(220, 84), QSize(440, 200)
READOUT_GAP = 12
HOW_TO_MOVE = (
    "Wheel: zoom. Ctrl and wheel: zoom the height. Drag: move. Double-click: everything. "
    "With the keyboard: arrows move the pointer, + and − zoom, Home shows everything."
)


class ChartArea(QWidget):
    """Shows a picture and tells what the user wants to see of it.

    The scene is made when the first picture comes: pyqtgraph is imported no sooner.
    """

    x_asked = Signal(object)
    """A range along x, None for everything."""
    y_asked = Signal(object)
    """The same for the height."""
    pointed = Signal(object)
    """The place under the pointer, None when it has left."""
    resized = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.limits: Range = (0.0, 1.0)
        """What there is along x."""
        self.least = 1e-9
        """The narrowest stretch worth looking at."""
        self._picture: Picture | None = None
        self._chart: Chart | None = None
        self._pressed: QPointF | None = None
        self._place: float | None = None
        self._readout = QLabel(self)
        self._readout.setObjectName("readout")
        self._readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._readout.setTextFormat(Qt.TextFormat.RichText)
        self._readout.hide()
        self._dress_readout()
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)
        self.setAccessibleDescription(HOW_TO_MOVE)

    @property
    def picture(self) -> Picture | None:
        """What is shown."""
        return self._picture

    @property
    def place(self) -> float | None:
        """Where the pointer is shown."""
        return self._place

    @property
    def readout(self) -> str:
        """The words under the pointer, as HTML; "" while they are hidden."""
        return self._readout.text() if self._readout.isVisibleTo(self) else ""

    def draw(self, picture: Picture) -> None:
        """Show a picture."""
        self._picture = picture
        self._scene().draw(picture)

    def _scene(self) -> "Chart":
        if self._chart is None:
            from desktop.train.plots.chart import Chart

            self._chart = Chart(self)
            self._chart.resize(self.size())
            self._chart.show()
            self._readout.raise_()
        return self._chart

    def paint_into(self, painter: QPainter, target: QRectF) -> None:
        """What is shown, as vectors where the painter keeps them."""
        self._scene().paint_into(painter, target)

    def point_at(self, place: float | None, words: str = "") -> None:
        """Show the pointer at a place with what stands there (HTML), or take it away."""
        self._place = place
        if self._chart is None or self._picture is None:
            return
        self._chart.show_pointer(place)
        self._readout.setVisible(bool(words) and place is not None)
        if place is not None and words:
            self._readout.setText(words)
            self._readout.adjustSize()
            self._put_readout(self._pixel(place))

    def _put_readout(self, x: float) -> None:
        frame, size = self.frame, self._readout.size()
        right = x + READOUT_GAP
        left = right if right + size.width() <= self.width() else x - READOUT_GAP - size.width()
        self._readout.move(round(max(0.0, left)), round(frame.top()) + 4)

    @property
    def frame(self) -> QRectF:
        """Where the lines are drawn, in pixels."""
        return self._chart.frame if self._chart is not None else QRectF(self.rect())

    def _pixel(self, place: float) -> float:
        low, high = self._picture.x_range if self._picture else (0.0, 1.0)
        return self.frame.left() + (place - low) / (high - low) * self.frame.width()

    def place_at(self, pixel: float) -> float:
        """The place along x under a pixel."""
        low, high = self._picture.x_range if self._picture else (0.0, 1.0)
        return low + (pixel - self.frame.left()) / max(self.frame.width(), 1.0) * (high - low)

    def _height_at(self, pixel: float) -> float:
        low, high = self._picture.y_range if self._picture else (0.0, 1.0)
        return high - (pixel - self.frame.top()) / max(self.frame.height(), 1.0) * (high - low)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom towards the pointer; with Ctrl the height, sideways moves along."""
        if self._picture is None:
            event.ignore()
            return
        event.accept()
        turned, along = event.angleDelta().y(), event.angleDelta().x()
        if abs(along) > abs(turned):
            self._move_by(-along / WHEEL_NOTCH * 0.1)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_height(ZOOM_STEP ** (turned / WHEEL_NOTCH), event.position().y())
        elif turned:
            self._zoom(ZOOM_STEP ** (turned / WHEEL_NOTCH), self.place_at(event.position().x()))

    def _zoom(self, factor: float, around: float) -> None:
        if self._picture is not None:
            asked = zoomed(self._picture.x_range, factor, around, self.limits, self.least)
            self.x_asked.emit(asked)

    def _zoom_height(self, factor: float, pixel: float) -> None:
        if self._picture is None:
            return
        low, high = self._picture.y_range
        room = 20 * (high - low)
        around = self._height_at(pixel)
        least = max(abs(low), abs(high), 1e-6) * 1e-4
        self.y_asked.emit(zoomed((low, high), factor, around, (low - room, high + room), least))

    def _move_by(self, share: float) -> None:
        if self._picture is not None:
            low, high = self._picture.x_range
            self.x_asked.emit(moved((low, high), share * (high - low), self.limits))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag may begin."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag along, or point."""
        if self._pressed is not None and self._picture is not None:
            by = self._pressed.x() - event.position().x()
            self._pressed = event.position()
            self._move_by(by / max(self.frame.width(), 1.0))
        inside = self.frame.contains(event.position())
        self.pointed.emit(self.place_at(event.position().x()) if inside else None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The drag ends."""
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Everything again."""
        self._show_everything()

    def leaveEvent(self, event: QEvent) -> None:
        """No pointer without a pointer."""
        self.pointed.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same by keys."""
        if self._picture is None:
            event.ignore()
            return
        low, high = self._picture.x_range
        place = min(max((low + high) / 2 if self._place is None else self._place, low), high)
        step = KEY_SHARE * (high - low)
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                way = step if event.key() == Qt.Key.Key_Right else -step
                self.pointed.emit(min(max(place + way, low), high))
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self._zoom(ZOOM_STEP, place)
            case Qt.Key.Key_Minus:
                self._zoom(1 / ZOOM_STEP, place)
            case Qt.Key.Key_Home:
                self._show_everything()
            case _:
                super().keyPressEvent(event)

    def _show_everything(self) -> None:
        self.y_asked.emit(None)
        self.x_asked.emit(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus is drawn."""
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No keys, no pointer."""
        self.pointed.emit(None)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another theme."""
        # Dressing the readout is a change of style itself, but the readout's.
        if event.type() == QEvent.Type.StyleChange:
            self._dress_readout()
        super().changeEvent(event)

    def _dress_readout(self) -> None:
        self._readout.setFont(theme.tabular_font(theme.CAPTION_SIZE))
        self._readout.setStyleSheet(_readout_style())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The scene fills this."""
        if self._chart is not None:
            self._chart.resize(self.size())
            self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The focus, for who uses the keyboard."""
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def minimumSizeHint(self) -> QSize:
        """Below this no curve can be read."""
        return SMALLEST

    def sizeHint(self) -> QSize:
        """A comfortable size."""
        return USUAL


def _readout_style() -> str:
    names = {role: theme.colour(role).name() for role in ("raised", "bar_line", "text")}
    return (
        f"QLabel#readout {{ background: {names['raised']}; border: 1px solid {names['bar_line']};"
        f" border-radius: 6px; padding: 4px 8px; color: {names['text']}; }}"
    )
