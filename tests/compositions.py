"""Hypothesis strategies for music: notes, controllers, tracks and whole compositions."""

from dataclasses import replace

from hypothesis import strategies as st

from engine.music.composition import Composition, MeterChange, TempoChange
from engine.music.note import Note
from engine.music.track import ControlEvent, Track, make_track, without_overlaps

MAX_TICK = 40_000

pitches = st.integers(0, 127)
velocities = st.integers(1, 127)
values = st.integers(0, 127)
ticks = st.integers(0, MAX_TICK)
resolutions = st.sampled_from((1, 7, 24, 48, 96, 120, 192, 220, 384, 480, 960, 32_767))

notes = st.builds(Note, ticks, pitches, st.integers(1, 4_000), velocities)
many_notes = st.lists(notes, max_size=40)

controls = st.one_of(
    st.builds(ControlEvent, ticks, st.just("control"), values, values),
    st.builds(ControlEvent, ticks, st.just("program"), st.just(0), values),
    st.builds(ControlEvent, ticks, st.just("bend"), st.just(0), st.integers(-8192, 8191)),
    st.builds(ControlEvent, ticks, st.just("channel_pressure"), st.just(0), values),
    st.builds(ControlEvent, ticks, st.just("key_pressure"), pitches, values),
)

tempos = st.builds(TempoChange, ticks, st.integers(1_000, 0xFFFFFF))
meters = st.builds(MeterChange, ticks, st.integers(1, 16), st.sampled_from((1, 2, 4, 8, 16, 32)))
names = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FF, categories=("L", "N")),
    min_size=1,
    max_size=12,
)


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """A track with notes that never overlap in one pitch, as every import has them."""
    kept, _ = without_overlaps(draw(st.lists(notes, min_size=1, max_size=30)))
    track = make_track(
        draw(names),
        kept,
        program=draw(values),
        controls=draw(st.lists(controls, max_size=8)),
        is_drum=draw(st.booleans()),
    )
    return replace(track, volume=draw(values), pan=draw(values), muted=draw(st.booleans()))


@st.composite
def tempo_maps(draw: st.DrawFn) -> tuple[TempoChange, ...]:
    """Tempo changes from tick 0 on, in order."""
    by_tick = {change.tick: change for change in draw(st.lists(tempos, max_size=6))}
    by_tick.setdefault(0, TempoChange(0, draw(st.integers(1_000, 0xFFFFFF))))
    return tuple(by_tick[tick] for tick in sorted(by_tick))


@st.composite
def meter_maps(draw: st.DrawFn) -> tuple[MeterChange, ...]:
    """Meter changes from tick 0 on, in order, often in the middle of a bar."""
    by_tick = {change.tick: change for change in draw(st.lists(meters, max_size=6))}
    by_tick.setdefault(0, MeterChange(0, draw(st.integers(1, 16)), 4))
    return tuple(by_tick[tick] for tick in sorted(by_tick))


@st.composite
def compositions(draw: st.DrawFn) -> Composition:
    """Whole compositions; every track has notes, and the first is not drums."""
    first, *others = draw(st.lists(tracks(), min_size=1, max_size=4))
    return Composition(
        title=draw(names),
        ticks_per_quarter=draw(resolutions),
        tempos=draw(tempo_maps()),
        meters=draw(meter_maps()),
        tracks=(replace(first, is_drum=False), *others),
    )
