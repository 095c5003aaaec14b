"""A chart with its title, its legend and the sentence that says what is seen."""

import math
from abc import abstractmethod

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop import theme
from desktop.train.plots.chart_area import ChartArea
from desktop.train.plots.legend import Legend, LegendEntry
from desktop.train.plots.look import Look
from desktop.train.plots.picture import Line, Picture, Range, value_at
from desktop.train.plots.x_scale import place_in_words
from desktop.widgets.elided_label import ElidedLabel

GLYPHS = {
    "disc": "●",
    "square": "■",
    "triangle": "▲",
    "diamond": "◆",
    "cross": "✚",
    "drop": "▼",
    "star": "★",
    "bar": "▬",
}
SENTENCE_LINES = 2
NEAR = 0.006  # share of the width around a mark


class CurveCard(QFrame):
    """One chart of a run. What it draws is made by `picture`."""

    def __init__(
        self, title: str, explained: str, *, many: bool = False, parent: QWidget | None = None
    ) -> None:
        """``explained`` says to a learner what the curves are.

        The names of ``many`` curves stand beside them, or they would leave them no height.
        """
        super().__init__(parent)
        self.setProperty("kind", "section")
        self.title = title
        self._look: Look | None = None
        self._seen: tuple[object, ...] = ()
        self._y_window: Range | None = None
        self._keys: dict[str, Line] = {}
        self._heading = QLabel(title)
        self._heading.setFont(theme.body_font(bold=True))
        self._heading.setToolTip(explained)
        self._caption = ElidedLabel("")
        self._caption.setProperty("kind", "caption")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.area = ChartArea(title)
        self.legend = Legend(column=many)
        self._sentence = QLabel()
        self._sentence.setWordWrap(True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sentence.setProperty("kind", "quiet")
        self._build(many)
        self.area.y_asked.connect(self._take_height)
        self.legend.hidden_changed.connect(self._redraw)

    def _build(self, many: bool) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._heading)
        top.addWidget(self._caption, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 8)
        column.setSpacing(4)
        column.addLayout(top)
        middle = QHBoxLayout() if many else QVBoxLayout()
        middle.setSpacing(12 if many else 4)
        middle.addWidget(self.area, 1)
        middle.addWidget(self.legend)
        column.addLayout(middle, 1)
        column.addWidget(self._sentence)
        # Room for two lines, also for a short one: little moves when the sentence changes.
        height = self._sentence.fontMetrics().lineSpacing() * SENTENCE_LINES
        self._sentence.setMinimumHeight(height + 2)

    @property
    def sentence(self) -> str:
        """What the curves say."""
        return self._sentence.text()

    @property
    def caption(self) -> str:
        """The words beside the title."""
        return self._caption.text()

    @property
    def entries(self) -> tuple[str, ...]:
        """What the legend says."""
        return self.legend.texts

    def say(self, sentence: str, caption: str) -> None:
        """Put what is seen into words."""
        if sentence != self._sentence.text():
            self._sentence.setText(sentence)
            self._sentence.setToolTip(sentence)
            self.area.setAccessibleDescription(sentence)
        if caption != self._caption.text():
            self._caption.setText(caption)
            self._caption.setToolTip(caption)

    def show_look(self, look: Look) -> None:
        """Draw the run as it is now."""
        seen = self.seen(look)
        if self._look is not None and seen == self._seen:
            self._look = look
            return
        self._look, self._seen = look, seen
        self.area.limits, self.area.least = look.everything, look.narrowest
        self._keys = {}
        picture = self.picture(look, self._y_window)
        self.area.draw(picture)
        self.legend.show_entries(*self.legend_entries(look))
        if self.area.place is not None:
            self.point_at(self.area.place)

    def seen(self, look: Look) -> tuple[object, ...]:
        """All that the picture depends on: where that is the same nothing is drawn anew."""
        runs = tuple((run, run.name, run.curves.version) for run in look.runs)
        return (
            *(look.unit, look.window, look.everything, look.width, runs),
            *(self._y_window, self.legend.hidden, self.legend.known, self.area.size()),
            theme.current_theme().name,
        )

    @abstractmethod
    def picture(self, look: Look, height: Range | None) -> Picture:
        """What is to be drawn; each line that has an entry is told to `note`."""

    @abstractmethod
    def legend_entries(self, look: Look) -> tuple[list[LegendEntry], frozenset[str]]:
        """The legend, and the keys of those that are hidden at first."""

    def note(self, name: str, line: Line) -> Line:
        """Remember a line under its name, for the words under the pointer."""
        self._keys[name] = line
        return line

    @property
    def pixels(self) -> int:
        """How many pixels wide the lines are drawn."""
        return max(64, int(self.area.frame.width()))

    @property
    def height_chosen(self) -> Range | None:
        """The heights that the user chose to see."""
        return self._y_window

    @property
    def zoomed(self) -> bool:
        """Whether the height was chosen by hand."""
        return self._y_window is not None

    def forget_height(self) -> None:
        """All heights again, for another run."""
        self._y_window = None

    @Slot(object)
    def _take_height(self, asked: Range | None) -> None:
        self._y_window = asked
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        if self._look is not None:
            self.show_look(self._look)

    def point_at(self, place: float | None) -> None:
        """Show what stands at a place along x."""
        words = "" if place is None or self._look is None else self._words_at(self._look, place)
        self.area.point_at(place, words)

    def _words_at(self, look: Look, place: float) -> str:
        head = place_in_words(look.unit, place)
        if look.unit != "steps" and (scale := look.scale(look.main)) is not None:
            head += f" · step {round(float(scale.steps_at(place))):,}"
        rows = "".join(
            _row(name, line, value)
            for name, line in self._keys.items()
            if math.isfinite(value := value_at(line, place))
        )
        head += "".join(f"<br>{words}" for words in self._marks_near(place))
        quiet = theme.colour("quiet").name()
        return f'<span style="color:{quiet}">{head}</span><table cellspacing="0">{rows}</table>'

    def _marks_near(self, place: float) -> list[str]:
        """What happened to the run at a place along x."""
        picture = self.area.picture
        if picture is None:
            return []
        reach = NEAR * (picture.x_range[1] - picture.x_range[0])
        told = (("taken up again here", picture.seams), ("checkpoint", picture.checkpoints))
        return [
            words for words, places in told if any(abs(each - place) <= reach for each in places)
        ]


def _row(name: str, line: Line, value: float) -> str:
    ink = theme.colour(line.role).name()
    return (
        f'<tr><td style="color:{ink}">{GLYPHS[line.mark or "disc"]}&nbsp;</td>'
        f'<td>{_escaped(name)}&nbsp;&nbsp;</td><td align="right">{number(value)}</td></tr>'
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def number(value: float) -> str:
    """A loss or an index as it is read: three digits that matter."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return f"{value:,.{digits}f}".replace("-", "−")
