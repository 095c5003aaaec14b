"""What was found in a set: counts with reasons, its files, their tracks, and corrections."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.data.file_table import KEPT, FileTable
from desktop.data.findings import MOST_FILES, Findings, differs, in_words, read_findings
from desktop.data.progress_line import ProgressLine
from desktop.data.states import Work
from desktop.data.track_list import TrackList
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.icons import icon
from engine.data.progress import report_words
from engine.data.rules import NO_RULE, Correction, RoleRule
from engine.errors import TuttiError

if TYPE_CHECKING:
    from desktop.app import App

ALL = "all"
SEARCH_WIDTH = 200


class ReportView(QWidget):
    """Shows the findings of one set; corrections are gathered, then the set is imported again."""

    back_asked = Signal()
    import_asked = Signal(object, object)
    """`Findings` and the `RoleRule` to import them by."""
    cancel_asked = Signal(str)

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._name = ""
        self._findings: Findings | None = None
        self._rule: RoleRule = NO_RULE
        self._work = Work()
        self.fates = QButtonGroup(self)
        self.table = FileTable()
        self.tracks = TrackList()
        self._put_together()
        self._connect()

    def _put_together(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 12)
        column.setSpacing(8)
        column.addLayout(self._head())
        self._told = QLabel()
        self._told.setProperty("kind", "quiet")
        self._told.setWordWrap(True)
        column.addWidget(self._told)
        column.addWidget(self._filters())
        column.addLayout(self._middle(), 1)
        column.addWidget(self._foot())

    def _head(self) -> QHBoxLayout:
        self.back = QToolButton()
        self.back.setProperty("kind", "flat")
        self.back.setIcon(icon("arrow-left"))
        self.back.setToolTip("All data sets")
        self.back.setAccessibleName("Back to all data sets")
        self._title = QLabel()
        self._title.setProperty("kind", "heading")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search files")
        self.search.setAccessibleName("Search files")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(SEARCH_WIDTH)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.search)
        return head

    def _filters(self) -> QWidget:
        chips = QWidget()
        self._fate_row = FlowLayout(chips, gap=6)
        return chips

    def _middle(self) -> QHBoxLayout:
        middle = QHBoxLayout()
        middle.setSpacing(12)
        for widget, share in ((self.table, 5), (self.tracks, 4)):
            middle.addWidget(_framed(widget), share)
        return middle

    def _foot(self) -> QFrame:
        self._bar = QFrame()
        self._bar.setProperty("kind", "section")
        self._changes = QLabel()
        self._changes.setTextFormat(Qt.TextFormat.PlainText)
        self._changes.setWordWrap(True)
        self.undo = QPushButton("Take back")
        self.again = QPushButton("Import again")
        self.progress = ProgressLine()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(8)
        row.addWidget(self._changes, 1)
        row.addWidget(self.progress, 1)
        row.addWidget(self.undo)
        row.addWidget(self.again)
        return self._bar

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_asked)
        self.search.textChanged.connect(self._search)
        self.fates.buttonClicked.connect(self._on_fate)
        self.table.chosen_changed.connect(self._show_tracks)
        self.tracks.corrected.connect(self._correct)
        self.tracks.left_out.connect(self._leave_out)
        self.undo.clicked.connect(self._take_back)
        self.again.clicked.connect(self._import)
        self.progress.cancel_asked.connect(lambda: self.cancel_asked.emit(self._name))

    @property
    def told(self) -> str:
        """What is said of the whole set."""
        return self._told.text()

    @property
    def changes(self) -> str:
        """What is said of corrections that are not imported yet."""
        return self._changes.text()

    def read(self, name: str) -> None:
        """Read what was found in a set, off the GUI thread, and show it."""
        self._name = name
        if self._findings is None or self._findings.name != name:
            self._title.setText(name)
            self._told.setText("Reading")

        def failed(error: TuttiError) -> None:
            self._app.messages.tell_error(error)
            self.back_asked.emit()

        self._app.jobs.run(
            lambda control: read_findings(name), self.show_findings, failed, f"Reading {name}"
        )

    def show_findings(self, findings: Findings) -> None:
        """Show what was found; corrections that were not imported are forgotten."""
        self._name = findings.name
        self._findings = findings
        self._rule = findings.rule
        self._title.setText(findings.name)
        more = len(findings.files) < findings.counts.files
        first = f" The first {MOST_FILES:,} are shown." if more and findings.is_packed else ""
        nothing = "" if findings.is_packed else "Nothing is imported yet. "
        self._told.setText(f"{nothing}{report_words(findings.counts)}{first} {findings.problem}")
        self._make_fates(findings)
        self.table.show_files(findings.files)
        self._search()
        self._show_all()

    def show_work(self, name: str, work: Work) -> None:
        """Show whether something is being done with the set."""
        if name == self._name:
            self._work = work
            self.progress.show_work(work)
            self._show_foot()

    def _make_fates(self, findings: Findings) -> None:
        for button in self.fates.buttons():
            self.fates.removeButton(button)
            self._fate_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        counts = findings.counts
        fates = {ALL: counts.files, KEPT: counts.kept, **counts.dropped}
        for fate, count in fates.items():
            button = QPushButton(f"{fate}  {count:,}")
            button.setProperty("kind", "chip")
            button.setCheckable(True)
            button.setChecked(fate == ALL)
            button.setObjectName(fate)
            self.fates.addButton(button)
            self._fate_row.addWidget(button)

    @property
    def _fate(self) -> str:
        button = self.fates.checkedButton()
        return "" if button is None or button.objectName() == ALL else button.objectName()

    @Slot(QAbstractButton)
    def _on_fate(self, _button: QAbstractButton) -> None:
        self._search()

    @Slot()
    def _search(self) -> None:
        self.table.search(self._fate, self.search.text())

    def _show_all(self) -> None:
        self._show_tracks()
        self._show_foot()

    @Slot()
    def _show_tracks(self) -> None:
        findings = self._findings
        if findings is None:
            return
        self.tracks.show_file(
            self.table.chosen,
            findings.roles,
            self._rule,
            findings.alike,
            can_change=not findings.problem and not self._work.goes_on,
        )

    def _show_foot(self) -> None:
        findings, busy = self._findings, self._work.goes_on
        changes = differs(self._rule, findings.rule) if findings else 0
        self._bar.setVisible(busy or bool(changes))
        self._changes.setVisible(not busy)
        self._changes.setText(_changes_words(self._rule.corrections, findings))
        self.progress.setVisible(busy)
        self.undo.setVisible(not busy)
        self.again.setVisible(not busy)

    @Slot(object, object)
    def _correct(self, wanted: Correction, given: Correction | None) -> None:
        rule = self._rule if given is None else self._rule.without(given)
        self._rule = rule.with_correction(wanted)
        self._show_all()

    @Slot(str, bool)
    def _leave_out(self, path: str, out: bool) -> None:
        correction = Correction(file=path, whole_file=True)
        rule = self._rule
        self._rule = rule.with_correction(correction) if out else rule.without(correction)
        self._show_all()

    @Slot()
    def _take_back(self) -> None:
        if self._findings is not None:
            self._rule = self._findings.rule
            self._show_all()

    @Slot()
    def _import(self) -> None:
        if self._findings is not None:
            self.import_asked.emit(replace(self._findings), self._rule)


def _changes_words(corrections: Sequence[Correction], findings: Findings | None) -> str:
    """The last corrections in words, the newest first."""
    before = findings.rule.corrections if findings else ()
    new = [in_words(each) for each in reversed(corrections) if each not in before]
    gone = [f"not any more: {in_words(each)}" for each in before if each not in corrections]
    told = [*new, *gone]
    more = f", and {len(told) - 2} more" if len(told) > 2 else ""
    return "; ".join(told[:2]) + more + ". Import again to have it so." if told else ""


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("kind", "section")
    column = QVBoxLayout(frame)
    column.setContentsMargins(8, 8, 8, 8)
    column.addWidget(widget)
    return frame
