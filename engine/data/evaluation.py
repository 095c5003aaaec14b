"""A model measured on songs that it has not seen, beside the rows that keep its figures honest.

The rows are the human accompaniment (what can be reached), another song's (the floor), the melody
an octave lower (which cheats some measures) and the model's own. `docs/measures.md` tells what each
measure means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from engine.data.bootstrap import draws_of
from engine.data.collection import READ_AS, Collection
from engine.data.corpus import Corpus, SongEntry
from engine.data.measures import FloatArray, Segment, jaccard
from engine.data.memorisation import KINDS, found_in, marks_of
from engine.data.model_playing import Tell, Wish, composition_of, played_by, untold
from engine.data.played import Played, cut, human_of, melody_below, other_songs
from engine.data.sample_measures import Frame, Row, Sample, are_voices, row_of
from engine.data.segments import draw_excerpts, held_out
from engine.data.song import COMMON_TIME, DRUMS
from engine.errors import DataError
from engine.generation.contract import KNOWN
from engine.generation.frame import frame_of
from engine.generation.generator import Generator
from engine.generation.layout import layout_of
from engine.generation.windows import Window, resume_lines, windows_of

SEGMENTS, BARS = 48, 8
HELD_OUT = 0.1  # where a card does not say what its training kept back
TAKES = 2  # compared with each other
HUMAN, OTHER, LINE, MODEL = "human", "other song", "melody −8ve", "model"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a model is measured on: how many segments, of how many bars, in which meter.

    ``all_songs`` takes those too that a training would have had: for a set that none has seen.
    """

    segments: int = SEGMENTS
    bars: int = BARS
    meter: str = COMMON_TIME
    all_songs: bool = False


@dataclass(frozen=True, slots=True)
class Excerpts:
    """The people's segments, whole and as long as their melody, and the songs they are from."""

    whole: Sequence[Played]
    human: Sequence[Played]
    songs: Sequence[SongEntry]
    parts: tuple[str, ...]

    @property
    def song_of(self) -> list[int]:
        """Each segment's song, numbered in the order in which they first come."""
        numbers: dict[str, int] = {}
        return [numbers.setdefault(song.name, len(numbers)) for song in self.songs]

    @property
    def present(self) -> list[frozenset[str]]:
        """The parts that sound in each segment's song."""
        return [_parts_of(song, self.parts) for song in self.songs]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model's measures: rows by name, how many segments and songs, and how they were played.

    ``parts`` are the model's, ``training_songs`` how many songs its bars were looked up in (None:
    its training had none of this data). ``remarks`` are what could not be measured, and why.
    """

    model: str
    data: str
    segments: int
    songs: int
    scope: Scope
    wish: Wish
    provider: str
    parts: tuple[str, ...]
    rows: Mapping[str, Row]
    training_songs: int | None = None
    remarks: tuple[str, ...] = ()
    model_sha256: str = field(default="")


def collected(folders: Sequence[Path], generator: Generator, meter: str) -> Collection:
    """The sets' songs, with the parts that the model plays where all of them have those."""
    return Collection(folders, meters=(meter,), roles=_roles(folders, generator))


def _roles(folders: Sequence[Path], generator: Generator) -> tuple[str, ...]:
    """The model's own parts where all sets have them, else the parts that the sets share."""
    found = [Corpus(folder).card.roles[1:] for folder in folders]
    common = tuple(role for role in found[0] if all(role in roles for roles in found))
    played = _pitched(generator)
    has_drums = DRUMS in common and any(track.is_drum for track in generator.card.tracks)
    pitched = tuple(role for role in common if role != DRUMS)
    return (played if set(played) <= set(common) else pitched) + (DRUMS,) * has_drums


def _pitched(generator: Generator) -> tuple[str, ...]:
    return tuple(track.name for track in generator.card.tracks if not track.is_drum)


def excerpts_of(generator: Generator, corpus: Corpus | Collection, scope: Scope) -> Excerpts:
    """Segments of held-out songs. Raises `DataError` where there are fewer than two."""
    songs: Sequence[SongEntry] = corpus.songs
    if not scope.all_songs:
        _, songs = held_out(corpus.songs, held_out_share(generator, corpus))
    drawn = draw_excerpts(corpus, songs, scope.segments, scope.bars)
    if len(drawn) < 2:
        raise DataError("The data set holds too few songs back for a model to be measured on.")
    whole = [human_of(song, stretch, corpus.card.roles) for song, stretch in drawn]
    human = [cut(each, each.segment) for each in whole]
    parts = tuple(role for role in corpus.card.roles[1:] if role != DRUMS)
    return Excerpts(whole, human, [song for song, _ in drawn], parts)


def held_out_share(generator: Generator, corpus: Corpus | Collection) -> float:
    """What the model's own training kept back of this data, or the usual tenth."""
    share = generator.card.training.get("held_out")
    if _learned_from(generator, corpus) and isinstance(share, float) and 0 < share < 1:
        return share
    return HELD_OUT


def _learned_from(generator: Generator, corpus: Corpus | Collection) -> frozenset[str]:
    """The data's sets that the model was trained on, by name."""
    named = {each.get("name") for each in generator.card.trained_on if isinstance(each, dict)}
    cards = corpus.cards if isinstance(corpus, Collection) else (corpus.card,)
    return frozenset(card.name for card in cards if card.name in named)


def frame_for(excerpts: Excerpts, generator: Generator, draws: FloatArray) -> Frame:
    """What samples of these excerpts are measured by."""
    human = Sample(excerpts.human, excerpts.parts)
    return Frame(
        human=human,
        song_of=excerpts.song_of,
        draws=draws,
        present=excerpts.present,
        borders=[window_borders(generator, each.segment) for each in excerpts.human],
        are_voices=are_voices(human),
    )


def _parts_of(song: SongEntry, parts: Sequence[str]) -> frozenset[str]:
    """The parts that sound in a song, all where it does not say."""
    if not song.parts:
        return frozenset((*parts, DRUMS))
    folded = {into for role, into in READ_AS.items() if role in song.parts and role not in parts}
    return frozenset(song.parts) | folded


def window_borders(generator: Generator, segment: Segment) -> list[int]:
    """The bars (from 0) before which a model's window may end, where it needs more than one."""
    card = generator.card
    frame = frame_of(composition_of(segment), card)
    layout = layout_of(frame, card)
    windows = windows_of(layout.length, layout.bars, card)[1:]
    lines = {line for window in windows for line in _join_lines(window, layout.bars, generator)}
    found = [number for number, line in enumerate(layout.bars) if line in lines]
    return [each for each in found if 0 < each < segment.bars]


def _join_lines(window: Window, bars: Sequence[int], generator: Generator) -> list[int]:
    """Where a window may take over: some bars before the end of the one before it if it is told
    what stays, else at some bar line of what both play.
    """
    if KNOWN in generator.offers:
        return resume_lines(window, bars)
    inside = [bar for bar in bars if window.first < bar < window.fresh]
    return inside or [window.first, window.fresh]


def evaluate(
    generator: Generator,
    corpus: Corpus | Collection,
    *,
    scope: Scope | None = None,
    wish: Wish | None = None,
    tell: Tell = untold,
) -> Evaluation:
    """Play and measure. Raises `DataError` where no held-out song can be measured."""
    scope, wish = scope or Scope(), replace(wish or Wish(), takes=TAKES)
    excerpts = excerpts_of(generator, corpus, scope)
    one, two = played_by(generator, excerpts.human, wish, tell)
    tell("Measuring")
    draws = draws_of(len(set(excerpts.song_of)))
    frame = frame_for(excerpts, generator, draws)
    samples = {
        HUMAN: frame.human,
        OTHER: Sample(other_songs(excerpts.whole), excerpts.parts),
        LINE: Sample([melody_below(each) for each in excerpts.human], excerpts.parts, True),
        MODEL: Sample(one, _pitched(generator)),
    }
    rows = {name: row_of(sample, frame) for name, sample in samples.items()}
    rows[MODEL] |= _takes(one, two, frame)
    for name in (HUMAN, MODEL):
        rows[name]["inputs_jaccard"] = frame.figure(_between_inputs(samples[name].segments))
    learned, remark = _add_memory(rows, samples, frame, generator, corpus, scope, tell)
    return Evaluation(
        model=generator.card.name,
        data=corpus.card.name,
        segments=len(one),
        songs=len(set(excerpts.song_of)),
        scope=scope,
        wish=wish,
        provider=generator.provider,
        parts=_pitched(generator),
        rows=rows,
        training_songs=learned,
        remarks=tuple(filter(None, [remark, *_remarks(excerpts, scope)])),
        model_sha256=generator.sha256,
    )


