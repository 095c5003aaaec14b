"""The manual's window: contents and search at the left, a page at the right."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.manual.contents import Contents
from desktop.manual.page_view import PageView
from desktop.manual.search import found
from desktop.manual.text import Page, markdown_of, page_named, pages
from desktop.shortcuts import OwnKeys
from desktop.widgets.icons import icon

SIZE = QSize(1100, 780)
SIDE_WIDTH = 292
Place = tuple[str, str]
"""A page's name and a section's anchor."""


class ManualWindow(QDialog):
    """Shows pages and remembers the way through them; what links do beyond that, others do."""

    deed_asked = Signal(str)
    """A link asks for a command, by its id."""
    place_asked = Signal(str)
    """A link asks to show a place of the window, such as "Train/Learn"."""

    def __init__(self, keys: Callable[[], OwnKeys]) -> None:
        """``keys`` tells which keys the user has changed."""
        # A window beside the studio's, not over it: both are worked with at once.
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle("Tutti's manual")
        self._keys = keys
        self._way: list[Place] = []
        self._at = -1
        self._build()
        self._connect()
        self.resize(SIZE.boundedTo(QGuiApplication.primaryScreen().availableSize()))

    def _build(self) -> None:
        self.back_button = _button("arrow-left", "Back (Alt+Left)")
        self.forward_button = _button("arrow-right", "Forward (Alt+Right)")
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search the manual")
        self.field.setAccessibleName("Search the manual")
        self.field.setClearButtonEnabled(True)
        self.contents = Contents()
        self.view = PageView()
        self.told = QLabel()
        self.told.setProperty("kind", "warning")
        self.told.setWordWrap(True)
        self.told.hide()
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.back_button)
        top.addWidget(self.forward_button)
        top.addWidget(self.field, 1)
        side = _column((8, 12, 8, 8))
        side.addLayout(top)
        side.addWidget(self.contents, 1)
        right = _column((24, 20, 8, 12))
        right.addWidget(self.view, 1)
        right.addWidget(self.told)
        self._put_beside(side, right)

    def _put_beside(self, side: QVBoxLayout, right: QVBoxLayout) -> None:
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        for layout in (side, right):
            part = QWidget()
            part.setLayout(layout)
            if layout is side:
                part.setProperty("kind", "panel")
                part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            splitter.addWidget(part)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([SIDE_WIDTH, SIZE.width() - SIDE_WIDTH])
        whole = _column((0, 0, 0, 0))
        whole.addWidget(splitter)
        self.setLayout(whole)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back)
        self.forward_button.clicked.connect(self.forward)
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self.contents.place_chosen.connect(self._choose)
        self.view.link_followed.connect(self._follow)
        for keys, slot in (
            ("Alt+Left", self.back),
            ("Alt+Right", self.forward),
            ("Ctrl+F", self._to_search),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # Where the reader is

    @property
    def page(self) -> Page:
        """The page that is shown; the first one before any was."""
        return page_named(self._way[self._at][0]) if self._way else pages()[0]

    @property
    def section(self) -> str:
        """The anchor of the section that was gone to; empty for the page's beginning."""
        return self._way[self._at][1] if self._way else ""

    def go_to(self, name: str, anchor: str = "") -> None:
        """Show a page, and a section of it; what was shown before is one step back."""
        if not self._way or self._way[self._at] != (name, anchor):
            del self._way[self._at + 1 :]
            self._way.append((name, anchor))
            self._at = len(self._way) - 1
        self._show()

    @Slot()
    def back(self) -> None:
        """The place before."""
        if self._at > 0:
            self._at -= 1
            self._show()

    @Slot()
    def forward(self) -> None:
        """The place that was gone back from."""
        if self._at < len(self._way) - 1:
            self._at += 1
            self._show()

    def show_keys(self) -> None:
        """The same page, at the same height, with the keys of now."""
        self.view.replace_markdown(self._markdown())

    def tell(self, words: str) -> None:
        """Say something below the page, until another one is shown."""
        self.told.setText(words)
        self.told.setVisible(bool(words))

    def _show(self) -> None:
        name, anchor = self._way[self._at]
        page = page_named(name)
        self.tell("")
        self.view.show_markdown(self._markdown(), page.title)
        self.view.go_to(anchor)
        self.view.mark(tuple(self.field.text().split()))
        self.contents.show_place(name, anchor)
        self.back_button.setEnabled(self._at > 0)
        self.forward_button.setEnabled(self._at < len(self._way) - 1)

    def _markdown(self) -> str:
        return markdown_of(self.page, self._keys()) + _next_line(self.page)

    # What is asked for

    @Slot(str)
    def search(self, wanted: str) -> None:
        """List the places that have all words; an empty search lists all pages."""
        if wanted.strip():
            self.contents.show_found(found(wanted, self._keys()))
        else:
            self.contents.show_all()
            self.view.mark(())
            self.contents.show_place(self.page.name, self.section)

    @Slot()
    def _to_search(self) -> None:
        self.field.setFocus()
        self.field.selectAll()

    @Slot(str, str)
    def _choose(self, name: str, anchor: str) -> None:
        self.go_to(name, anchor)

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "page":
            self.field.clear()
            self.go_to(url.path(), url.fragment())
        elif url.scheme() == "do":
            self.deed_asked.emit(url.path())
        elif url.scheme() == "show":
            self.place_asked.emit(url.path())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field Return takes the first place, Down goes into the list."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.contents.take_first()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.contents.setFocus()
                self.contents.take_first()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape ends a search, then closes the manual."""
        if event.key() == Qt.Key.Key_Escape and self.field.text():
            self.field.clear()
        else:
            super().keyPressEvent(event)


def _next_line(page: Page) -> str:
    """A link to the page after this one."""
    following = pages()[(pages().index(page) + 1) % len(pages())]
    return f"\n\n\u2003\n\n[Next: {following.title}](page:{following.name})\n"


def _button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "flat")
    button.setIcon(icon(name))
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    return button


def _column(margins: tuple[int, int, int, int]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(*margins)
    column.setSpacing(8)
    return column
