"""A song as one page for a browser: its sound, its notes and the card of the model that played.

The page holds all it needs and asks no other machine for anything: its own policy forbids it.
What a user or a model's card says stands in it as text alone, escaped.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from engine.errors import FileError
from engine.files.atomic import write_atomically
from engine.files.file_names import safe_name
from engine.files.midi_export import midi_bytes
from engine.files.rendering import heard_tracks
from engine.music.composition import Composition
from engine.music.general_midi import instrument_name
from engine.music.note import Note
from engine.music.ticks import TempoMap, meter_map, tempo_map
from engine.music.track import Track

SCALE = 60  # pixels a second
LANE, GAP, MARGIN = 84, 6, 5  # pixels: a track's lane, what parts it from the next, room inside
LEAST_PITCHES = 12
MOST_SOUND = 64_000_000
MOST_BARS = 5_000

Rows = Sequence[tuple[str, str]]

SCRIPT = """
"use strict";
const sound = document.getElementById("sound"), head = document.getElementById("head");
const view = document.getElementById("view"), roll = document.getElementById("roll");
const scale = Number(roll.dataset.scale);
function place() {
  const x = sound.currentTime * scale;
  head.setAttribute("transform", "translate(" + x + " 0)");
  if (!sound.paused) {
    const left = view.scrollLeft, wide = view.clientWidth;
    if (x < left || x > left + wide * 0.8) { view.scrollLeft = Math.max(0, x - wide * 0.1); }
    requestAnimationFrame(place);
  }
}
["play", "seeked", "pause", "loadedmetadata"].forEach(
  function (name) { sound.addEventListener(name, place); });
roll.addEventListener("click", function (event) {
  sound.currentTime = (event.clientX - roll.getBoundingClientRect().left) / scale;
});
document.addEventListener("keydown", function (event) {
  if (event.code !== "Space" || event.target === sound) { return; }
  event.preventDefault();
  if (sound.paused) { sound.play(); } else { sound.pause(); }
});
"""

STYLE = """
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 24px; max-width: 1200px; background: var(--window);
  color: var(--text); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 28px 0 8px; }
p { margin: 0 0 12px; } .quiet { color: var(--quiet); } a { color: var(--accent_text); }
audio { width: 100%; margin: 12px 0; }
.song { display: flex; border-radius: 10px; overflow: hidden; background: var(--surface);
  border: 1px solid var(--line); }
.names { flex: none; width: 132px; border-right: 1px solid var(--line); }
.names div { overflow: hidden; padding: 10px; line-height: 1.3; font-size: 13px; }
.names b { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.song + p { margin-top: 16px; }
#view { overflow-x: auto; flex: 1; scrollbar-width: thin;
  scrollbar-color: var(--disabled) transparent; } #roll { display: block; cursor: pointer; }
table { border-collapse: collapse; width: 100%; } td { padding: 4px 16px 4px 0;
  vertical-align: top; border-top: 1px solid var(--line); } td:first-child { width: 160px;
  color: var(--quiet); }
.bar { stroke: var(--bar_line); } .lane { fill: var(--black_row); }
#head { stroke: var(--accent); stroke-width: 2; }
@media (max-width: 600px) { body { padding: 20px 14px; } .names { width: 104px; }
  td:first-child { width: 96px; } }
