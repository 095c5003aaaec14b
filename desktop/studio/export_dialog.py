"""Everything that is asked before audio is written: where, in which format, how loud, with what."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.files.audio import AudioPlan
from engine.files.audio_kinds import AudioKind, Level
from engine.files.sound_file import FORMATS, AudioFormat, audio_format

TITLE = "Export audio"
WIDTH = 560
RATES = (44_100, 48_000, 96_000)
LEVELS: tuple[tuple[Level, str], ...] = (
    ("played", "As it is played, softer only where it would clip"),
    ("full", "As loud as it can be without clipping"),
    ("streaming", "−14 LUFS, as streaming services play it"),
)
SUFFIXES = {form.suffix for form in FORMATS}


class ExportDialog(QDialog):
    """Asks; ``asked`` carries the file and the plan once it may be written there."""

    asked = Signal(object, object)

    def __init__(
        self,
        path: Path,
        plan: AudioPlan,
        parent: QWidget | None = None,
        *,
        on_ports: Sequence[str] = (),
    ) -> None:
        """``on_ports`` names the tracks that an instrument on a MIDI port plays."""
        super().__init__(parent)
        self._on_ports = tuple(on_ports)
        self.setWindowTitle(TITLE)
        self.setMinimumWidth(WIDTH)
        self._plan = plan
        self.file = QLineEdit(str(path))
        self.file.setObjectName("fileNameEdit")
        self.format = QComboBox()
        self.rate = QComboBox()
        self.level = QComboBox()
        self.stems = QCheckBox("One file a track (stems), in a folder of their own")
        self.rings_out = QCheckBox("Let the last notes ring out; else it ends with its last bar")
        self.count_in = QCheckBox("A bar of count-in first")
        self.click = QCheckBox("The click beside the music")
        self._fill(plan)
        self._put_together()
        self._connect()
        self._show_format()

    def _fill(self, plan: AudioPlan) -> None:
        for form in FORMATS:
            self.format.addItem(f"{form.name}: {form.words}", form.kind)
        self.format.setCurrentIndex(self.format.findData(plan.kind))
        for rate in RATES:
            self.rate.addItem(f"{rate:,} Hz", rate)
        self.rate.setCurrentIndex(max(0, self.rate.findData(plan.sample_rate)))
        for level, words in LEVELS:
            self.level.addItem(words, level)
        self.level.setCurrentIndex(self.level.findData(plan.level))
        self.stems.setChecked(plan.stems)
        self.rings_out.setChecked(plan.rings_out)
        self.count_in.setChecked(plan.count_in_bars > 0)
        self.click.setChecked(plan.click)

    def _put_together(self) -> None:
        self.remark = QLabel()
        self.remark.setProperty("kind", "quiet")
        self.remark.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        export = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        export.setProperty("kind", "primary")
        export.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(self._form())
        column.addWidget(self.remark)
        column.addWidget(self.buttons)
        self.file.setFocus()
        self.file.selectAll()

    def _form(self) -> QFormLayout:
        browse = QPushButton("Choose …")
        browse.setAutoDefault(False)  # Return exports, also in the field of the file
        browse.clicked.connect(self._browse)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.file, 1)
        where.addWidget(browse)
        form = QFormLayout()
        form.setVerticalSpacing(10)
        form.setHorizontalSpacing(16)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow("File", where)
        self.file.setAccessibleName("File")
        choices = (("Format", self.format), ("Sample rate", self.rate), ("Loudness", self.level))
        for name, choice in choices:
            form.addRow(name, choice)
            choice.setAccessibleName(name)
        for box in (self.stems, self.rings_out, self.count_in, self.click):
            form.addRow("", box)
        return form

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._show_format)
        self.stems.toggled.connect(self._tell)
        self.file.editingFinished.connect(self._follow_suffix)
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)

    @property
    def chosen_format(self) -> AudioFormat:
        """The format that is chosen."""
        kind: AudioKind = self.format.currentData()
        return audio_format(kind)

    @property
    def plan(self) -> AudioPlan:
        """What is chosen."""
        return AudioPlan(
            self.format.currentData(),
            self.rate.currentData(),
            self.level.currentData(),
            self.stems.isChecked(),
            self.rings_out.isChecked(),
            1 if self.count_in.isChecked() else 0,
            self.click.isChecked(),
            self._plan.gain,
        )

    @property
    def path(self) -> Path:
        """The file, with the ending of its format."""
        path = Path(self.file.text().strip()).expanduser()
        suffix = self.chosen_format.suffix
        if path.suffix.lower() == suffix:
            return path
        known = path.suffix.lower() in SUFFIXES
        return path.with_suffix(suffix) if known else path.with_name(path.name + suffix)

    @Slot()
    def _show_format(self) -> None:
        rates = self.chosen_format.rates
        if rates and self.rate.currentData() not in rates:
            self.rate.setCurrentIndex(self.rate.findData(48_000))
        if self.file.text().strip():
            self.file.setText(str(self.path))
        self._tell()

    @Slot()
    def _follow_suffix(self) -> None:
        """Whoever writes “song.mp3” wants an MP3 file."""
        suffix = Path(self.file.text().strip()).suffix.lower()
        if suffix in SUFFIXES and suffix != self.chosen_format.suffix:
            kind = next(form.kind for form in FORMATS if form.suffix == suffix)
            self.format.setCurrentIndex(self.format.findData(kind))

    @Slot()
    def _tell(self) -> None:
        """What is special about what is chosen."""
        told = []
        if self.stems.isChecked():
            told.append("All stems are equally long and loud as in the mix: together they are it.")
        if self.chosen_format.rates:
            told.append("MP3 has at most 48,000 Hz.")
        if self._on_ports:
            told.append(_of_ports(self._on_ports))
        self.remark.setText(" ".join(told))
        self.remark.setVisible(bool(told))

    @Slot()
    def _browse(self) -> None:
        form = self.chosen_format
        kinds = f"{form.name} (*{form.suffix})"
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Choose a file", str(self.path), kinds,
            options=QFileDialog.Option.DontConfirmOverwrite,
        )  # fmt: skip
        if chosen:
            self.file.setText(chosen)
            self.file.setText(str(self.path))

    @Slot()
    def _ask(self) -> None:
        self._follow_suffix()
        if not self.file.text().strip():
            self.file.setFocus()
            return
        if is_there(self.path) and not self.stems.isChecked() and not self._may_replace():
            return
        self.accept()
        self.asked.emit(self.path, self.plan)

    def _may_replace(self) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle("Replace the file")
        box.setText(f"{self.path.name} exists already.")
        box.setTextFormat(Qt.TextFormat.PlainText)
        replace = box.addButton("Replace it", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.exec()
        return box.clickedButton() is replace


def _of_ports(names: Sequence[str]) -> str:
    """What becomes of tracks that Tutti does not hear."""
    tracks = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    if len(names) == 1:
        return f"{tracks} is played on a MIDI port: in the file Tutti's own instrument plays it."
    return f"{tracks} are played on MIDI ports: in the file Tutti's own instruments play them."


def is_there(path: Path) -> bool:
    """Whether a file would be replaced; one in a folder that may not be read is told of later."""
    with suppress(OSError):
        return path.exists()
    return False
