"""The similarity index and the measures, beside those of people."""

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.learn.brush import CENTRE, LEFT, RIGHT, FloatArray, write
from desktop.learn.course import Course
from desktop.learn.example import STEPS_PER_BEAT, Example, sample_tunes
from desktop.learn.material import Material
from desktop.learn.picture import Picture
from desktop.theme import colour
from engine.data.measures import Segment, histograms, overlap

HISTOGRAMS = {
    "pitch_class": "Notes of the scale",
    "interval": "Leaps",
    "duration": "Lengths",
    "onset_position": "Place in the bar",
    "polyphony": "How many at once",
}
ROWS = {
    "chord_tones": ("Chord tones", " %"),
    "out_of_key": ("Out of key", " %"),
    "dissonant_steps": ("Dissonant steps", " %"),
    "harmonic_clarity": ("Harmonic clarity", " %"),
    "long_notes": ("Long notes", " %"),
    "notes_per_bar": ("Notes a bar", ""),
    "polyphony": ("Notes at once", ""),
    "similarity": ("Similarity index", ""),
}
TWO_TUNES = "Two tunes"
THIS_RUN = "This run"


class MeasuresPicture(Picture):
    """Two tunes' statistics over each other, or the run's measures beside people's."""

    def build(self) -> None:
        """Which of the two, and which tunes."""
        names = [tune.title for tune in sample_tunes()]
        self.kind = self.add_choices((TWO_TUNES, THIS_RUN), 0)
        self.add_row()
        self.first = self.add_list("First tune", names)
        self.second = self.add_list("Second tune", names)
        self.second.setCurrentIndex(len(names) - 1)
        self.take(self.material)

    def take(self, material: Material) -> None:
        """A run that was measured comes first."""
        if self._course is not None:
            self.kind.button(1).setChecked(True)

    @property
    def _course(self) -> Course | None:
        course = self.material.course
        return course if course is not None and course.measures else None

    @property
    def _shows_run(self) -> bool:
        return self.kind.checkedId() == 1

    @property
    def tunes(self) -> tuple[Example, Example]:
        """The two that are compared."""
        tunes = sample_tunes()
        return tunes[self.first.currentIndex()], tunes[self.second.currentIndex()]

    @property
    def overlaps(self) -> dict[str, float]:
        """The overlapped area of each statistic, 0 to 1."""
        one, two = (histograms([segment_of(tune)]) for tune in self.tunes)
        return {name: overlap(one[name], two[name]) for name in HISTOGRAMS}

    def paint(self, painter: QPainter, box: QRectF) -> None:
        """Histograms or a table."""
        course = self._course
        if not self._shows_run:
            self._paint_tunes(painter, box)
        elif course is not None:
            self._paint_table(painter, box, course)
        else:
            words = "The run's measures appear here after they were taken for the first time."
            write(painter, box.adjusted(40, 0, -40, 0), words, "quiet", CENTRE, 13)

    def _paint_tunes(self, painter: QPainter, box: QRectF) -> None:
        one, two = (histograms([segment_of(tune)]) for tune in self.tunes)
        tall = box.height() / len(HISTOGRAMS)
        for row, (name, label) in enumerate(HISTOGRAMS.items()):
            top = box.top() + row * tall
            place = QRectF(box.left(), top, 110, tall - 8)
            write(painter, place, label, "text", LEFT)
            chart = QRectF(box.left() + 114, top, box.width() - 160, tall - 8)
            paint_histograms(painter, chart, one[name], two[name])
            share = QRectF(box.right() - 40, top, 40, tall - 8)
            write(painter, share, f"{overlap(one[name], two[name]):.2f}", "text", RIGHT, 13)

    def _paint_table(self, painter: QPainter, box: QRectF, course: Course) -> None:
        model, rows = course.measures[-1], course.references
        people, other = rows.get("human", {}), rows.get("other_song", {})
        names = [name for name in ROWS if name in model]
        columns = ("", "this model", "people", "another song")
        widths = [0.4, 0.2, 0.2, 0.2]
        tall = min(34.0, box.height() / (len(names) + 1))
        for index, name in enumerate(["", *names]):
            label, unit = ROWS.get(name, ("", ""))
            cells = (label, *(_figure(each, name, unit) for each in (model, people, other)))
            left = box.left()
            for column, share in enumerate(widths):
                wide = box.width() * share
                place = QRectF(left, box.top() + index * tall, wide - 4, tall)
                words = columns[column] if index == 0 else cells[column]
                role = ("text", "text", "good_text", "quiet")[column] if index else "quiet"
                write(painter, place, words, role, RIGHT if column else LEFT, 13)
                left += wide
            painter.fillRect(
                QRectF(box.left(), box.top() + (index + 1) * tall, box.width(), 1), colour("line")
            )

    def told(self) -> str:
        """The index of what is shown."""
        course = self._course
        for box in (self.first, self.second):
            box.setVisible(not self._shows_run)
        if self._shows_run:
            if course is None:
                return "No run that was measured is shown."
            ceiling = f" Two halves of the data: {course.ceiling:.2f}." if course.ceiling else ""
            found = course.measures[-1].get("similarity")
            said = "" if found is None else f" Similarity index {found:.2f}."
            return f"{course.name}, epoch {course.epochs[-1]}, on held-out songs.{said}{ceiling}"
        one, two = self.tunes
        index = float(np.mean(list(self.overlaps.values())))
        return f"{one.title} against {two.title}: their mean overlap is {index:.2f}."


def segment_of(tune: Example) -> Segment:
    """A tune as the measures see music: here its melody is what is counted."""
    melody = tune.melody.notes
    steps = tune.steps // STEPS_PER_BEAT * STEPS_PER_BEAT
    return Segment(melody, (melody,), steps, tune.steps_per_bar)


def paint_histograms(painter: QPainter, box: QRectF, one: FloatArray, two: FloatArray) -> None:
    """Two histograms in one chart; what both cover is the overlap."""
    used = np.flatnonzero(one + two)
    first, last = (int(used[0]), int(used[-1])) if len(used) else (0, 0)
    a, b = (h[first : last + 1] / max(1.0, h.sum()) for h in (one, two))
    top, width = max(a.max(), b.max(), 1e-9), box.width() / len(a)
    painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), colour("bar_line"))
    for index, (x, y) in enumerate(zip(a, b, strict=True)):
        left = box.left() + index * width
        for value, paint in (
            (x, colour("melody", 0.30)),
            (y, colour("bass", 0.30)),
            (min(x, y), colour("good", 0.85)),
        ):
            tall = float(value / top) * box.height()
            painter.fillRect(QRectF(left, box.bottom() - tall, width - 1, tall), paint)


def _figure(row: Mapping[str, float], name: str, unit: str) -> str:
    value = row.get(name, row.get("similarity_index") if name == "similarity" else None)
    if name == "" or value is None or not np.isfinite(value):
        return "" if name == "" else "–"
    return f"{value:.2f}" if name in ("similarity", "polyphony") else f"{value:.1f}{unit}"