def _takes(one: Sequence[Played], two: Sequence[Played], frame: Frame) -> Row:
    """How alike two takes of a melody are."""
    row = {
        "takes_jaccard": frame.figure(
            [jaccard(a.segment, b.segment) for a, b in zip(one, two, strict=True)]
        )
    }
    if any(each.drums for each in one):
        beats = [jaccard(_drums(a), _drums(b)) for a, b in zip(one, two, strict=True)]
        row[f"{DRUMS}.takes_jaccard"] = frame.figure(beats)
    return row


def _drums(played: Played) -> Segment:
    return replace(played.segment, tracks=(played.drums,))


def _between_inputs(segments: Sequence[Segment]) -> list[float]:
    """How alike the accompaniments of different melodies are: each with the next one's."""
    return [*(jaccard(a, b) for a, b in pairwise(segments)), jaccard(segments[-1], segments[0])]


def _add_memory(
    rows: Mapping[str, Row],
    samples: Mapping[str, Sample],
    frame: Frame,
    generator: Generator,
    corpus: Corpus | Collection,
    scope: Scope,
    tell: Tell,
) -> tuple[int | None, str]:
    """The share of bars that stand in the training; in how many songs, or why not."""
    names = _learned_from(generator, corpus)
    if not names:
        return None, (
            f"{generator.card.name} names no training on this data, so there is nothing in which "
            "bars learned by heart could be looked up."
        )
    if scope.meter not in generator.card.meters:
        return None, (
            f"{generator.card.name} was not trained on {scope.meter}, so bars learned by heart "
            "were not looked up."
        )
    if frame.human.parts != _pitched(generator):
        return None, (
            "The data and the model have not the same parts, so bars learned by heart were not "
            "looked up."
        )
    songs = _training_songs(generator, corpus, names)
    marks = {
        name: [marks_of(each) for each in samples[name].played] for name in (HUMAN, OTHER, MODEL)
    }
    every = [each for found in marks.values() for each in found]
    found = found_in(corpus, songs, corpus.card.roles, every, tell)
    for name, each in marks.items():
        shares = zip(*(bars.known(found) for bars in each), strict=True)
        figures = {kind: frame.figure(share) for kind, share in zip(KINDS, shares, strict=True)}
        rows[name].update({kind: value for kind, value in figures.items() if value.segments})
    return len(songs), ""


def _training_songs(
    generator: Generator, corpus: Corpus | Collection, names: frozenset[str]
) -> list[SongEntry]:
    """The songs on the training's side, of the sets and the styles that it had."""
    learned, _ = held_out(corpus.songs, held_out_share(generator, corpus))
    tags = generator.card.training.get("tags")
    wanted = set(tags) if isinstance(tags, list) else set()

    def was_heard(song: SongEntry) -> bool:
        card = corpus.card_of(song) if isinstance(corpus, Collection) else corpus.card
        styles = set(song.tags) | set(card.tags)
        return card.name in names and (not wanted or bool(styles & wanted))

    return [song for song in learned if was_heard(song)]


def _remarks(excerpts: Excerpts, scope: Scope) -> list[str]:
    remarks = []
    if len(excerpts.human) < scope.segments:
        remarks.append(
            f"The songs hold {len(excerpts.human)} of the {scope.segments} segments asked for."
        )
    if not any(each.segment.chords for each in excerpts.human):
        remarks.append("The data names no chords, so chord tones cannot be told.")
    return remarks
