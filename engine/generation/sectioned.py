"""Sections that belong together: a repeat plays what the first of its letter plays, or varies it.

The whole piece is played in one go first, so that the sections lead into one another. Then what the
first section of a letter got is laid under its repeats; a varied one is played anew with all else
known, by a noise near the take's.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.generation.decode import spliced
from engine.generation.flavours import flavour_of, near
from engine.generation.generator import Generator
from engine.generation.request import Accompaniment, Request
from engine.music.composition import Composition
from engine.music.sections import Section, sections_of
from engine.music.ticks import MeterMap, meter_map
from engine.music.track import Track, without_overlaps

Report = Callable[[float], None]
VARIED_FROM = 1_000
"""The numbers of takes, far beyond those that are asked for, towards which sections are varied."""


def compose_sections(
    generator: Generator,
    composition: Composition,
    request: Request,
    *,
    progress: Report | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Accompaniment, ...]:
    """As `Generator.compose`, with the composition's sections.

    Where only some bars are asked for, they alone are made, whatever section they lie in.
    """
    repeats = _repeats(composition, request)
    varied = [section for section in repeats if section.varied]
    runs = 1 + request.takes * len(varied)
    takes = generator.compose(
        composition, request, progress=_share(progress, 0, runs), cancelled=cancelled
    )
    finished = []
    for number, take in enumerate(takes):
        take = replace(take, tracks=_shared(composition, take.tracks, repeats, request.locked))
        for index, section in enumerate(varied):
            done = 1 + number * len(varied) + index
            answer = generator.compose(
                composition.with_accompaniment(take.tracks, take.origin),
                _variation(composition, request, take, section, index, generator.card.noise_size),
                progress=_share(progress, done, runs),
                cancelled=cancelled,
            )
            if not answer:
                return ()
            take = replace(take, tracks=answer[0].tracks)
        finished.append(take)
    return tuple(finished)


def _share(progress: Report | None, done: int, runs: int) -> Report | None:
    """The report of one run as a part of all."""
    if progress is None:
        return None
    return lambda share: progress((done + share) / runs)


def _repeats(composition: Composition, request: Request) -> list[Section]:
    if request.bars is not None:
        return []
    meters = meter_map(composition)
    end = meters.bar_end(max(1, composition.melody.end))
    end = meters.bar_start(meters.position_at(end).bar + request.extend_bars)
    sections = sections_of(composition.sections, end)
    return [each for each in sections if each.first is not None and each.start < end]


def _variation(
    composition: Composition,
    request: Request,
    take: Accompaniment,
    section: Section,
    index: int,
    noise_size: int,
) -> Request:
    """One take of the section's bars, near the take, for the same ears."""
    meters = meter_map(composition)
    bars = meters.position_at(section.start).bar, meters.position_at(section.end - 1).bar
    flavour = near(flavour_of(take.origin), request.seed, 1, noise_size, first=VARIED_FROM + index)
    return replace(request, takes=1, first_take=0, bars=bars, flavours=flavour)


def with_first_s_band(composition: Composition, section: Section) -> Composition:
    """A repeat with what the first of its letter plays now; locked tracks stay."""
    locked = frozenset(track.name for track in composition.accompaniment if track.locked)
    tracks = _shared(composition, composition.accompaniment, [section], locked)
    return composition.with_accompaniment(tracks, composition.origin)


def _shared(
    composition: Composition,
    tracks: tuple[Track, ...],
    repeats: Iterable[Section],
    locked: frozenset[str],
) -> tuple[Track, ...]:
    """The tracks with the first section of each letter under its repeats."""
    meters = meter_map(composition)
    spans = [(each, common_length(meters, each, composition)) for each in repeats]
    return tuple(track if track.name in locked else _with_copies(track, spans) for track in tracks)


def _with_copies(track: Track, spans: list[tuple[Section, int]]) -> Track:
    for section, length in spans:
        if section.first is not None and length:
            track = _with_copy(track, section.first, section.start, length)
    return track


def _with_copy(track: Track, first: int, start: int, length: int) -> Track:
    copies = [
        replace(
            note,
            start=note.start - first + start,
            duration=min(note.end, first + length) - note.start,
        )
        for note in track.notes
        if first <= note.start < first + length
    ]
    copied = track.with_notes(without_overlaps(copies)[0])
    return spliced(copied, track, start, start + length)


def common_length(meters: MeterMap, section: Section, composition: Composition) -> int:
    """For how many ticks a repeat has the bars of its first; 0 where its meter is another."""
    if section.first is None:
        return 0
    marks = composition.sections
    after = [mark.tick for mark in marks if mark.tick > section.first]
    length = min(section.end - section.start, after[0] - section.first)
    first, here = (_bars(meters, start, length) for start in (section.first, section.start))
    same = 0
    for one, other in zip(first, here, strict=False):
        if one != other:
            break
        same = one
    return same


def _bars(meters: MeterMap, start: int, length: int) -> list[int]:
    """Where bars end within a span, counted from its start."""
    lines = [line - start for line in meters.bar_starts(start + length + 1)]
    return [line for line in lines if 0 < line <= length]
