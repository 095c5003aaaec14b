"""How busy the band plays: one slider for all, and one for each part."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QToolButton, QVBoxLayout, QWidget

from desktop.widgets.icons import icon
from desktop.widgets.word_slider import WordSlider

WORDS = ((20, "sparse"), (40, "airy"), (60, "as people play"), (80, "busy"), (101, "very busy"))
EACH_ITS_OWN = "each its own"
SIDE = 12
"""Pixels by which the sliders of the parts stand out on either side."""


class _Popup(QFrame):
    """Lies over what is below, until something else in the window is pressed, or Escape."""

    closed = Signal()

    def __init__(self, opener: QWidget) -> None:
        super().__init__(opener)
        self._opener = opener
        self.setObjectName("parts")
        self.setStyleSheet(
            "#parts { background: palette(button); border: 1px solid palette(mid); "
            "border-radius: 8px; }"
        )
        self.hide()

    def open_below(self, place: QWidget) -> None:
        """Stand under a widget of the window, a little wider than it."""
        window = place.window()
        if self.parent() is not window:
            self.setParent(window)
        self.setFixedWidth(place.width() + 2 * SIDE)
        self.adjustSize()
        self.move(place.mapTo(window, place.rect().bottomLeft()) + QPoint(-SIDE, 4))
        self.show()
        self.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        """Watch what is pressed."""
        super().showEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it was closed."""
        super().hideEvent(event)
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A press elsewhere closes it, and does there what it does."""
        if event.type() is QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if not inside and watched is not self._opener:
                self.hide()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


class DensitySliders(QWidget):
    """A density of 0 to 100 for each part, None where the model may choose.

    The slider for all moves them together. What was chosen for a part is kept for models that come
    later and have a part of that name.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all = WordSlider("Density", 0, 100, None, WORDS, "How many notes the band plays.")
        self.unfold = QToolButton()
        self.parts: dict[str, WordSlider] = {}
        self._chosen: dict[str, int | None] = {}
        self._rows = _Popup(self.unfold)
        self._rows.closed.connect(self._folded)
        self._build()
        self.all.changed.connect(self._change_all)

    def _build(self) -> None:
        self.unfold.setProperty("kind", "flat")
        self.unfold.setCheckable(True)
        self.unfold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unfold.setStyleSheet("min-height: 18px; max-height: 18px; padding: 0 2px;")
        self.unfold.toggled.connect(self._show_rows)
        self.all.title_row.insertWidget(1, self.unfold)
        self._column = QVBoxLayout(self._rows)
        self._column.setContentsMargins(SIDE, 10, SIDE, 10)
        self._column.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.all)
        self._tell_unfold(False)

    @property
    def values(self) -> dict[str, float]:
        """Density by part, 0 to 1; a part that the model may choose is absent."""
        chosen = ((name, slider.value) for name, slider in self.parts.items())
        return {name: value / 100 for name, value in chosen if value is not None}

    def set_parts(self, parts: Sequence[tuple[str, str]]) -> None:
        """The model's parts: name and colour role."""
        if [name for name, _role in parts] == list(self.parts):
            return
        for slider in self.parts.values():
            self._column.removeWidget(slider)
            slider.hide()
            slider.deleteLater()
        self.parts = {name: self._part(name, role) for name, role in parts}
        self.unfold.setVisible(len(parts) > 1)
        self._tell_all()

    def _part(self, name: str, role: str) -> WordSlider:
        tip = f"How many notes {name} plays."
        slider = WordSlider(name, 0, 100, None, WORDS, tip, low_row=True)
        slider.set_role(role)
        slider.set_value(self._chosen.get(name))
        slider.changed.connect(self._change_part)
        self._column.addWidget(slider)
        return slider

    @Slot()
    def _change_all(self) -> None:
        for name, slider in self.parts.items():
            slider.set_value(self.all.value)
            self._chosen[name] = self.all.value
        self.changed.emit()

    @Slot()
    def _change_part(self) -> None:
        self._chosen |= {name: slider.value for name, slider in self.parts.items()}
        self._tell_all()
        self.changed.emit()

    def _tell_all(self) -> None:
        """The slider for all shows what the parts have in common."""
        values = [slider.value for slider in self.parts.values()]
        if not values or len(set(values)) == 1:
            self.all.set_value(values[0] if values else None)
            return
        set_ones = [value for value in values if value is not None]
        self.all.set_value(round(sum(set_ones) / len(set_ones)), EACH_ITS_OWN)

    @Slot(bool)
    def _show_rows(self, shown: bool) -> None:
        """Over what lies below, so that the takes keep their room."""
        if shown:
            self._rows.open_below(self)
        else:
            self._rows.hide()
        self._tell_unfold(shown)

    @Slot()
    def _folded(self) -> None:
        self.unfold.setChecked(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """The sliders of the parts go with it."""
        super().hideEvent(event)
        self._rows.hide()

    def _tell_unfold(self, shown: bool) -> None:
        self.unfold.setIcon(icon("chevron-up" if shown else "chevron-down", "quiet"))
        tip = "Only the slider for all" if shown else "A slider for each part"
        self.unfold.setToolTip(tip)
        self.unfold.setAccessibleName(tip)
