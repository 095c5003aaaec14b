"""What a user may do next: each deed with its weight, in words that a report can repeat."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QApplication

from desktop.actions import PAGES
from engine.music.composition import Composition
from tests.soak.control_deeds import ControlDeeds
from tests.soak.file_deeds import FileDeeds
from tests.soak.lane_deeds import LaneDeeds
from tests.soak.music_deeds import MusicDeeds
from tests.soak.reach import Reach
from tests.soak.window_deeds import WindowDeeds


@dataclass(frozen=True, slots=True)
class Deed:
    """``act`` does it and tells what was done, empty where there was nothing to do it with."""

    weight: float
    act: Callable[[], str]


class Deeds:
    """Everything that a user does in the window, chosen by chance."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._window = WindowDeeds(reach)
        self._controls = ControlDeeds(reach, self._window.use_palette)
        self._files = FileDeeds(reach)
        self._in_studio = self._studio_deeds()
        self._elsewhere = self._deeds_elsewhere()

    def _studio_deeds(self) -> tuple[Deed, ...]:
        lanes, controls = LaneDeeds(self._reach), self._controls
        music = MusicDeeds(self._reach)
        return (
            Deed(22, lanes.drag_in_lanes),
            Deed(3, lanes.drag_chosen),
            Deed(1.5, lanes.drag_out),
            Deed(2, lanes.break_gesture),
            Deed(5, lanes.double_click_lanes),
            Deed(3, lanes.turn_wheel),
            Deed(3, lanes.take_tool),
            Deed(3, lanes.mark_bars),
            Deed(14, controls.press_key),
            Deed(10, controls.trigger_action),
            Deed(9, controls.use_control),
            Deed(6, controls.undo_and_redo),
            Deed(1, controls.open_menu),
            Deed(3, music.play_keyboard),
            Deed(1.5, music.record),
            Deed(2, music.write_chord),
            Deed(0.6, music.ask_band),
            Deed(1.5, music.use_take),
            *self._anywhere(0.7),
        )

    def _deeds_elsewhere(self) -> tuple[Deed, ...]:
        controls, window = self._controls, self._window
        return (
            Deed(6, controls.use_control),
            Deed(1, controls.press_key),
            Deed(3, window.use_library),
            Deed(2, window.show_page),
            Deed(2, window.go_back),
            *self._anywhere(1.0),
        )

    def _anywhere(self, weight: float) -> tuple[Deed, ...]:
        window, files = self._window, self._files
        often = (window.show_page, window.resize, window.wait, window.rest)
        seldom = (
            *(window.change_theme, window.find_command, window.read_manual, window.look_away),
            *(window.copy_elsewhere, files.open_song, files.drop),
        )
        return (
            *(Deed(weight, act) for act in often),
            *(Deed(0.4 * weight, act) for act in seldom),
        )

    def shown(self) -> Composition:
        """What is seen and heard."""
        return self._reach.page.desk.shown

    def do_one(self) -> str:
        """Do something that can be done now, and tell what."""
        for _ in range(20):
            told = self._next()()
            if told:
                return told
        return "nothing"

    def use_popup(self) -> str:
        """Choose in what stands in the way of all else."""
        return self._controls.use_popup()

    def _next(self) -> Callable[[], str]:
        if QApplication.activePopupWidget() is not None:
            return self._controls.use_popup
        if QApplication.activeModalWidget() is not None:
            return self._controls.use_dialog
        deeds = self._in_studio if self._reach.window.page == PAGES[0] else self._elsewhere
        weights = [deed.weight for deed in deeds]
        return self._reach.hand.chance.choices(deeds, weights)[0].act
