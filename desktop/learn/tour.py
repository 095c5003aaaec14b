"""The tour: chapter by chapter, words on the left, a picture on the right."""

from PySide6.QtCore import QEvent, QSize, Qt, QUrl, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShortcut,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTextBrowser,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.learn.material import Material
from desktop.learn.picture import Picture
from desktop.learn.pictures import PICTURES
from desktop.learn.text import Chapter, chapters, glossary
from desktop.widgets.icons import icon

TEXT_WIDTH = 420
LEAST_TEXT_WIDTH = 280
TEXT_SIZE = 14
LINE_PERCENT = 138
PARAGRAPH_GAP = 10
WORD = "word"
TO_STEPS, STEPS_TIP = "First steps", "Train and play a model of your own"


class ChapterText(QTextBrowser):
    """A chapter's paragraphs; words of the glossary tell their meaning under the pointer."""

    word_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("border: none; padding: 0; background: transparent;")
        self.document().setDocumentMargin(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._follow)
        self.highlighted.connect(self._tell)
        self._markdown = ""

    def show_markdown(self, markdown: str, title: str) -> None:
        """Show other words; ``title`` names them for a screen reader."""
        self._markdown = markdown
        self.setAccessibleName(title)
        self.setFont(theme.body_font(TEXT_SIZE))
        self.setMarkdown(markdown)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        form = cursor.blockFormat()
        block = self.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            form = block.blockFormat()
            form.setLineHeight(LINE_PERCENT, 1)
            form.setTopMargin(0)
            form.setBottomMargin(PARAGRAPH_GAP)
            cursor.setBlockFormat(form)
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def changeEvent(self, event: QEvent) -> None:
        """Links take the theme's colour when they are made: make them again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._markdown:
            self.show_markdown(self._markdown, self.accessibleName())

    @Slot(QUrl)
    def _follow(self, url: QUrl) -> None:
        if url.scheme() == WORD:
            self.word_asked.emit(url.path())

    @Slot(QUrl)
    def _tell(self, url: QUrl) -> None:
        part = glossary().get(url.path()) if url.scheme() == WORD else None
        if part is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(self.cursor().pos(), part.body, self)


class Progress(QWidget):
    """One mark for each chapter: seen, shown, to come. A click goes there."""

    asked = Signal(int)

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = count
        self._at = 0
        self._seen: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A thin row."""
        return QSize(200, 24)

    def show_at(self, at: int, seen: frozenset[int]) -> None:
        """The chapter that is shown, and those that were."""
        self._at, self._seen = at, seen
        self.setAccessibleName(f"Chapter {at + 1} of {self._count}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The marks."""
        with QPainter(self) as painter:
            step = self.width() / self._count
            for index in range(self._count):
                role = "accent" if index == self._at else "good" if index in self._seen else "line"
                tall = 6 if index == self._at else 4
                top = (self.height() - tall) // 2
                painter.fillRect(
                    round(index * step), top, round(step - 4), tall, theme.colour(role)
                )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the chapter under the pointer."""
        place = int(event.position().x() / (self.width() / self._count))
        self.asked.emit(max(0, min(self._count - 1, place)))


class Tour(QWidget):
    """All chapters; the pictures are made when they are first seen."""

    word_asked = Signal(str)
    moved = Signal(int)
    """The chapter that is shown now."""
    steps_asked = Signal()
    """After the last chapter: to do what was told of."""

    def __init__(self, material: Material, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._material = material
        self._chapters = chapters()
        self._at = 0
        self._seen: set[int] = set()
        self._pictures: dict[str, Picture] = {}
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._place = QLabel()
        self._place.setProperty("kind", "caption")
        self._text = ChapterText()
        self._text.word_asked.connect(self.word_asked)
        self._stage = QStackedWidget()
        self._progress = Progress(len(self._chapters))
        self._progress.asked.connect(self.go_to)
        self._back = QPushButton("Back")
        self._back.setIcon(icon("chevron-left"))
        self._back.clicked.connect(self.back)
        self._back.setToolTip("The chapter before (Page Up)")
        self._next = QPushButton("Next")
        self._next.setIcon(icon("chevron-right"))
        self._next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._next.clicked.connect(self._on_next)
        self._build()
        self.go_to(0)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._place)
        words.addWidget(self._title)
        words.addWidget(self._text, 1)
        card = QFrame()
        card.setProperty("kind", "section")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(12, 12, 12, 12)
        inside.addWidget(self._stage)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addLayout(words, 2)
        body.addWidget(card, 3)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._back)
        foot.addWidget(self._progress, 1)
        foot.addWidget(self._next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(body, 1)
        column.addLayout(foot)
        self._text.setMaximumWidth(TEXT_WIDTH)
        self._text.setMinimumWidth(LEAST_TEXT_WIDTH)
        for keys, slot in (
            ("PgDown", self.forward),
            ("PgUp", self.back),
            ("Alt+Right", self.forward),
            ("Alt+Left", self.back),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def chapter(self) -> Chapter:
        """The one that is shown."""
        return self._chapters[self._at]

    @property
    def picture(self) -> Picture | None:
        """Its picture."""
        return self._pictures.get(self.chapter.name)

    @property
    def text(self) -> str:
        """The words that are shown, plain."""
        return self._text.toPlainText()

    def set_material(self, material: Material) -> None:
        """Draw everything from other music, networks or curves."""
        self._material = material
        if self.picture is not None:
            self.picture.set_material(material)

    @Slot(int)
    def go_to(self, index: int) -> None:
        """Show a chapter."""
        self._at = max(0, min(len(self._chapters) - 1, index))
        self._seen.add(self._at)
        chapter = self.chapter
        self._place.setText(f"{self._at + 1} of {len(self._chapters)}")
        self._title.setText(chapter.title)
        self._text.show_markdown(chapter.body, chapter.title)
        self._show_picture(chapter.name)
        self._progress.show_at(self._at, frozenset(self._seen))
        self._back.setEnabled(self._at > 0)
        self._next.setText(TO_STEPS if self._is_last else "Next")
        self._next.setToolTip(STEPS_TIP if self._is_last else "The next chapter (Page Down)")
        self.moved.emit(self._at)

    @property
    def _is_last(self) -> bool:
        return self._at == len(self._chapters) - 1

    @Slot()
    def _on_next(self) -> None:
        if self._is_last:
            self.steps_asked.emit()
        else:
            self.forward()

    @Slot()
    def forward(self) -> None:
        """The next chapter."""
        self.go_to(self._at + 1)

    @Slot()
    def back(self) -> None:
        """The chapter before."""
        self.go_to(self._at - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows turn the pages where nothing else uses them."""
        turns = {Qt.Key.Key_Right: self.forward, Qt.Key.Key_Left: self.back}
        turn = turns.get(Qt.Key(event.key()))
        if turn is None:
            super().keyPressEvent(event)
        else:
            turn()

    def _show_picture(self, name: str) -> None:
        if name not in self._pictures and name in PICTURES:
            self._pictures[name] = PICTURES[name](self._material)
            self._stage.addWidget(self._pictures[name])
        if name in self._pictures:
            if self._pictures[name].material is not self._material:
                self._pictures[name].set_material(self._material)
            self._pictures[name].canvas.setAccessibleName(self.chapter.title)
            self._stage.setCurrentWidget(self._pictures[name])
