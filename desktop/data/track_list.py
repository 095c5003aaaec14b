"""The tracks of one file: what each was taken for and why, and another role for it."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.data.findings import Scope, role_by, scopes
from desktop.settings.form import Choice
from desktop.theme import CAPTION_SIZE, body_font, colour
from desktop.widgets.elided_label import ElidedLabel
from engine.data.rules import Correction, RoleRule
from engine.data.song_report import LEFT_OUT, FileReport, TrackReport
from engine.music.general_midi import instrument_name

LEFT_OUT_WORDS = "Left out"
ROLE_COLOURS = {
    "Melody": "melody", "Soprano": "melody", "Bass": "bass", "Chords": "chords",
    "Tenor": "chords", "Counter": "counter", "Alto": "counter", "Strings": "strings",
    "Drums": "drums",
}  # fmt: skip
DOT = 10
DRUM_CHANNEL = 10  # counted from 1


class RoleDot(QWidget):
    """The colour of a role."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.role = LEFT_OUT
        self.setFixedSize(QSize(DOT, DOT))

    def show_role(self, role: str) -> None:
        """Show the colour of another role."""
        self.role = role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dot; a ring for what is left out."""
        left_out = self.role == LEFT_OUT
        area = self.rect().toRectF().adjusted(1, 1, -1, -1)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(colour("disabled") if left_out else Qt.PenStyle.NoPen)
            ground = colour(ROLE_COLOURS.get(self.role, "quiet"))
            painter.setBrush(Qt.BrushStyle.NoBrush if left_out else ground)
            painter.drawEllipse(area)


class TrackLine(QFrame):
    """One track. A role that is chosen asks for a correction, for this file or for all alike."""

    corrected = Signal(object, object)
    """The new `Correction` and the one it replaces, or None."""

    def __init__(
        self,
        file: FileReport,
        track: TrackReport,
        roles: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._file, self._track = file, track
        self._scopes: tuple[Scope, ...] = ()
        self._given: Correction | None = None
        self.setAccessibleName(track.name or f"Track {track.index + 1}")
        self._dot = RoleDot()
        self._why = ElidedLabel()
        self._why.setProperty("kind", "caption")
        self._why.setTextFormat(Qt.TextFormat.PlainText)
        self.role = Choice([*((role, role) for role in roles), (LEFT_OUT_WORDS, LEFT_OUT)])
        self.role.setAccessibleName(f"Role of {self.accessibleName()}")
        self.role.setFixedWidth(116)
        self.role.activated.connect(self._on_role)
        self.scope = Choice([])
        self.scope.setAccessibleName("For which tracks")
        self.scope.activated.connect(self._on_scope)
        self._put_together()

    def _put_together(self) -> None:
        name = ElidedLabel(self._track.name or f"Track {self._track.index + 1}")
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setFont(body_font(bold=True))
        facts = ElidedLabel(self._facts())
        facts.setProperty("kind", "caption")
        texts = QVBoxLayout()
        texts.setSpacing(1)
        for label in (name, facts, self._why):
            texts.addWidget(label)
        choices = QVBoxLayout()
        choices.setSpacing(4)
        choices.addWidget(self.role, 0, Qt.AlignmentFlag.AlignRight)
        choices.addWidget(self.scope, 0, Qt.AlignmentFlag.AlignRight)
        choices.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addLayout(choices)

    def _facts(self) -> str:
        track = self._track
        sound = instrument_name(track.program, track.channel == DRUM_CHANNEL)
        return f"{sound}  ·  {track.notes:,} notes"

    def show_rule(self, rule: RoleRule, alike: Counter[Correction], *, can_change: bool) -> None:
        """Show the role that the rule gives, and for which tracks it was given."""
        role = role_by(rule, self._file, self._track)
        self._dot.show_role(role)
        self.role.show_value(role)
        self.role.setEnabled(can_change)
        self._scopes = scopes(self._file, self._track, role, alike) if can_change else ()
        given = [each for each in self._scopes if each.correction in rule.corrections]
        self._given = given[0].correction if given else None
        self._why.setText("you said so" if given else self._track.why)
        self._why.setToolTip(self._track.why)
        self._show_scopes(given)

    def _show_scopes(self, given: list[Scope]) -> None:
        self.scope.setVisible(bool(given))
        if given:
            self.scope.offer(
                (_scope_words(scope), number) for number, scope in enumerate(self._scopes)
            )
            self.scope.setCurrentIndex(self._scopes.index(given[0]))

    @Slot()
    def _on_role(self) -> None:
        role = str(self.role.value)
        number = max(0, self.scope.currentIndex()) if self._given else 0
        wanted = scopes(self._file, self._track, role, Counter())[number].correction
        self.corrected.emit(wanted, self._given)

    @Slot()
    def _on_scope(self) -> None:
        wanted = self._scopes[self.scope.currentIndex()].correction
        if wanted != self._given:
            self.corrected.emit(wanted, self._given)


def _scope_words(scope: Scope) -> str:
    if scope.correction.file:
        return "in this file"
    return f"in all {scope.files:,} files alike" if scope.files != 1 else "in all files alike"


class TrackList(QScrollArea):
    """All tracks of a file, and whether the file is wanted at all."""

    corrected = Signal(object, object)
    left_out = Signal(str, bool)
    """A file's path, and whether it is to be left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Tracks")
        self.lines: list[TrackLine] = []
        self._file: FileReport | None = None
        self._title = ElidedLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setFont(body_font(15, bold=True))
        self._remark = QLabel()
        self._remark.setTextFormat(Qt.TextFormat.PlainText)
        self._remark.setFont(body_font(CAPTION_SIZE))
        self._remark.setProperty("kind", "quiet")
        self._remark.setWordWrap(True)
        self.leave_out = QCheckBox("Leave this file out")
        self.leave_out.clicked.connect(self._on_leave_out)
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(12, 4, 8, 8)
        self._column.setSpacing(4)
        for widget in (self._title, self._remark, self.leave_out):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.setWidget(page)
        page.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def show_file(
        self,
        file: FileReport | None,
        roles: Sequence[str],
        rule: RoleRule,
        alike: Counter[Correction],
        *,
        can_change: bool,
    ) -> None:
        """Show a file's tracks with the roles that the rule gives them."""
        if file is not self._file:
            self._file = file
            self._rebuild(file, roles)
        for line in self.lines:
            line.show_rule(rule, alike, can_change=can_change)
        self.leave_out.setVisible(file is not None and can_change)
        if file is not None:
            self.leave_out.setChecked(rule.leaves_out(file.path))

    def _rebuild(self, file: FileReport | None, roles: Sequence[str]) -> None:
        for line in self.lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.lines = [TrackLine(file, track, roles) for track in file.tracks] if file else []
        for line in self.lines:
            line.corrected.connect(self.corrected)
            self._column.insertWidget(self._column.count() - 1, line)
        self._title.setText(file.path.rpartition("/")[2] if file else "")
        self._title.setToolTip(file.path if file else "")
        self._remark.setText(_fate(file) if file else "")

    @Slot()
    def _on_leave_out(self) -> None:
        if self._file is not None:
            self.left_out.emit(self._file.path, self.leave_out.isChecked())


def _fate(file: FileReport) -> str:
    if not file.kept:
        told = f"Not kept: {file.reason}."
    else:
        told = f"Kept: {file.bars:,} bars of {file.meter}." if file.meter else "Kept."
    return f"{told} {file.remark}".strip()
