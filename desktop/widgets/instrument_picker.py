"""Choosing an instrument by ear: families on the left, their instruments on the right, a search."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QWidget,
)

from engine.music.general_midi import DRUM_KITS, FAMILIES, PROGRAM_NAMES, instrument_name

OWN_SOUND = "Tutti's own sound"
SIZE = (420, 372)
FAMILY_WIDTH = 168
_PROGRAM = Qt.ItemDataRole.UserRole
_MOVING_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)
NOTHING = "Nothing is called that"
ALSO = {
    4: "rhodes wurlitzer electric",
    5: "dx fm electric",
    7: "clav",
    11: "vibes",
    16: "hammond",
    18: "hammond rock",
    22: "mouth harp blues",
    24: "classical spanish",
    25: "folk western",
    26: "electric",
    27: "electric",
    29: "electric rock",
    30: "electric rock metal",
    32: "upright double",
    33: "electric",
    34: "electric",
    35: "electric",
    40: "fiddle",
    43: "double upright bass",
    48: "orchestra section",
    52: "voice vocals ahh",
    53: "voice vocals ooh",
    54: "vocals",
}
"""Words that people look for a program by and that its name lacks."""
HINT = "Click or arrow keys: listen · Enter: take · Esc: as before"


class InstrumentPicker(QFrame):
    """A popover. What is looked at is tried at once; Escape asks for the old instrument again."""

    tried = Signal(int)
    """A program (a kit of drums) is to be heard."""
    taken = Signal(int)
    """This one stays."""
    left = Signal()
    """All as it was before."""
    output_chosen = Signal(object)
    """The name of a MIDI output, None for Tutti's own sound."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("kind", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedSize(*SIZE)
        self._is_drum = False
        self._before = 0
        self._done = False
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.families = QListWidget()
        self.instruments = QListWidget()
        self.output = QComboBox()
        self._name_all()
        self._lay_out()
        self._connect()

    def _name_all(self) -> None:
        self.setAccessibleName("Instruments")
        self.search.setPlaceholderText("Search instruments")
        self.search.setAccessibleName("Search instruments")
        self.families.setAccessibleName("Families of instruments")
        self.instruments.setAccessibleName("Instruments of the family")
        self.output.setAccessibleName("Plays on")
        self.output.setToolTip("The synthesizer of Tutti, or an instrument at a MIDI port")

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 10)
        grid.setSpacing(8)
        self.families.setFixedWidth(FAMILY_WIDTH)
        plays = QLabel("Plays on")
        plays.setProperty("kind", "quiet")
        hint = QLabel(HINT)
        hint.setProperty("kind", "caption")
        grid.addWidget(self.search, 0, 0, 1, 2)
        grid.addWidget(self.families, 1, 0)
        grid.addWidget(self.instruments, 1, 1)
        grid.addWidget(plays, 2, 0)
        grid.addWidget(self.output, 2, 1)
        grid.addWidget(hint, 3, 0, 1, 2)
        grid.setRowStretch(1, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._find)
        self.families.currentRowChanged.connect(self._open_family)
        self.instruments.currentItemChanged.connect(self._try)
        self.instruments.itemDoubleClicked.connect(self._take)
        self.output.activated.connect(lambda: self.output_chosen.emit(self.output.currentData()))
        for watched in (self.search, self.families, self.instruments):
            watched.installEventFilter(self)

    def offer(
        self, program: int, is_drum: bool, outputs: Sequence[str], output: str | None
    ) -> None:
        """Show what there is; ``program`` and ``output`` are the track's own."""
        self._before, self._is_drum = program, is_drum
        self.families.clear()
        titles = ["Drum kits"] if is_drum else [title for title, _ in FAMILIES]
        for row, title in enumerate(titles):
            item = QListWidgetItem(title)
            item.setData(_PROGRAM, row)
            self.families.addItem(item)
        self.families.blockSignals(True)
        self.families.setCurrentRow(0 if is_drum else program // 8)
        self.families.blockSignals(False)
        self._list(self._of_family(self.families.currentRow()), program)
        self.output.addItem(OWN_SOUND, None)
        for name in dict.fromkeys((*outputs, *([output] if output is not None else []))):
            self.output.addItem(name, name)
        self.output.setCurrentIndex(max(0, self.output.findData(output)))

    def open_at(self, corner: QPoint) -> None:
        """Open with the upper left corner there, moved where the screen ends."""
        screen = QGuiApplication.screenAt(corner) or QGuiApplication.primaryScreen()
        place = QRect(corner, self.size())
        room = screen.availableGeometry()
        place.moveRight(min(place.right(), room.right()))
        place.moveBottom(min(place.bottom(), room.bottom()))
        self.move(place.topLeft())
        self.show()
        self.search.setFocus()

    @property
    def current(self) -> int:
        """The program that is looked at."""
        row = self.instruments.currentRow()
        program = None if row < 0 else self.instruments.item(row).data(_PROGRAM)
        return self._before if program is None else int(program)

    def _of_family(self, family: int) -> list[int]:
        if self._is_drum:
            return list(DRUM_KITS)
        return list(range(8 * family, 8 * family + 8))

    def _list(self, programs: Sequence[int], current: int | None) -> None:
        """List these without trying any."""
        self.instruments.blockSignals(True)
        self.instruments.clear()
        for program in programs:
            item = QListWidgetItem(instrument_name(program, self._is_drum))
            item.setData(_PROGRAM, program)
            self.instruments.addItem(item)
            if program == current:
                self.instruments.setCurrentItem(item)
        self.instruments.blockSignals(False)

    @Slot(str)
    def _find(self, text: str) -> None:
        """List what has all the words, in its own name or its family's."""
        words = text.lower().split()
        self.families.setEnabled(not words)
        if not words:
            self._list(self._of_family(self.families.currentRow()), self.current)
            return
        everything = DRUM_KITS if self._is_drum else range(len(PROGRAM_NAMES))
        found = [each for each in everything if all(w in self._words(each) for w in words)]
        self._list(found, self.current)
        if not found:
            nothing = QListWidgetItem(NOTHING, self.instruments)
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
        if found and self.instruments.currentRow() < 0:
            self.instruments.setCurrentRow(0)

    def _words(self, program: int) -> str:
        if self._is_drum:
            return instrument_name(program, True).lower()
        family, also = FAMILIES[program // 8][0], ALSO.get(program, "")
        return f"{instrument_name(program, False)} {family} {also}".lower()

    @Slot(int)
    def _open_family(self, family: int) -> None:
        if family >= 0:
            self._list(self._of_family(family), None)
            self.instruments.setCurrentRow(0)

    @Slot()
    def _try(self) -> None:
        if self.instruments.currentRow() >= 0:
            self.tried.emit(self.current)

    @Slot()
    def _take(self) -> None:
        self._done = True
        self.taken.emit(self.current)
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the search move through the list; Enter takes what is looked at."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
                return True
            if watched is self.search and event.key() in _MOVING_KEYS:
                self.instruments.event(event)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts the old instrument back."""
        if event.key() == Qt.Key.Key_Escape:
            self._done = True
            self.left.emit()
            self.close()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A click beside it takes what is heard."""
        if not self._done:
            self._done = True
            self.taken.emit(self.current)
        super().closeEvent(event)
