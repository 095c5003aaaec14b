"""Where something that floats over a page covers nothing that can be pressed."""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QLabel,
    QWidget,
)

from desktop.widgets.keyboard import OnScreenKeyboard

STEP = 8
"""Pixels between two heights that are tried."""
LARGE = 0.4
"""A control that takes this share of the width and of the height is a ground, not a button."""


def free_place(size: QSize, room: QRect, taken: Sequence[QRect]) -> QRect:
    """A rectangle of ``size`` in ``room`` that covers the least of ``taken``.

    Of several the lowest, and there the middle before the right and the left.
    """
    best, least = QRect(room.topLeft(), size), -1
    for place in _places(size, room):
        covered = covered_area(place, taken)
        if least < 0 or covered < least:
            best, least = place, covered
        if least == 0:
            break
    return best


def covered_area(place: QRect, taken: Iterable[QRect]) -> int:
    """How many pixels of ``taken`` lie under ``place``."""
    under = (place & other for other in taken)
    return sum(part.width() * part.height() for part in under if not part.isEmpty())


def _places(size: QSize, room: QRect) -> Iterable[QRect]:
    left, across = room.left(), max(0, room.width() - size.width())
    lowest = max(room.top(), room.top() + room.height() - size.height())
    for top in range(lowest, room.top() - 1, -STEP):
        for x in (left + across // 2, left + across, left):
            yield QRect(QPoint(x, top), size)


def controls_over(ground: QWidget, within: QWidget, without: QWidget) -> list[QRect]:
    """Where on ``ground`` something can be pressed, dragged or typed into now.

    In coordinates of ``within``; only what is seen, nothing of ``without``. What is as large as the
    page itself, such as the lanes or a list, is left out: there is room around what floats over it.
    """
    most = QSize(round(LARGE * ground.width()), round(LARGE * ground.height()))
    found = []
    for widget in _shown(ground, without):
        if not _is_control(widget):
            continue
        seen = widget.visibleRegion().boundingRect()
        large = seen.width() > most.width() and seen.height() > most.height()
        if not seen.isEmpty() and not large:
            found.append(seen.translated(widget.mapTo(within, QPoint(0, 0))))
    return found


def _shown(ground: QWidget, without: QWidget) -> Iterator[QWidget]:
    """What is shown on ``ground``: most of a window's widgets lie on pages that are not."""
    for child in ground.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child is not without and child.isVisible():
            yield child
            yield from _shown(child, without)


def _is_control(widget: QWidget) -> bool:
    """Whether a press or a key does something there."""
    if not widget.isEnabled():
        return False
    if isinstance(widget, QAbstractButton | QAbstractSlider | OnScreenKeyboard):
        return True
    if isinstance(widget, QAbstractScrollArea | QLabel):  # a label whose words can be marked
        return False
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus
