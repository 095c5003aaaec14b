"""Overdub, punch and loops in the window: what is played on a keyboard stands where it was heard.

This machine's sound server loses what a program says that is held up: what did not come through
whole, or not in time, is taken back and played again.
"""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import TypeVar

import pytest

from desktop.roll.transform import LEFT_MARGIN, fitting
from engine.music.composition import Composition
from engine.music.recorded import PlayedPass, Recorded
from engine.music.track import SUSTAIN
from tests.flows import odd_music, shelf
from tests.flows.conftest import Start
from tests.flows.ear import BEATS_PER_MINUTE, Ear
from tests.flows.odd_music import QUARTER
from tests.flows.performance import NOTE_OFF, NOTE_ON, Messages
from tests.flows.studio import SETTLED_SECONDS, Studio, until
from tests.jack_server import SAMPLE_RATE, JackProbe

CONTROL = 0xB0
BAR = 4 * QUARTER
SECOND = BEATS_PER_MINUTE / 60 * QUARTER
BARS_IN_VIEW = 8
TRIES = 4
LOST_SECONDS = 20.0
# A period of the server is 21 ms; what is heard late by all of it would be two of them off.
ASTRAY_SECONDS = 0.025
STRUCK, HELD = 90, 0.4
Struck = tuple[float, int]
"""The beat and the pitch of a key that is struck, in quarter notes from the end of the count-in."""
Value = TypeVar("Value")


@pytest.mark.timeout(600)
def test_overdub_punch_and_loop_keep_what_was_played_where_it_was_heard(
    start: Start, keyboard: JackProbe, ear: Ear, tmp_path: Path
) -> None:
    studio = start(odd_music.write(tmp_path / "scale.mid", odd_music.quarters(16)))
    studio.wait_opened("scale")
    studio.find("Audio 48 kHz", kind="StatusChip")
    studio.find_chip(f"{keyboard.name}:out")
    studio.press("n")  # snap
    player = Keys(studio, keyboard, ear)
    an_overdub_is_laid_over_the_melody(player)
    a_punch_changes_the_marked_bar_and_the_music_plays_on(player)
    a_loop_keeps_every_pass_and_another_can_be_chosen(player)
    studio.quit()


class Keys:
    """Somebody at the keyboard, who plays to what is heard of the studio."""

    def __init__(self, studio: Studio, keyboard: JackProbe, ear: Ear) -> None:
        self.studio = studio
        self._keyboard = keyboard
        self._ear = ear

    def record(self, struck: Sequence[Struck], pedal: Sequence[tuple[float, int]] = ()) -> None:
        """Record from the start, and play these once the count-in is over."""
        self.studio.press("Home")
        self._ear.listen()
        self._ear.wait_for_silence()
        self._ear.listen()
        self.studio.press("r")
        begin, messages = self._ear.count_in(), messages_of(struck, pedal)
        self._keyboard.play_from(begin, messages)
        assert self._keyboard.now() < begin + messages[0][0] * SAMPLE_RATE, "That was too late."

    def wait_recorded(self, count: int) -> None:
        """Wait until the recording holds so many messages."""

        def there() -> int:
            return len(shelf.journal(self.studio.home))

        until(
            lambda: there() >= count,
            f"{count} messages",
            lambda: f"{there()} came.",
            LOST_SECONDS,
        )

    def tried(self, attempt: Callable[[], Value]) -> Value:
        """Its result; anew, with all taken back, where something was lost on the way."""
        before = the_song(self.studio)
        for number in range(TRIES):
            try:
                return attempt()
            except AssertionError:
                if number == TRIES - 1:
                    raise
                self._take_back(before)
        raise AssertionError("It was tried at least once.")

    def _take_back(self, before: Composition) -> None:
        studio = self.studio
        studio.press("Escape")
        until(lambda: not shelf.recordings(studio.home), "the end of the recording")
        time.sleep(SETTLED_SECONDS)  # its edit may be on its way
        if the_song(studio) != before:
            studio.press("ctrl+z")
            until(lambda: the_song(studio) == before, "the song as it was before")


def an_overdub_is_laid_over_the_melody(player: Keys) -> None:
    studio, before = player.studio, the_song(player.studio)
    struck = [(1.0, 84), (2.5, 88), (3.0, 86)]
    studio.press("o")

    def attempt() -> Composition:
        player.record(struck, [(1.25, 127), (2.75, 0)])
        player.wait_recorded(2 * len(struck) + 2)
        studio.press("Escape")
        after = changed(studio, before)
        assert on_the_grid(after) == sorted([*on_the_grid(before), *placed(struck)])
        (played,) = after.recorded[-1].passes
        stands_where_it_was_heard(played, struck)
        assert pedal_of(played) == [127, 0]
        return after

    after = player.tried(attempt)
    assert after.recorded[-1].under is not None
    assert [e.value for e in after.melody.controls if e.number == SUSTAIN] == [127, 0]
    studio.press("shift+q")  # back to what was played
    raw = changed(studio, after)
    played = after.recorded[-1].passes[0].notes
    assert set(raw.melody.notes) == {*before.melody.notes, *played} != set(after.melody.notes)
    taken_back_and_done_again(studio, raw, after)
    studio.press("ctrl+z")
    until(lambda: the_song(studio) == after, "what was drawn to the grid")
    taken_back_and_done_again(studio, after, before)
    studio.press("o")


def a_punch_changes_the_marked_bar_and_the_music_plays_on(player: Keys) -> None:
    studio, before = player.studio, the_song(player.studio)
    mark_bar(studio, 2)
    studio.press("p")
    within, around = [(4.0, 90), (5.5, 91)], [(2.0, 92), (8.25, 93)]

    def attempt() -> Composition:
        player.record(sorted([*around, *within]))
        after = changed(studio, before, LOST_SECONDS)
        assert not shelf.recordings(studio.home)
        until(lambda: bar_shown(studio) >= 4, "the music after the punch")
        studio.press("Escape")
        kept = [each for each in on_the_grid(before) if not BAR <= each[0] < 2 * BAR]
        assert on_the_grid(after) == sorted([*kept, *placed(within)])
        stands_where_it_was_heard(after.recorded[-1].passes[0], within)
        return after

    taken_back_and_done_again(studio, player.tried(attempt), before)


def a_loop_keeps_every_pass_and_another_can_be_chosen(player: Keys) -> None:
    studio, before = player.studio, the_song(player.studio)
    studio.press("shift+p")
    passes = [[(1.0, 81), (3.0, 76)], [(1.5, 82)], [(2.0, 83)]]
    struck = [(4 * n + beat, pitch) for n, each in enumerate(passes) for beat, pitch in each]

    def attempt() -> Composition:
        player.record(struck, [(4.5, 127), (6.5, 0)])
        player.wait_recorded(2 * len(struck) + 2)
        studio.press("Escape")
        after = changed(studio, before)
        found = after.recorded[-1]
        assert len(found.passes) == len(passes)
        for played, wanted in zip(found.passes, passes, strict=True):
            stands_where_it_was_heard(played, [(4 + beat, pitch) for beat, pitch in wanted])
        assert [pedal_of(each) for each in found.passes] == [[], [127, 0], []]
        return after

    after = player.tried(attempt)
    studio.wait_told("3 passes are kept.")
    studio.click_settled("Choose")
    number = 0 if after.recorded[-1].sounding != (0,) else 2
    studio.click(studio.find(f"Pass {number + 1} "))
    studio.click(studio.find("Use this one"))
    other = changed(studio, after)
    wanted = placed((4 + beat, pitch) for beat, pitch in passes[number])
    assert [each for each in on_the_grid(other) if BAR <= each[0] < 2 * BAR] == wanted
    assert heard_passes(other.recorded[-1]) == [number]
    studio.press("ctrl+z")
    until(lambda: the_song(studio) == after, "the pass that sounded before")
    taken_back_and_done_again(studio, after, before)


def messages_of(struck: Iterable[Struck], pedal: Iterable[tuple[float, int]]) -> Messages:
    """Keys struck for a moment, and the pedal's values, by the second."""
    beat = 60 / BEATS_PER_MINUTE
    messages = [(at * beat, (CONTROL, SUSTAIN, value)) for at, value in pedal]
    for at, pitch in struck:
        messages.append((at * beat, (NOTE_ON, pitch, STRUCK)))
        messages.append(((at + HELD) * beat, (NOTE_OFF, pitch, 64)))
    return sorted(messages)


def stands_where_it_was_heard(played: PlayedPass, struck: Sequence[Struck]) -> None:
    """As played, by ticks: all of it, each key within a part of a sixteenth of its beat."""
    assert [(note.pitch, note.velocity) for note in played.notes] == [
        (pitch, STRUCK) for _, pitch in struck
    ]
    astray = [
        (note.start - beat * QUARTER) / SECOND
        for note, (beat, _) in zip(played.notes, struck, strict=True)
    ]
    assert abs(median(astray)) < ASTRAY_SECONDS, astray


def placed(struck: Iterable[Struck]) -> list[tuple[int, int]]:
    return [(round(beat * QUARTER), pitch) for beat, pitch in struck]


def on_the_grid(song: Composition) -> list[tuple[int, int]]:
    return [(note.start, note.pitch) for note in song.melody.notes]


def pedal_of(played: PlayedPass) -> list[int]:
    return [event.value for event in played.controls if event.number == SUSTAIN]


def heard_passes(recorded: Recorded) -> list[int]:
    return list(recorded.sounding)


def the_song(studio: Studio) -> Composition:
    return until(lambda: shelf.compositions(studio.home), "the song in the library")[-1]


def changed(studio: Studio, before: Composition, patience_seconds: float = 60.0) -> Composition:
    """The song, once it is another."""
    until(lambda: the_song(studio) != before, "an edit", patience_seconds=patience_seconds)
    return the_song(studio)


def taken_back_and_done_again(studio: Studio, after: Composition, before: Composition) -> None:
    """One step of Undo, and one of Redo."""
    studio.press("ctrl+z")
    until(lambda: the_song(studio) == before, "the song as it was before")
    studio.press("ctrl+shift+z")
    until(lambda: the_song(studio) == after, "the song as it was after")


def mark_bar(studio: Studio, bar: int) -> None:
    """Drag over a bar in the strip above the bar numbers."""
    lanes = studio.find("", kind="LanesView")
    axis = fitting(BARS_IN_VIEW * BAR, lanes.wide)
    left, y = lanes.x - lanes.wide // 2 + LEFT_MARGIN, lanes.y - lanes.high // 2 + 8
    first, last = (left + round(each * BAR * axis.pixels_per_tick) for each in (bar - 1, bar))
    studio.drag((first + 12, y), (last - 12, y))
    studio.find(f"Loop {bar}", kind="QToolButton")


def bar_shown(studio: Studio) -> int:
    """Where the playhead stands; 0 while it is counted in."""
    numbers = re.findall(r"\d+", studio.find("", kind="PositionLabel").says)
    return int(numbers[0]) if len(numbers) == 3 else 0
