"""The film's pictures side by side: as many as there is room for, spread over all epochs."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import CAPTION_SIZE, body_font, colour, current_theme
from desktop.train.samples.film import Film
from desktop.train.samples.painting import Frame, paint_sheet
from desktop.train.samples.sample_files import Sample
from desktop.train.samples.sheet import Extent
from desktop.widgets.icons import icon

GAP = 8
NARROWEST = 132
CAPTION_HEIGHT = 22
HEIGHTS = (84, 132)
STAR = 12
MOST_KEPT = 64
WAITING = "…"

Key = tuple[Sample, int, int, float, str, Extent]


class PictureStrip(QWidget):
    """Small piano rolls with their epochs; a press on one chooses it."""

    picked = Signal(int)
    """The place of a sample among all of them."""
    shown_changed = Signal()
    """Other pictures are shown than before."""

    def __init__(self, film: Film, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self._chosen = -1
        self._best: int | None = None
        self._places: tuple[int, ...] = ()
        self._kept: dict[Key, QPixmap] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(HEIGHTS[0])
        self.setMaximumHeight(HEIGHTS[1])
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Pictures of what it plays")
        film.developed.connect(self.update)

    @property
    def shown(self) -> tuple[Sample, ...]:
        """The samples whose pictures are shown, in order."""
        samples = self._film.samples
        return tuple(samples[place] for place in self._places if place < len(samples))

    def choose(self, place: int, best_epoch: int | None) -> None:
        """Mark the chosen sample (−1: none) and the best epoch."""
        self._chosen, self._best = place, best_epoch
        self._spread()

    def sizeHint(self) -> QSize:
        """A row of pictures."""
        return QSize(6 * NARROWEST, HEIGHTS[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room, more pictures."""
        super().resizeEvent(event)
        self._spread()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.PaletteChange):
            self._kept.clear()
            self.update()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the picture under the pointer."""
        at = event.position().toPoint()
        for place, box in zip(self._places, self._boxes(), strict=False):
            if event.button() is Qt.MouseButton.LeftButton and box.contains(at):
                self.picked.emit(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pictures, each made once."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, sample, box in zip(self._places, self.shown, self._boxes(), strict=False):
                self._paint_one(painter, sample, box, chosen=place == self._chosen)

    def _spread(self) -> None:
        room = max(2, (self.width() + GAP) // (NARROWEST + GAP))
        samples = self._film.samples
        epochs = [sample.epoch for sample in samples if sample.epoch is not None]
        best = epochs.index(self._best) if self._best in epochs else None
        before, self._places = self._places, spread(len(samples), room, self._chosen, best)
        if before != self._places:
            self.shown_changed.emit()
        self.update()

    def _boxes(self) -> list[QRect]:
        """Where the pictures lie, captions included."""
        count = max(len(self._places), 1)
        # A few pictures do not grow into posters.
        widest = (self.width() + GAP) / max(count, 4)
        return [
            QRect(round(i * widest), 0, round((i + 1) * widest) - round(i * widest) - GAP,
                  self.height())
            for i in range(count)
        ]  # fmt: skip

    def _paint_one(self, painter: QPainter, sample: Sample, box: QRect, *, chosen: bool) -> None:
        area = box.adjusted(1, 1, -1, -CAPTION_HEIGHT)
        picture = self._picture(sample, area.size())
        if picture is not None:
            painter.drawPixmap(area.topLeft(), picture)
        else:
            painter.fillRect(area, colour("window"))
            painter.setPen(colour("quiet"))
            word = "unreadable" if self._film.problem(sample) else WAITING
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, word)
        painter.setPen(QPen(colour("accent" if chosen else "line"), 2 if chosen else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, 4, 4)
        self._paint_caption(painter, sample, box, chosen=chosen)

    def _paint_caption(
        self, painter: QPainter, sample: Sample, box: QRect, *, chosen: bool
    ) -> None:
        is_best = sample.epoch is not None and sample.epoch == self._best
        text = f"{sample.name} · best" if is_best else sample.name
        painter.setFont(body_font(CAPTION_SIZE, bold=chosen))
        painter.setPen(colour("accent_text" if chosen else "quiet"))
        foot = QRect(box.left(), box.bottom() - CAPTION_HEIGHT + 3, box.width(), CAPTION_HEIGHT - 2)
        wide = painter.fontMetrics().horizontalAdvance(text)
        left = foot.center().x() - wide // 2 + (STAR // 2 + 2 if is_best else 0)
        if is_best:
            at = QPoint(left - STAR - 4, foot.center().y() - STAR // 2)
            icon("star", "accent").paint(painter, QRect(at, QSize(STAR, STAR)))
        painter.drawText(left, foot.top(), wide + 2, foot.height(),
                         Qt.AlignmentFlag.AlignVCenter, text)  # fmt: skip

    def _picture(self, sample: Sample, size: QSize) -> QPixmap | None:
        sheet, scale = self._film.sheet(sample), self.devicePixelRatioF()
        if sheet is None or size.isEmpty():
            return None
        extent = self._film.extent
        key = (sample, size.width(), size.height(), scale, current_theme().name, extent)
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            picture = QPixmap(size * scale)
            picture.setDevicePixelRatio(scale)
            with QPainter(picture) as painter:
                paint_sheet(painter, sheet, Frame(QRect(QPoint(0, 0), size), extent), scale)
            self._kept[key] = picture
        return self._kept[key]


def spread(count: int, room: int, chosen: int, best: int | None) -> tuple[int, ...]:
    """Places of up to ``room`` of ``count`` pictures: first, last, chosen, best, the rest evenly.

    Moving the choice changes only the pictures next to it.
    """
    if count <= room:
        return tuple(range(count))
    places = [round(i * (count - 1) / (room - 1)) for i in range(room)]
    for wish in (best, chosen):
        if wish is None or not 0 <= wish < count or wish in places:
            continue
        free = [i for i in range(1, room - 1) if places[i] not in (best, chosen)]
        if free:
            places[min(free, key=lambda i: abs(places[i] - wish))] = wish
    return tuple(sorted(set(places)))
