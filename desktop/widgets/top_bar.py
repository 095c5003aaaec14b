"""The bar on top of the window: menu, pages, and three states that a player must know."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from desktop.widgets.icons import icon
from desktop.widgets.menus import give_menu
from desktop.widgets.status_chip import StatusChip

HEIGHT = 48
PAGE_WIDTH = 76


class TopBar(QFrame):
    """Pages on the left, chips on the right."""

    def __init__(
        self, menu: QMenu | None, pages: Sequence[QAction], parent: QWidget | None = None
    ) -> None:
        """``menu`` is None where the system shows menus of its own."""
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(HEIGHT)
        self.keyboard = StatusChip("Keyboard")
        self.audio = StatusChip("Audio")
        self.device = StatusChip("Model")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 0, 16, 0)
        self._row.setSpacing(8)
        if menu is not None:
            self._row.addWidget(self._menu_button(menu))
        self._row.addWidget(self._brand())
        for page in pages:
            self._row.addWidget(self._page_button(page))
        self._row.addStretch(1)
        for chip in (self.keyboard, self.audio, self.device):
            self._row.addWidget(chip)

    def add_at_end(self, widget: QWidget) -> None:
        """Put something beside the chips, at the outer right."""
        self._row.addWidget(widget)

    def _menu_button(self, menu: QMenu) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "flat")
        button.setIcon(icon("menu"))
        button.setToolTip("Menu")
        button.setAccessibleName("Menu")
        give_menu(button, menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _brand(self) -> QLabel:
        brand = QLabel("tutti")
        brand.setProperty("kind", "accent")
        brand.setContentsMargins(4, 0, 20, 2)
        font = brand.font()
        font.setPixelSize(20)
        font.setBold(True)
        brand.setFont(font)
        return brand

    def _page_button(self, page: QAction) -> QToolButton:
        button = QToolButton()
        button.setProperty("kind", "flat")
        button.setDefaultAction(page)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setMinimumWidth(PAGE_WIDTH)
        button.setAccessibleName(f"{page.text()} page")
        return button
