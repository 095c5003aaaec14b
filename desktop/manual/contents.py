"""The list beside a page: all pages with their sections, or what a search found."""

from collections.abc import Iterator

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from desktop import theme
from desktop.manual.search import Place
from desktop.manual.text import anchor_of, pages

_PAGE, _ANCHOR = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
PADDING = 16
WRAPS = int(Qt.TextFlag.TextWordWrap)
NOTHING = "No page has these words."


class Contents(QTreeWidget):
    """Tells which place was chosen, by mouse or keys."""

    place_chosen = Signal(str, str)
    """The name of a page and the anchor of a section, empty for the page's beginning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Contents")
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setWordWrap(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentItemChanged.connect(self._tell)
        self._searching = False
        self.show_all()

    @property
    def texts(self) -> list[str]:
        """What stands in the list at the outermost."""
        return [item.text(0) for item in self._items()]

    def show_all(self) -> None:
        """All pages."""
        self._searching = False
        self._fill([self._page_item(page.name, page.title) for page in pages()])
        for page, item in zip(pages(), self._items(), strict=True):
            for section in page.sections[1:]:
                item.addChild(self._item(section.title, page.name, anchor_of(section.title)))

    def show_found(self, places: tuple[Place, ...]) -> None:
        """What a search found, each with the words around it."""
        self._searching = True
        rows = []
        for place in places:
            title = place.section.title or place.page.title
            row = self._item(title, place.page.name, anchor_of(place.section.title))
            row.addChild(self._words_around(place))
            rows.append(row)
        if not rows:
            rows.append(QTreeWidgetItem([NOTHING]))
            rows[0].setFlags(Qt.ItemFlag.NoItemFlags)
        self._fill(rows)
        self.expandAll()

    def _words_around(self, place: Place) -> QTreeWidgetItem:
        of_page = f"{place.page.title} · " if place.section.title else ""
        text = f"{of_page}{place.words}"
        words = QTreeWidgetItem([text])
        words.setFlags(Qt.ItemFlag.NoItemFlags)
        words.setForeground(0, theme.colour("quiet"))
        # A tree gives a row one line, whatever its text needs.
        room = QRect(0, 0, self.viewport().width() - 2 * self.indentation() - PADDING, 200)
        wrapped = self.fontMetrics().boundingRect(room, WRAPS, text)
        words.setSizeHint(0, QSize(0, wrapped.height() + PADDING))
        return words

    def take_first(self) -> None:
        """Choose the first line."""
        first = self.topLevelItem(0)
        if first is not None and first.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.setCurrentItem(first)

    def show_place(self, name: str, anchor: str) -> None:
        """Mark the place that is shown, and open its page's sections."""
        if self._searching:
            return
        self.blockSignals(True)
        for item in self._items():
            here = item.data(0, _PAGE) == name
            item.setExpanded(here)
            if here:
                self.setCurrentItem(_section_of(item, anchor) or item)
        self.blockSignals(False)

    def _fill(self, rows: list[QTreeWidgetItem]) -> None:
        self.blockSignals(True)
        self.clear()
        self.addTopLevelItems(rows)
        self.blockSignals(False)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None:
                yield item

    def _page_item(self, name: str, title: str) -> QTreeWidgetItem:
        return self._item(title, name, "")

    def _item(self, text: str, name: str, anchor: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, _PAGE, name)
        item.setData(0, _ANCHOR, anchor)
        return item

    @Slot()
    def _tell(self) -> None:
        item = self.currentItem()
        if item is not None and item.data(0, _PAGE):
            self.place_chosen.emit(item.data(0, _PAGE), item.data(0, _ANCHOR))


def _section_of(item: QTreeWidgetItem, anchor: str) -> QTreeWidgetItem | None:
    sections = (item.child(number) for number in range(item.childCount() if anchor else 0))
    return next((each for each in sections if each and each.data(0, _ANCHOR) == anchor), None)
