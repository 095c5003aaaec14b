"""Controls of the form: a name, a value, and a sentence that explains it to a learner."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from desktop.settings.form import Choice
from desktop.theme import body_font, tabular_font
from desktop.train.offers import BIGGEST, OfferedSetting

CONTROL_WIDTH = 104
DECIMALS = 9


class ValueField(QWidget):
    """One setting. ``value`` is what stands in it; `show_value` changes it silently."""

    changed = Signal()

    def __init__(self, offered: OfferedSetting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.offered = offered
        self._control = _control_for(offered)
        self._caption = caption()
        self._caption.setText(short(offered.sentence))
        self._default: Any = self._control.value()
        name = QLabel(offered.label)
        name.setFont(body_font(bold=True))
        name.setBuddy(self._control.widget)
        name.setWordWrap(True)  # a long name must not widen the whole form
        self._control.widget.setAccessibleName(offered.label)
        self._control.widget.setObjectName(offered.name)
        self._control.widget.setAccessibleDescription(offered.sentence)
        self._control.widget.setFixedWidth(CONTROL_WIDTH)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(self._control.widget, 0, 1)
        grid.addWidget(self._caption, 1, 0, 1, 2)
        self._control.listen(self._on_change)

    @property
    def value(self) -> Any:
        """The value as the trainer takes it."""
        return self._control.value()

    @property
    def is_usual(self) -> bool:
        """Whether the preset's own value stands in it."""
        return bool(self.value == self._default)

    def show_value(self, value: Any) -> None:
        """Show a value without telling of it."""
        self._control.show(value)

    def set_default(self, value: Any) -> None:
        """What the preset would take; it is shown now and told on hovering."""
        self.show_value(value)
        self._default = self.value
        self.setToolTip(f"{self.offered.sentence} {_range_words(self.offered, value)}".strip())

    def _on_change(self) -> None:
        self.changed.emit()


def show_acting(fields: Mapping[str, ValueField], preset: str) -> None:
    """Show the fields that a preset has, but for those that would change nothing as it stands."""
    for field in fields.values():
        needed = fields.get(field.offered.needs)
        idle = needed is not None and needed.offered.belongs_to(preset) and not needed.value
        field.setVisible(field.offered.belongs_to(preset) and not idle)


class Control(Protocol):
    """A widget that holds a value."""

    widget: Any

    def value(self) -> Any: ...

    def show(self, value: Any) -> None: ...

    def listen(self, on_change: Any) -> None: ...


class WholeBox(QSpinBox):
    """A whole number; the wheel scrolls the page."""

    def __init__(self, low: int, high: int, step: int) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setSingleStep(max(1, step))
        self.setFont(tabular_font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change on its way."""
        event.ignore()


class NumberBox(QDoubleSpinBox):
    """A number shown as short as it can be (0.0002); its steps follow its size."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self.setDecimals(DECIMALS)
        self.setRange(low, high)
        self.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType)
        self.setFont(tabular_font())
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def textFromValue(self, value: float) -> str:
        """Without the zeros at its end; never 1e-05."""
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".") or "0"

    def valueFromText(self, text: str) -> float:
        """A point and a comma are both taken."""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """What may become a number may be typed."""
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            partial = all(sign in "0123456789.,e-" for sign in text)
            state = QValidator.State.Intermediate if partial else QValidator.State.Invalid
            return state, text, position
        inside = self.minimum() <= value <= self.maximum()
        state = QValidator.State.Acceptable if inside else QValidator.State.Intermediate
        return state, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A form that is scrolled must not change on its way."""
        event.ignore()


class _Whole:
    def __init__(self, offered: OfferedSetting) -> None:
        high = int(min(offered.high, BIGGEST))
        self.widget = WholeBox(int(offered.low), high, int(offered.step))

    def value(self) -> int:
        return self.widget.value()

    def show(self, value: Any) -> None:
        _silently(self.widget, lambda: self.widget.setValue(int(value)))

    def listen(self, on_change: Any) -> None:
        self.widget.valueChanged.connect(lambda _value: on_change())


class _Number:
    def __init__(self, offered: OfferedSetting) -> None:
        self.widget = NumberBox(offered.low, offered.high)

    def value(self) -> float:
        return self.widget.value()

    def show(self, value: Any) -> None:
        _silently(self.widget, lambda: self.widget.setValue(float(value)))

    def listen(self, on_change: Any) -> None:
        self.widget.valueChanged.connect(lambda _value: on_change())


class _OneOf:
    def __init__(self, offered: OfferedSetting) -> None:
        self.widget = Choice((choice, choice) for choice in offered.choices)
        self.widget.setMinimumContentsLength(6)

    def value(self) -> Any:
        return self.widget.value

    def show(self, value: Any) -> None:
        _silently(self.widget, lambda: self.widget.show_value(str(value)))

    def listen(self, on_change: Any) -> None:
        self.widget.currentIndexChanged.connect(lambda _index: on_change())


class _Switch:
    def __init__(self, offered: OfferedSetting) -> None:
        self.widget = QCheckBox()
        self.widget.setLayoutDirection(Qt.LayoutDirection.RightToLeft)

    def value(self) -> bool:
        return self.widget.isChecked()

    def show(self, value: Any) -> None:
        _silently(self.widget, lambda: self.widget.setChecked(bool(value)))

    def listen(self, on_change: Any) -> None:
        self.widget.toggled.connect(lambda _on: on_change())


def caption(text: str = "") -> QLabel:
    """A small sentence that wraps."""
    label = QLabel(text)
    label.setProperty("kind", "caption")
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def short(sentence: str) -> str:
    """A sentence up to its first turn; the rest stands in the tooltip."""
    return re.split(r"[;:]", sentence, maxsplit=1)[0].rstrip(".")


def _control_for(offered: OfferedSetting) -> Control:
    if offered.kind == "int":
        return _Whole(offered)
    if offered.kind == "float":
        return _Number(offered)
    return _OneOf(offered) if offered.kind == "choice" else _Switch(offered)


def _silently(widget: QWidget, act: Any) -> None:
    before = widget.blockSignals(True)
    act()
    widget.blockSignals(before)


def _range_words(offered: OfferedSetting, default: Any) -> str:
    if offered.kind == "bool":
        return ""
    usual = f"The preset takes {default:g}." if isinstance(default, int | float) else ""
    if offered.kind == "choice" or offered.high >= BIGGEST:
        return usual
    return f"From {offered.low:g} to {offered.high:g}. {usual}".strip()