"""


@dataclass(frozen=True, slots=True)
class SharedSong:
    """What a page is made of.

    ``sound`` is a whole MP3 file, which every browser plays, of ``seconds``. ``card`` are lines
    about the model that played, empty without one. ``roles`` name the colour of each track that is
    heard, ``dark`` and ``light`` are the colours by role (``#RRGGBB``).
    """

    composition: Composition
    sound: bytes
    seconds: float
    card: Rows
    roles: Sequence[str]
    dark: Mapping[str, str]
    light: Mapping[str, str]


def write_share_page(song: SharedSong, path: Path) -> None:
    """Writes the page, whole or not at all. Raises `FileError`."""
    if len(song.sound) > MOST_SOUND:
        raise FileError("The song is too long for a page with sound. Export its audio instead.")
    content = share_page(song).encode("utf-8", "replace")
    with write_atomically(path) as beside:
        beside.write_bytes(content)


def share_page(song: SharedSong) -> str:
    """The page's text."""
    title = escape(song.composition.title)
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = (
        "default-src 'none'; media-src data:; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<title>{title}</title>
<style>{_palettes(song)}{STYLE}</style>
</head>
<body>
<h1>{title}</h1>
<p class="quiet">{escape(_told(song))}</p>
<audio id="sound" controls preload="auto" src="{_data("audio/mpeg", song.sound)}"></audio>
<div class="song">
<div class="names">{_names(song)}</div>
<div id="view" tabindex="0" role="img" aria-label="The notes of the song">{_roll(song)}</div>
</div>
<p><a download="{escape(safe_name(song.composition.title))}.mid" \
href="{_data("audio/midi", midi_bytes(song.composition))}">The notes as a MIDI file</a></p>
{_card(song.card)}
<script>{SCRIPT}</script>
</body>
</html>
"""


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _palettes(song: SharedSong) -> str:
    dark, light = (
        "".join(f"--{role}:{value};" for role, value in colours.items())
        for colours in (song.dark, song.light)
    )
    return f":root{{{dark}}}@media(prefers-color-scheme:light){{:root{{{light}}}}}"


def _told(song: SharedSong) -> str:
    minutes, seconds = divmod(round(song.seconds), 60)
    tempo = tempo_map(song.composition).tempo_at(0).beats_per_minute
    model = f"accompanied by the model {song.card[0][1]}" if song.card else ""
    told = (f"{minutes}:{seconds:02}", f"{tempo:.0f} beats a minute", model, "made with Tutti")
    return " · ".join(filter(None, told))


def _names(song: SharedSong) -> str:
    return "".join(
        f'<div style="height:{LANE + GAP}px;border-left:4px solid var(--{escape(role)})">'
        f"<b>{escape(track.name)}</b>"
        f'<span class="quiet">{escape(instrument_name(track.program, track.is_drum))}</span></div>'
        for track, role in _heard(song)
    )


def _heard(song: SharedSong) -> Iterator[tuple[Track, str]]:
    return zip(heard_tracks(song.composition), song.roles, strict=True)


def _roll(song: SharedSong) -> str:
    """The notes as an inline drawing: a lane for each track, a path for all notes of one."""
    tempos, heard = tempo_map(song.composition), list(_heard(song))
    width, height = max(1, round(song.seconds * SCALE)), len(heard) * (LANE + GAP)
    lanes = "".join(
        f'<rect class="lane" y="{place * (LANE + GAP)}" width="{width}" height="{LANE}"/>'
        for place in range(len(heard))
    )
    notes = "".join(
        f'<path fill="var(--{escape(role)})" d="{_path(track, place * (LANE + GAP), tempos)}"/>'
        for place, (track, role) in enumerate(heard)
    )
    return (
        f'<svg id="roll" data-scale="{SCALE}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">{lanes}'
        f'<path class="bar" d="{_bar_lines(song, tempos, height)}"/>{notes}'
        f'<line id="head" y2="{height}"/></svg>'
    )


def _path(track: Track, top: int, tempos: TempoMap) -> str:
    pitches = [note.pitch for note in track.notes]
    spread = max(LEAST_PITCHES, max(pitches) - min(pitches) + 1)
    highest = max(pitches) + (spread - (max(pitches) - min(pitches) + 1)) // 2
    step = (LANE - 2 * MARGIN) / spread
    tall = max(2.0, min(step, 8.0) - 1)

    def drawn(note: Note) -> str:
        start = tempos.seconds_at(note.start) * SCALE
        long = max(1.5, tempos.seconds_at(note.end) * SCALE - start - 1)
        y = top + MARGIN + (highest - note.pitch) * step
        return f"M{start:.1f} {y:.1f}h{long:.1f}v{tall:.1f}h-{long:.1f}z"

    return "".join(map(drawn, track.notes))


def _bar_lines(song: SharedSong, tempos: TempoMap, height: int) -> str:
    meters, end = meter_map(song.composition), song.composition.end
    lines = []
    for bar in range(1, MOST_BARS):
        tick = meters.bar_start(bar)
        if tick >= end:
            break
        lines.append(f"M{tempos.seconds_at(tick) * SCALE:.1f} 0V{height}")
    return "".join(lines)


def _card(rows: Rows) -> str:
    if not rows:
        return ""
    told = "".join(
        f"<tr><td>{escape(label)}</td><td>{escape(words)}</td></tr>" for label, words in rows
    )
    return f"<h2>The model that played</h2><table>{told}</table>"
