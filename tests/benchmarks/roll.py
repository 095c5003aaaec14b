"""How long a frame of the lanes takes with 100,000 notes, beside a naive scene of items."""

import random
import time
from collections.abc import Callable
from statistics import quantiles

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsScene, QWidget

from desktop.freed_memory import keep_freed_memory
from desktop.roll.edits import Selection
from desktop.roll.gestures import MoveNotes, SelectInBand
from desktop.roll.lane import LaneSize
from desktop.roll.lanes import LanesView
from desktop.roll.velocity_gestures import DrawVelocities
from desktop.theme import apply_theme, colour, track_role
from engine.music.composition import Composition
from engine.music.note import Note
from engine.music.track import Track, make_track
from tests.benchmarks.rows import Row

NOTES = 100_000
FRAME_BUDGET_MS = 8.0
WIDTH, HEIGHT = 1100, 560
_FRAMES = 120


def composition(notes: int = NOTES) -> Composition:
    """A melody, bass, chords, counter-melody and drums with so many notes in all."""
    chance = random.Random(1)
    parts = (("Melody", 60, 84), ("Bass", 28, 48), ("Chords", 48, 76), ("Counter", 64, 88))
    tracks = [_track(chance, name, low, high, notes // 5) for name, low, high in parts]
    drums = _track(chance, "Drums", 35, 46, notes // 5)
    return Composition(
        tracks=(*tracks, make_track("Drums", drums.notes, is_drum=True)),
    )


def _track(chance: random.Random, name: str, low: int, high: int, notes: int) -> Track:
    made = [
        Note(120 * i, chance.randint(low, high), chance.choice((60, 120, 240)), 40 + i % 80)
        for i in range(notes)
    ]
    return make_track(name, made)


def run() -> list[Row]:
    """Frame times of the real widget, rendered to an image, and of the scene."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication([])
    apply_theme(app, "dark")
    keep_freed_memory()  # as the window does
    music = composition()
    view = LanesView()
    view.resize(WIDTH, HEIGHT)
    load_ms = _timed(lambda: view.set_composition(music))
    rows = [Row("roll: show 100,000 notes", load_ms, "ms")]
    image = _image()
    _render(view, image)
    rows += _scrolling(view, image, "16 bars in view", 9)
    view.viewport.zoom(1 / 16, 0)
    rows += _scrolling(view, image, "256 bars in view", 9)
    view.viewport.zoom(1 / 1000, 0)
    rows += _zooming(view, image)
    rows += _playing(view, image)
    rows += _editing(view, image)
    view.deleteLater()
    return rows + _naive(music, image)


def _scrolling(view: LanesView, image: QImage, name: str, pixels: int) -> list[Row]:
    def scroll() -> None:
        view.viewport.scroll_by(pixels, 0)
        _render(view, image)

    view.viewport.across.setValue(0)
    _render(view, image)
    work: list[float] = []
    times = []
    for _ in range(_FRAMES):
        began = time.thread_time()
        times.append(_timed(scroll))
        work.append((time.thread_time() - began) * 1000)
    assert view.axis.offset >= (_FRAMES - 1) * pixels, "The view did not scroll."
    jump = f"roll: jump, {name}, everything anew"
    jumps = [_own(lambda: _jump(view, image)) for _ in range(20)]
    return [
        Row(f"roll: scroll, {name}, median frame", _median(times), "ms", FRAME_BUDGET_MS),
        Row(f"roll: scroll, {name}, median, own CPU time", _median(work), "ms", FRAME_BUDGET_MS),
        Row(f"roll: scroll, {name}, 99 %, own CPU time", _worst(work), "ms", FRAME_BUDGET_MS),
        Row(f"roll: scroll, {name}, 99 %, by the clock", _worst(times), "ms"),
        Row(f"{jump}, median, own CPU time", _median(jumps), "ms", FRAME_BUDGET_MS),
    ]


def _jump(view: LanesView, image: QImage) -> None:
    far = view.axis.offset + 2 * WIDTH
    view.viewport.across.setValue(far if far < view.viewport.across.maximum() else 0)
    _render(view, image)


def _zooming(view: LanesView, image: QImage) -> list[Row]:
    def zoom() -> None:
        view.viewport.zoom(1.1, WIDTH / 3)
        _render(view, image)

    name = "roll: zoom from the whole song to a bar"
    times = [_own(zoom) for _ in range(90)]
    return [
        Row(f"{name}, median, own CPU time", _median(times), "ms", FRAME_BUDGET_MS),
        Row(f"{name}, worst frame, own CPU time", max(times), "ms", FRAME_BUDGET_MS),
    ]


def _playing(view: LanesView, image: QImage) -> list[Row]:
    view.zoom_to_fit()
    view.viewport.across.setValue(0)
    ticks = iter(range(0, 100_000, 32))

    def advance() -> None:
        view.set_position(next(ticks))
        _render(view, image)

    name = "roll: playing, notes glowing, whole widget"
    times = [_own(advance) for _ in range(_FRAMES)]
    return [
        Row(f"{name}, median, own CPU time", _median(times), "ms", FRAME_BUDGET_MS),
        Row(f"{name}, 99 %, own CPU time", _worst(times), "ms", FRAME_BUDGET_MS),
    ]


def _editing(view: LanesView, image: QImage) -> list[Row]:
    """An open lane with the other tracks' notes behind it: all is seen, selected, dragged."""
    rows = []
    for name, ticks in (("16 bars", 16 * 1920), ("the whole song", 120 * NOTES // 5)):
        view.set_lane_size(0, LaneSize.OPEN)
        view.viewport.show_span(0, ticks)
        view.fit_pitches(range(60, 85))
        for act, begin in _ACTS.items():
            step = begin(view)
            rows += _worked(view, image, f"roll: editor, {name}, {act}", step)
            view._pointer.cancel()
    view.close_lane()
    return rows


def _worked(view: LanesView, image: QImage, title: str, step: Callable[[int], object]) -> list[Row]:
    """How long frames take in which a gesture goes on by a step."""
    _render(view, image)
    work = []
    for index in range(_STEPS):
        began = time.thread_time()
        step(index)
        _render(view, image)
        work.append((time.thread_time() - began) * 1000)
    return [
        Row(f"{title}, median, own CPU time", _median(work), "ms", FRAME_BUDGET_MS),
        Row(f"{title}, 99 %, own CPU time", _worst(work), "ms", FRAME_BUDGET_MS),
    ]


def _scroll_rows(view: LanesView) -> Callable[[int], object]:
    return lambda index: view.scroll_by(0, 7 if index % 2 else -7)


def _scroll_time(view: LanesView) -> Callable[[int], object]:
    return lambda index: view.scroll_by(9 if index < _STEPS / 2 else -9, 0)


def _draw_band(view: LanesView) -> Callable[[int], object]:
    top = view.ruler_height()
    lane = view.lanes[0]
    view._pointer._gesture = SelectInBand(view, lane, QPointF(0, 0), keep=False)
    return lambda index: _move(view, WIDTH * (index + 1) / _STEPS, top + 300)


def _drag_all(view: LanesView) -> Callable[[int], object]:
    notes = view.editor.composition.tracks[0].notes
    view.editor.choose(Selection(0, frozenset(notes)))
    view._pointer._gesture = MoveNotes(view, view.lanes[0], notes[0], QPointF(0, 200))
    return lambda index: _move(view, 12 + 3 * index, view.ruler_height() + 200 - index % 40)


def _draw_velocities(view: LanesView) -> Callable[[int], object]:
    view.editor.choose(Selection(0))
    lane = view.lanes[0]
    start = QPointF(0, lane.velocity_top + 30)
    view._pointer._gesture = DrawVelocities(view, lane, start)
    y = view.ruler_height() + lane.velocity_top
    return lambda index: _move(view, WIDTH * (index + 1) / _STEPS, y + 20 + index % 30)


def _move(view: LanesView, x: float, y: float) -> None:
    view._pointer.move(QPointF(x, y), Qt.KeyboardModifier.NoModifier)


_STEPS = 60
_ACTS = {
    "scroll the rows": _scroll_rows,
    "scroll in time": _scroll_time,
    "draw a band over everything": _draw_band,
    "drag all notes of the track": _drag_all,
    "draw velocities": _draw_velocities,
}


def _naive(music: Composition, image: QImage) -> list[Row]:
    """One item a note in a `QGraphicsScene`: what the lanes are not."""
    scene = QGraphicsScene()
    built_ms = _timed(lambda: _build(scene, music))
    frames = iter(range(6))

    def scroll() -> None:
        source = QRectF(9 * next(frames), 0, 256 * 4 * 480 / 32, HEIGHT)
        _render_scene(scene, image, source)

    times = [_timed(scroll) for _ in range(6)]
    scene.clear()
    return [
        Row("naive scene: show 100,000 notes", built_ms, "ms"),
        Row("naive scene: scroll, 256 bars in view, median frame", _median(times[1:]), "ms"),
    ]


def _build(scene: QGraphicsScene, music: Composition) -> None:
    for index, track in enumerate(music.tracks):
        ink = colour(track_role(index, track.name, track.program, track.is_drum))
        for note in track.notes:
            box = QRectF(note.start / 32, 127.0 - note.pitch, note.duration / 32, 1.0)
            scene.addRect(box, Qt.PenStyle.NoPen, ink)


def _render_scene(scene: QGraphicsScene, image: QImage, source: QRectF) -> None:
    painter = QPainter(image)
    scene.render(painter, QRectF(0, 0, WIDTH, HEIGHT), source, Qt.AspectRatioMode.IgnoreAspectRatio)
    painter.end()


def _image() -> QImage:
    return QImage(WIDTH, HEIGHT, QImage.Format.Format_ARGB32_Premultiplied)


def _render(widget: QWidget, image: QImage) -> None:
    widget.render(image)


def _timed(work: Callable[[], object]) -> float:
    """Milliseconds that ``work`` takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _own(work: Callable[[], object]) -> float:
    """Milliseconds of the processor that ``work`` takes on this thread."""
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1000


def _median(times: list[float]) -> float:
    return quantiles(times, n=2)[0]


def _worst(times: list[float]) -> float:
    return quantiles(times, n=100)[98]
