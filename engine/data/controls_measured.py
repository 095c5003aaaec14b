"""What a model's controls do: the same melodies, one control moved at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.data.bootstrap import Figure
from engine.data.evaluation import Excerpts
from engine.data.measures import (
    Segment,
    chord_tones,
    dissonant_steps,
    harmonic_clarity,
    jaccard,
    notes_per_bar,
    out_of_key,
)
from engine.data.model_playing import (
    TELL_EVERY,
    Tell,
    Wish,
    composition_of,
    played_by,
    request_of,
    untold,
)
from engine.data.played import Played
from engine.data.sample_measures import Frame
from engine.generation.contract import CHORDS, DENSITY
from engine.generation.generator import Generator, Request
from engine.music.composition import Composition
from engine.music.ticks import meter_map
from engine.music.track import Track

ADVENTURES = (0.3, 0.6, 1.0, 1.5)
DENSITIES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One setting of one control, and what was measured with it."""

    control: str
    setting: str
    values: Mapping[str, Figure]


class Controls:
    """Plays a model's controls through; what it has no input for is left out."""

    def __init__(
        self,
        generator: Generator,
        excerpts: Excerpts,
        frame: Frame,
        wish: Wish,
        tell: Tell = untold,
    ) -> None:
        self._generator, self._excerpts, self._frame = generator, excerpts, frame
        self._wish, self._tell = replace(wish, takes=1), tell

    def measured(self) -> list[ControlRow]:
        """All controls, in the order in which the studio shows them."""
        rows = [*self._adventure()]
        if DENSITY in self._generator.offers:
            rows += self._density()
        if CHORDS in self._generator.offers and self._has_chords():
            rows += self._chords()
        return [*rows, *self._staying()]

    def _has_chords(self) -> bool:
        return any(each.segment.chords for each in self._excerpts.human)

    def _play(self, wish: Wish, words: str) -> list[list[Played]]:
        return played_by(self._generator, self._excerpts.human, wish, self._tell, words)

    def _figure(self, values: Sequence[float]) -> Figure:
        return self._frame.figure(values)

    def _harmony(self, sample: Sequence[Played]) -> dict[str, Figure]:
        human = self._excerpts.human
        return {
            "out_of_key": self._figure(
                [out_of_key(a.segment, b.segment) for a, b in zip(sample, human, strict=True)]
            ),
            "dissonant_steps": self._figure([dissonant_steps(each.segment) for each in sample]),
            "notes_per_bar": self._figure([notes_per_bar(each.segment) for each in sample]),
        }

    def _adventure(self) -> Iterator[ControlRow]:
        for adventure in ADVENTURES:
            wish = replace(self._wish, adventure=adventure, takes=2)
            one, two = self._play(wish, f"Adventure {adventure:g}")
            takes = [jaccard(a.segment, b.segment) for a, b in zip(one, two, strict=True)]
            values = {"takes_jaccard": self._figure(takes), **self._harmony(one)}
            yield ControlRow("adventure", f"{adventure:g}", values)

    def _density(self) -> Iterator[ControlRow]:
        names = self._generator.card.track_names
        for name in names:
            for density in DENSITIES:
                wish = replace(self._wish, density={name: density})
                (take,) = self._play(wish, f"Density of {name} {density:g}")
                counts = [self._counts(each) for each in take]
                values = {
                    f"{part}.notes_per_bar": self._figure([each[part] for each in counts])
                    for part in names
                }
                yield ControlRow(f"density of {name}", f"{density:g}", values)

    def _counts(self, played: Played) -> dict[str, float]:
        """Notes a bar of each of the model's tracks; the drums as one."""
        bars = max(1, played.segment.bars)
        tracks = self._generator.card.tracks
        pitched = [track.name for track in tracks if not track.is_drum]
        found = {
            name: len(notes) / bars
            for name, notes in zip(pitched, played.segment.tracks, strict=True)
        }
        drums = [track.name for track in tracks if track.is_drum]
        return found | dict.fromkeys(drums, len(played.drums) / bars)

    def _chords(self) -> Iterator[ControlRow]:
        for given in (False, True):
            setting = "given" if given else "none"
            (take,) = self._play(replace(self._wish, chords=given), f"Chords {setting}")
            values = {
                "chord_tones": self._figure([chord_tones(each.segment) for each in take]),
                "harmonic_clarity": self._figure([harmonic_clarity(e.segment) for e in take]),
                **self._harmony(take),
            }
            yield ControlRow("chords", setting, values)

    def _staying(self) -> Iterator[ControlRow]:
        """How much stays of what is to stay, and how much of the rest is played anew."""
        tracks = self._generator.card.track_names
        kept: dict[str, list[tuple[float, float]]] = {name: [] for name in (*tracks, "")}
        for number, asked in enumerate(self._excerpts.human):
            if number % TELL_EVERY == 0:
                self._tell(f"What stays: {number:,} of {len(self._excerpts.human):,} segments")
            first = request_of(self._wish, asked.segment)
            melody = composition_of(asked.segment)
            (take,) = self._generator.compose(melody, first)
            before = melody.with_accompaniment(take.tracks, take.origin)
            again = replace(first, seed=first.seed + 1)
            for name in tracks:
                request = replace(again, locked=frozenset({name}))
                kept[name].append(_stayed(before, self._made(before, request), _is_of({name})))
            bars = _middle(asked.segment)
            request = replace(again, bars=bars)
            kept[""].append(_stayed(before, self._made(before, request), _is_beside(bars, before)))
        for name, shares in kept.items():
            stays, others = zip(*shares, strict=True)
            values = {"stays": self._figure(stays), "others_alike": self._figure(others)}
            control = f"locked {name}" if name else "bars kept"
            yield ControlRow(control, "" if name else "all but the middle half", values)

    def _made(self, before: Composition, request: Request) -> tuple[Track, ...]:
        (take,) = self._generator.compose(before, request)
        return take.tracks


Stays = Callable[[str, int], bool]
NoteSet = set[tuple[str, int, int, int]]


def _middle(segment: Segment) -> tuple[int, int]:
    """The middle half of a segment's bars, from 1."""
    quarter = segment.bars // 4
    return quarter + 1, max(quarter + 1, segment.bars - quarter)


def _is_of(names: set[str]) -> Stays:
    return lambda track, _start: track in names


def _is_beside(bars: tuple[int, int], composition: Composition) -> Stays:
    meters = meter_map(composition)
    first, last = meters.bar_start(bars[0]), meters.bar_start(bars[1] + 1)
    return lambda _track, start: not first <= start < last


def _stayed(before: Composition, after: Sequence[Track], stays: Stays) -> tuple[float, float]:
    """Percent of the notes that were to stay and did, or came beside them; Jaccard of the rest."""
    old, new = _note_set(before.accompaniment), _note_set(after)
    kept = [{note for note in each if stays(note[0], note[1])} for each in (old, new)]
    rest = [each - here for each, here in zip((old, new), kept, strict=True)]
    return 100.0 * _alike(*kept), _alike(*rest)


def _note_set(tracks: Sequence[Track]) -> NoteSet:
    return {
        (track.name, note.start, note.pitch, note.duration)
        for track in tracks
        for note in track.notes
    }


def _alike(one: NoteSet, two: NoteSet) -> float:
    union = one | two
    return len(one & two) / len(union) if union else float("nan")
