"""Two small dialogs about chords: writing them all, and taking them from what was played."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.studio.chord_edits import played_chords
from engine.errors import MusicError
from engine.music.chord_sheet import parse_sheet, written_sheet
from engine.music.chord_symbols import ChordMark
from engine.music.composition import Composition
from engine.music.harmony import pitch_name
from engine.music.ticks import MeterMap, meter_map

HOW_TO_WRITE = (
    "Bars stand between lines, and the chords of a bar share it: | C | Am F | G7 |\n"
    "% is the bar before again, an empty bar goes on, - leaves the band free."
)
PLACEHOLDER = "| C | Am F | G7 | C |"
SPLITS = (48, 52, 55, 57, 60, 62, 64, 67, 72)
USUAL_SPLIT = 60
NOTHING_PLAYED = "No chords are heard in these notes."


class ChordSheetDialog(QDialog):
    """All own chords as one text; what is wrong in it is told while it is written."""

    def __init__(
        self, marks: Sequence[ChordMark], meters: MeterMap, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Write all chords")
        self._meters = meters
        self.marks: tuple[ChordMark, ...] = tuple(marks)
        how = QLabel(HOW_TO_WRITE)
        how.setProperty("kind", "quiet")
        self.text = QPlainTextEdit(written_sheet(marks, meters))
        self.text.setPlaceholderText(PLACEHOLDER)
        self.text.setAccessibleName("Chords")
        self.text.setMinimumSize(460, 160)
        self.text.setTabChangesFocus(True)
        self.problem = QLabel()
        self.problem.setProperty("kind", "warning")
        self.problem.setWordWrap(True)
        self.buttons = _buttons(self, "Use these chords")
        column = QVBoxLayout(self)
        column.setSpacing(12)
        for widget in (how, self.text, self.problem, self.buttons):
            column.addWidget(widget)
        self.text.textChanged.connect(self._read)
        self._read()

    @Slot()
    def _read(self) -> None:
        """What the text says; an empty one is no chords."""
        text, problem = self.text.toPlainText(), ""
        try:
            self.marks = parse_sheet(_barred(text), self._meters, "") if text.strip() else ()
        except MusicError as error:
            problem = str(error).removeprefix(", l").strip()
            problem = f"L{problem}" if problem.startswith("ine") else problem
        self.problem.setText(problem)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)


def _barred(text: str) -> str:
    """Whoever writes bars need not begin the line with one."""
    lines = text.splitlines()
    return "\n".join(
        f"| {line}" if "|" in line and not line.lstrip().startswith(("|", "#")) else line
        for line in lines
    )


class PlayedChordsDialog(QDialog):
    """Which track, and below which note: what the left hand played becomes chords."""

    def __init__(self, composition: Composition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Chords from what was played")
        self._composition = composition
        self.source = QComboBox()
        for index, track in enumerate(composition.tracks):
            if track.notes and not track.is_drum:
                self.source.addItem(track.name, index)
        self.split = QComboBox()
        for pitch in SPLITS:
            self.split.addItem(f"below {pitch_name(pitch)}", pitch)
        self.split.addItem("all of them", 128)
        self.split.setCurrentIndex(SPLITS.index(USUAL_SPLIT))
        self.leave_out = QCheckBox("Leave these notes out of the melody")
        self.heard = QLabel()
        self.heard.setWordWrap(True)
        self.heard.setMinimumWidth(380)
        self.buttons = _buttons(self, "Use these chords")
        form = QFormLayout()
        form.addRow("Track", self.source)
        form.addRow("Notes", self.split)
        form.addRow("", self.leave_out)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addLayout(form)
        column.addWidget(self.heard)
        column.addWidget(self.buttons)
        self.source.currentIndexChanged.connect(self._show)
        self.split.currentIndexChanged.connect(self._show)
        self._show()

    @property
    def track(self) -> int:
        """The chosen track's number."""
        return int(self.source.currentData() or 0)

    @property
    def below(self) -> int:
        """The pitch that the chosen notes lie below."""
        return int(self.split.currentData())

    @property
    def leaves_out(self) -> bool:
        """Whether the chosen notes are no melody."""
        return self.leave_out.isEnabled() and self.leave_out.isChecked()

    @Slot()
    def _show(self) -> None:
        """The chords that would be taken, and whether a melody is left without their notes."""
        marks = played_chords(self._composition, self.track, self.below)
        symbols = any(mark.symbol for mark in marks)
        sheet = written_sheet(sorted(marks)[:-1], meter_map(self._composition))
        self.heard.setText(_first_lines(sheet) if symbols else NOTHING_PLAYED)
        pitches = [note.pitch for note in self._composition.melody.notes]
        self.leave_out.setEnabled(
            self.track == 0 and symbols and any(pitch >= self.below for pitch in pitches)
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(symbols)


def _first_lines(sheet: str) -> str:
    lines = sheet.splitlines()
    return "\n".join(lines[:4] + (["…"] if len(lines) > 4 else []))


def _buttons(dialog: QDialog, accept: str) -> QDialogButtonBox:
    kinds = QDialogButtonBox.StandardButton
    buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel)
    buttons.button(kinds.Ok).setText(accept)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
