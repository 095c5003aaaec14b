"""A page of the manual on the screen: its words, tables and pictures in the theme of now."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import (
    QFont,
    QHideEvent,
    QImage,
    QResizeEvent,
    QShowEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QTextEdit, QWidget

from desktop import theme
from desktop.manual.text import anchor_of, picture_path

TEXT_SIZE = 14
TITLE_SIZES = {1: 24, 2: 17}
LINE_PERCENT = 136
GAP, TITLE_GAP = 10, 22
WIDEST = 760
PICTURE_SCALE = 2
"""Pixels of a picture's file for each pixel of the window that it shows."""
PICTURE = "picture"
_PROPORTIONAL = QTextBlockFormat.LineHeightTypes.ProportionalHeight.value


class PageView(QTextBrowser):
    """Shows Markdown; tells which link was followed, and follows none itself."""

    link_followed = Signal(QUrl)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("border: none; padding: 0; background: transparent;")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # One that comes with a page's pictures takes width from them: they would be made again,
        # the bar would go meanwhile and come back, without an end.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.anchorClicked.connect(self._follow)
        self._markdown = ""
        self._width = 0
        self._is_stale = False
        self._dressing = QTimer(self)
        self._dressing.setSingleShot(True)
        self._dressing.setInterval(0)
        self._dressing.timeout.connect(self._show_again)
        self.installEventFilter(self)

    def show_markdown(self, markdown: str, title: str) -> None:
        """Show a page; ``title`` names it for a screen reader."""
        if markdown != self._markdown:
            self._markdown = markdown
            self.setAccessibleName(title)
            self._show()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.verticalScrollBar().setValue(0)

    def replace_markdown(self, markdown: str) -> None:
        """Show other words in the place of those that are shown, at the same height."""
        if markdown != self._markdown:
            self._markdown = markdown
            self._show_again()

    def go_to(self, anchor: str) -> None:
        """Scroll a section to the top; nothing where the page has none of that name."""
        for block in self._blocks():
            if block.blockFormat().headingLevel() and anchor_of(block.text()) == anchor:
                self.setTextCursor(QTextCursor(block))
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - GAP)
                return

    def mark(self, words: tuple[str, ...]) -> None:
        """Underlay all places of some words."""
        marked = []
        ground = theme.mixed("window", "accent", 0.3)
        for word in words:
            cursor = self.document().find(word)
            while not cursor.isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor = cursor
                selection.format.setBackground(ground)
                marked.append(selection)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marked)

    @property
    def marked(self) -> int:
        """How many places are underlaid."""
        return len(self.extraSelections())

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture in the theme of now, as wide as the text and with all the screen's pixels."""
        url = QUrl(name)
        if kind != QTextDocument.ResourceType.ImageResource.value or url.scheme() != PICTURE:
            return super().loadResource(kind, name)
        image = QImage(str(picture_path(url.path(), theme.current_theme().name)))
        dots = self.devicePixelRatioF()
        wanted = round(min(image.width() / PICTURE_SCALE, self._room()) * dots)
        smooth = Qt.TransformationMode.SmoothTransformation
        if 0 < wanted != image.width():
            image = image.scaledToWidth(wanted, smooth)
        image.setDevicePixelRatio(dots)
        return image

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """On a screen with other pixels the pictures are made anew."""
        if watched is self and event.type() is QEvent.Type.DevicePixelRatioChange:
            self._dress_soon()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Colours and pictures are chosen when the page is made: make it again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._dress_soon()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The text stays in a column that can be read; pictures are as wide as it."""
        side = max(0, (self.width() - WIDEST) // 2)
        self.setViewportMargins(side, 0, side, 0)
        super().resizeEvent(event)
        if self._room() != self._width:
            self._dress_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """What has changed while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self._show_again()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is to be done soon is done when it is seen again."""
        super().hideEvent(event)
        self._is_stale |= self._dressing.isActive()
        self._dressing.stop()

    def _dress_soon(self) -> None:
        if self.isVisible():
            self._dressing.start()
        else:
            self._is_stale = True

    def _room(self) -> int:
        return max(120, min(WIDEST, self.viewport().width()) - 4)

    @Slot()
    def _show_again(self) -> None:
        if not self._markdown:
            return
        place, marked = self.verticalScrollBar().value(), self.extraSelections()
        words = {each.cursor.selectedText() for each in marked}
        self._show()
        self.mark(tuple(words))
        self.verticalScrollBar().setValue(place)

    def _show(self) -> None:
        self._width, self._is_stale = self._room(), False
        self.setFont(theme.body_font(TEXT_SIZE))
        self.document().setDocumentMargin(0)
        self.document().clear()
        self.setMarkdown(self._markdown)
        for block in self._blocks():
            _dress(block)
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _dress_table(frame)

    def _blocks(self) -> Iterator[QTextBlock]:
        block = self.document().begin()
        while block.isValid():
            yield block
            block = block.next()

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        self.link_followed.emit(url)


def _dress(block: QTextBlock) -> None:
    """Air around a paragraph, sizes of titles, a ground under keys."""
    cursor = QTextCursor(block)
    shape = block.blockFormat()
    level = shape.headingLevel()
    has_picture = "\N{OBJECT REPLACEMENT CHARACTER}" in block.text()
    if not has_picture:  # a line's height counts a picture, too
        shape.setLineHeight(LINE_PERCENT, _PROPORTIONAL)
    shape.setTopMargin(TITLE_GAP if level > 1 else 0)
    shape.setBottomMargin(2 if block.textList() is not None else GAP + 6 * has_picture)
    cursor.setBlockFormat(shape)
    if level:
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        title = cursor.charFormat()
        # What Markdown says of the size counts from the font's, whatever size is set.
        title.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        title.setFont(theme.body_font(TITLE_SIZES.get(level, TEXT_SIZE), bold=True))
        cursor.setCharFormat(title)
    _dress_pieces(block)


def _dress_pieces(block: QTextBlock) -> None:
    spans = []
    step = block.begin()
    while not step.atEnd():
        piece = step.fragment()
        shape = piece.charFormat()
        if shape.fontFixedPitch() or shape.fontItalic():
            spans.append((piece.position(), piece.length(), shape.fontItalic()))
        step += 1
    for start, length, is_name in spans:
        cursor = QTextCursor(block)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_name_format() if is_name else _key_format())


def _name_format() -> QTextCharFormat:
    """What is written in the window: upright, and a little stronger than the rest."""
    shape = QTextCharFormat()
    shape.setFontItalic(False)
    shape.setFontWeight(QFont.Weight.DemiBold)
    return shape


def _key_format() -> QTextCharFormat:
    shape = QTextCharFormat()
    shape.setFont(theme.body_font(TEXT_SIZE - 1))
    shape.setBackground(theme.colour("raised"))
    shape.setForeground(theme.colour("text"))
    return shape


def _dress_table(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorderCollapse(True)
    shape.setBorder(1)
    shape.setBorderBrush(theme.colour("line"))
    shape.setCellPadding(6)
    shape.setTopMargin(4)
    shape.setBottomMargin(GAP + 4)
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    table.setFormat(shape)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            ground = cell.format()
            if row == 0:
                ground.setBackground(theme.colour("raised"))
            cell.setFormat(ground)
            _tighten(cell.firstCursorPosition())


def _tighten(cursor: QTextCursor) -> None:
    shape = cursor.blockFormat()
    shape.setBottomMargin(0)
    shape.setAlignment(Qt.AlignmentFlag.AlignLeft)
    cursor.setBlockFormat(shape)
