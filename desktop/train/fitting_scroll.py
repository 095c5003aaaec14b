"""A scroll area that scrolls only where its content cannot be made small enough."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget


class FittingScroll(QScrollArea):
    """Gives its content the height there is, or the least it can do with at this width.

    Qt's own way gives a content with words that wrap the height it would like, and scrolls.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(content)
        self.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The content follows."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        """Something in the content needs more room, or less; told to it, or to the area."""
        done = super().eventFilter(watched, event)
        if watched in (self, self.widget()) and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        content = self.widget()
        if content is None or (layout := content.layout()) is None:
            return
        width, height = self.viewport().width(), self.viewport().height()
        least = layout.minimumHeightForWidth(width) if layout.hasHeightForWidth() else 0
        content.resize(width, max(height, least, layout.minimumSize().height()))
