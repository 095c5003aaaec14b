"""How busy the band plays: one slider for all, and one for each part."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from desktop.widgets.icons import icon
from desktop.widgets.word_slider import WordSlider

WORDS = ((20, "sparse"), (40, "airy"), (60, "as people play"), (80, "busy"), (101, "very busy"))
EACH_ITS_OWN = "each its own"


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
        self._rows = QWidget()
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
        self._column.setContentsMargins(0, 2, 0, 0)
        self._column.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.all)
        column.addWidget(self._rows)
        self._show_rows(False)

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
        self._rows.setVisible(shown)
        self.unfold.setIcon(icon("chevron-up" if shown else "chevron-down", "quiet"))
        tip = "Only the slider for all" if shown else "A slider for each part"
        self.unfold.setToolTip(tip)
        self.unfold.setAccessibleName(tip)
