"""What Tutti's data takes on the disk, and the backup of its library."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.jobs import Job, JobControl
from desktop.library.facts import size_words
from desktop.library.lines import counted
from desktop.messages import MessageAction
from desktop.settings.folders import open_folder
from desktop.widgets.icons import icon
from engine.errors import TuttiError
from engine.generation.models import SUFFIX as MODEL_SUFFIX
from engine.store.backup import SUFFIX, Backup, make_backup
from engine.store.backup_folders import RUNS, SETS
from engine.store.disk_use import DiskUse, disk_use
from engine.store.paths import data_sets_folder, library_path, models_folder, runs_folder
from engine.store.restoring import Restored, restore_backup

if TYPE_CHECKING:
    from desktop.app import App

WIDTH, ROW_HEIGHT = 560, 24
KINDS = f"Backups (*{SUFFIX})"
FLUSH_SECONDS = 10.0
SHARES = (
    ("composition", "songs"),
    ("take", "recordings"),
    ("version", "versions"),
    ("named version", "named versions"),
    ("accompaniment", "takes of the band"),
)
EXPLAINED = (
    "A backup is one file with all songs, recordings, versions and your own models; it is read "
    "again before it counts as made. Restoring adds what is missing and takes nothing away."
)
WITH_MORE = "With training runs and data sets"
FOLDERS = {RUNS: ("Training runs", runs_folder), SETS: ("Data sets", data_sets_folder)}


class StorageDialog(QDialog):
    """Shows a row for each kind of data; asks for the backup's file."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._job: Job[Any] | None = None
        self.setWindowTitle("Backup and storage")
        self.setMinimumWidth(WIDTH)
        self.rows = QGridLayout()
        self.rows.setHorizontalSpacing(16)
        self.rows.setVerticalSpacing(6)
        self.rows.setColumnStretch(1, 1)
        self.told = QLabel("Measuring …")
        self.told.setProperty("kind", "quiet")
        self.told.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.hide()
        self.back_up = _button("Back up …", "archive-outline", "primary")
        self.restore = _button("Restore a backup …", "restore")
        self.cancel = _button("Cancel", "close")
        self.folder = _button("Open the folder", "folder-open-outline")
        self.cancel.hide()
        self.with_more = QCheckBox(WITH_MORE)
        self.with_more.setToolTip(
            "Fetched files of data sets stay out: they can be fetched again on the other machine"
        )
        self._put_together()
        self._connect()
        self.measure()

    def _put_together(self) -> None:
        words = QLabel(EXPLAINED)
        words.setProperty("kind", "quiet")
        words.setWordWrap(True)
        buttons = QHBoxLayout()
        for button in (self.back_up, self.restore, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(self.rows)
        column.addWidget(self.told)
        column.addWidget(words)
        column.addWidget(self.with_more)
        column.addWidget(self.progress)
        column.addLayout(buttons)

    def _connect(self) -> None:
        self.back_up.clicked.connect(self.ask_backup)
        self.restore.clicked.connect(self.ask_restore)
        self.cancel.clicked.connect(self._cancel)
        self.folder.clicked.connect(lambda: open_folder(library_path().parent, self._app.messages))

    def measure(self) -> None:
        """Look at the disk off the GUI thread."""
        library = self._app.library
        self._app.jobs.run(
            lambda control: disk_use(library.sizes()), self.show_use, title="Measuring the disk"
        )

    def show_use(self, use: DiskUse) -> None:
        """Show what was measured, each kind with its share of the whole."""
        while (item := self.rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for row, each in enumerate(use.uses):
            bar = QProgressBar()
            bar.setRange(0, 1000)
            bar.setValue(round(1000 * each.bytes / max(1, use.total)))
            bar.setTextVisible(False)
            trash = f", {size_words(each.trash)} in the trash" if each.trash else ""
            size = QLabel(f"{size_words(each.bytes)}{trash}")
            self.rows.setRowMinimumHeight(row, ROW_HEIGHT)
            bar.setAccessibleName(f"{each.name}: {size.text()}")
            self.rows.addWidget(QLabel(each.name), row, 0)
            self.rows.addWidget(bar, row, 1)
            self.rows.addWidget(size, row, 2, Qt.AlignmentFlag.AlignRight)
        names = [name for name, _ in FOLDERS.values()]
        more = sum(each.bytes - each.trash for each in use.uses if each.name in names)
        self.with_more.setText(f"{WITH_MORE} ({size_words(more)})")
        self.with_more.setEnabled(more > 0)
        shares = [f"{size_words(use.library[kind])} {name}" for kind, name in SHARES
                  if use.library.get(kind)]  # fmt: skip
        within = f" In the library: {', '.join(shares)}." if shares else ""
        self.told.setText(
            f"{size_words(use.total)} in all; {size_words(use.free)} are free.{within}"
        )
        self.adjustSize()

    @Slot()
    def ask_backup(self) -> None:
        """Ask where, then back up."""
        folder = Path(self._app.settings.last_folder or Path.home())
        suggested = folder / f"Tutti {time.strftime('%Y-%m-%d')}{SUFFIX}"
        name, _ = QFileDialog.getSaveFileName(self, "Back up the library", str(suggested), KINDS)
        if name:
            path = Path(name)
            self.make(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    @property
    def _is_with_more(self) -> bool:
        return self.with_more.isEnabled() and self.with_more.isChecked()

    def make(self, path: Path) -> None:
        """Write a backup; everything goes on meanwhile."""
        self._app.change_settings(last_folder=str(path.parent))
        library, folders = self._app.library, folders_in_use() if self._is_with_more else None

        def work(control: JobControl) -> Backup | None:
            library.flush(FLUSH_SECONDS)
            models = sorted(models_folder().glob(f"*{MODEL_SUFFIX}"))
            return make_backup(
                library_path(), models, path, control.progress, control.cancelled, folders
            )

        def done(backup: Backup | None) -> None:
            if backup is not None:
                messages = self._app.messages
                show = MessageAction("Show it", lambda: open_folder(path.parent, messages))
                messages.tell(f"{backup_words(backup)} are in {path.name}, checked.", "good", show)

        self._run(self._app.jobs.run(work, done, self._failed, "Backing up"))

    @Slot()
    def ask_restore(self) -> None:
        """Ask for a backup, then restore it."""
        folder = self._app.settings.last_folder or str(Path.home())
        name, _ = QFileDialog.getOpenFileName(self, "Restore a backup", folder, KINDS)
        if name:
            self.take(Path(name))

    def take(self, path: Path) -> None:
        """Restore a backup."""
        library = self._app.library

        def done(restored: Restored) -> None:
            self._app.model_choice.list_again()
            self._app.training.runs_changed.emit()
            self._app.messages.tell(restored_words(restored, path.name), "good")
            self.measure()

        self._run(
            self._app.jobs.run(
                lambda control: restore_backup(library, path, models_folder(), folders_in_use()),
                done,
                self._failed,
                "Restoring a backup",
            ),
            cancellable=False,
        )

    def _run(self, job: Job[Any], cancellable: bool = True) -> None:
        self._job = job
        self.progress.setRange(0, 1000 if cancellable else 0)
        self.progress.setValue(0)
        self._show_busy(True, cancellable)
        job.progressed.connect(self._on_progress)
        job.ended.connect(self._on_end)

    def _show_busy(self, busy: bool, cancellable: bool = True) -> None:
        self.progress.setVisible(busy)
        self.cancel.setVisible(busy and cancellable)
        for button in (self.back_up, self.restore):
            button.setEnabled(not busy)

    @Slot(float, str)
    def _on_progress(self, fraction: float, _text: str) -> None:
        self.progress.setValue(round(1000 * fraction))

    @Slot()
    def _on_end(self) -> None:
        self._job = None
        self._show_busy(False)

    @Slot()
    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _failed(self, error: TuttiError) -> None:
        self._app.messages.tell(str(error), "error")


def _button(text: str, sign: str, kind: str = "") -> QPushButton:
    button = QPushButton(icon(sign, "on_accent" if kind == "primary" else "text"), text)
    button.setProperty("kind", kind)
    button.setAutoDefault(False)
    return button


def folders_in_use() -> dict[str, Path]:
    """Where runs and data sets lie, by their names in a backup."""
    return {kind: folder() for kind, (_, folder) in FOLDERS.items()}


def backup_words(backup: Backup) -> str:
    """What is in a backup."""
    parts = [counted(backup.songs, "song"), counted(backup.takes, "recording")]
    if backup.models:
        parts.append(counted(len(backup.models), "model"))
    more = ((backup.runs, "training run"), (backup.sets, "data set"))
    parts += [counted(number, word) for number, word in more if number]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def restored_words(restored: Restored, name: str) -> str:
    """What came back from a backup."""
    counts = (
        (restored.songs, "song"),
        (restored.takes, "recording"),
        (restored.models, "model"),
        (restored.runs, "training run"),
        (restored.sets, "data set"),
    )
    parts = [counted(number, word) for number, word in counts if number]
    told = f"{', '.join(parts)} came back from {name}." if parts else ""
    if restored.older:
        older = counted(restored.older, "song")
        told += f" {older} had changed since: see their versions."
    return told.strip() or f"All that is in {name} is in the library already."
