"""The pictures of the manual, from the real window: each in both themes, cut to what it tells.

Run by `screenshots.py manual`. The window has twice as many pixels then; the files are WebP
without loss.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from desktop.manual.text import picture_path
from desktop.pages.library import LibraryPage
from desktop.roll.edits import Selection
from desktop.settings.form import Section
from desktop.studio.export_dialog import ExportDialog
from engine.store.paths import shipped_models_folder

if TYPE_CHECKING:
    from screenshots import Scene

THEMES = ("dark", "light")
EDGE = 12
MODEL, BAR = "pop", 1920
_taken: dict[Path, bytes] = {}


def take_all(scene: "Scene") -> None:
    """All of them, in the order in which the window comes to them."""
    scene.until(lambda: scene.app.generator is not None)
    scene.until(lambda: scene.app.synth.problem is None)
    studio(scene)
    cards(scene)
    menus(scene)
    pages(scene)
    scene.app.close()
    write_all()


def studio(scene: "Scene") -> None:
    """The Studio empty, with takes, its transport, its chords, an open lane."""
    part = scene.studio
    both(scene, "empty", lambda: shown(scene, part.area.empty))
    for word in ("Twinkle", "Saints", "Joy"):  # the Library has something to show then
        scene.open_sample(word)
    scene.rest(8)
    scene.generate()
    scene.rest(1)
    both(scene, "studio", lambda: shown(scene, scene.window))
    both(scene, "transport", lambda: shown(scene, part.transport, right=1100))
    both(scene, "takes", lambda: shown(scene, part.panel))
    part.band.keep(0)
    part.chord_writing.write(0, "G")
    part.chord_writing.write(2 * BAR, "Em7")
    both(scene, "chords", lambda: shown(scene, part.area, right=860, bottom=190))
    open_roll(scene)
    both(scene, "editor", lambda: shown(scene, part.area))
    part.area.lanes.close_lane()


def open_roll(scene: "Scene") -> None:
    """The melody as a piano roll, with some notes selected."""
    lanes = scene.studio.area.lanes
    lanes.open_track(0)
    scene.rest(0.5)
    lanes.viewport.zoom(1.8, 0)
    notes = scene.app.document.composition.melody.notes
    lanes.editor.choose(Selection(0, frozenset(notes[4:8])))


def cards(scene: "Scene") -> None:
    """What floats over the lanes, and the dialog of an export."""
    part = scene.studio
    part.area.lanes.editor.choose(Selection(0))
    scene.do("zoom_fit")
    scene.do("timing")
    part.note_work.card.strength.set_value(60)
    both(scene, "timing", lambda: shown(scene, part.area, left=part.area.width() - 640))
    part.note_work.card.dismiss()
    scene.do("fit_bars")
    scene.until(part.bar_fitting.card.isVisible)
    both(scene, "fit-bars", lambda: shown(scene, part.bar_fitting.card))
    part.bar_fitting.card.dismiss()
    scene.do("export_wav")
    scene.rest(0.5)
    dialog = scene.qt.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    dialog.file.setText("Music/Ode to Joy.wav")  # not the folder of this machine
    dialog.format.setFocus()
    both(scene, "export", dialog.grab)
    dialog.reject()


def menus(scene: "Scene") -> None:
    """What opens over the window: a take's menu, the instruments."""
    part = scene.studio
    card = part.panel.cards[1]
    for theme in THEMES:
        use(scene, theme)
        card.menu.popup(card.mapToGlobal(card.more.geometry().bottomLeft()))
        save("more", theme, seen(scene, part.panel, part.panel.list))
        card.menu.close()
        header = part.area.column.headers[1]
        part.instruments.open(1, header.mapToGlobal(QPoint(header.width() + EDGE, -40)))
        scene.rest(0.5)
        save("instruments", theme, seen(scene, part, part.area).copy(0, 0, 1440, 1160))
        scene.qt.activePopupWidget().close()  # type: ignore[union-attr]


def pages(scene: "Scene") -> None:
    """The other pages."""
    scene.window.show_page("Library")
    scene.rest(3)
    library = scene.window.page_widget("Library")
    assert isinstance(library, LibraryPage)
    library.list.setCurrentIndex(library.list.model().index(0, 0))
    scene.rest(2)
    both(scene, "library", lambda: shown(scene, scene.window, bottom=520))
    scene.window.show_page("Train")
    scene.train.show_run(shipped_models_folder() / f"{MODEL}.run")
    scene.rest(12)  # the trainer is asked for its settings; the curves are read
    both(scene, "train", lambda: shown(scene, scene.window))
    scene.window.show_page("Settings")
    scene.rest(1)
    sections = scene.window.page_widget("Settings").findChildren(Section)
    sound = next(each for each in sections if each.accessibleName() == "Sound")
    both(scene, "settings", sound.grab)


def both(scene: "Scene", name: str, look: Callable[[], QPixmap]) -> None:
    """The same in both themes."""
    for theme in THEMES:
        use(scene, theme)
        save(name, theme, look())


def use(scene: "Scene", theme: str) -> None:
    """Another theme, and the time to paint it."""
    scene.app.change_settings(theme=theme)
    scene.rest(0.8)


def shown(
    scene: "Scene",
    part: QWidget,
    *,
    left: int = 0,
    right: int | None = None,
    bottom: int | None = None,
) -> QPixmap:
    """What the window shows where a part of it stands; the edges count from the part's own."""
    window = scene.window
    area = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
    cut = QRect(left, 0, (right or area.width()) - left, bottom or area.height())
    return window.grab(cut.translated(area.topLeft()).intersected(area))


def seen(scene: "Scene", part: QWidget, below: QWidget) -> QPixmap:
    """What the screen shows there, with what lies over the window."""
    scene.rest(0.5)
    top = below.mapToGlobal(QPoint(0, 0)).y() if below is not part else None
    area = QRect(part.mapToGlobal(QPoint(0, 0)), part.size())
    if top is not None:
        area.setTop(top)
    return scene.window.screen().grabWindow(0, area.x(), area.y(), area.width(), area.height())


def save(name: str, theme: str, picture: QPixmap) -> None:
    """Keep one, to be packed when the window is closed: that takes long."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG", 90)  # so quickly that the window goes on
    _taken[picture_path(name, theme)] = bytes(buffer.data().data())


def write_all() -> None:
    """Write what was taken, as small as it can be without loss."""
    for path, taken in _taken.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.open(BytesIO(taken)).convert("RGB").save(path, lossless=True, quality=80, method=4)
