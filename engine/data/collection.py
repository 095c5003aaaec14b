"""Several packed data sets read as one, with only the songs and the roles that a run asks for.

Roles are joined by name; role 0 is the melody, whatever each set calls it. Where strings are not
asked for and chords are, strings are read as chords: both hold the harmony.
"""

from collections import Counter
from collections.abc import Collection as Container
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.data.corpus import Corpus, Stretch
from engine.data.song import COMMON_TIME, CorpusCard, SongEntry, meter_of
from engine.errors import DataError

OTHER_METER, OTHER_TAG, NO_PARTS = "another meter", "another tag", "no accompaniment"
READ_AS = {"Strings": "Chords"}

Place = tuple[str, int]


class Collection:
    """Songs of several packed folders, with the face of a `Corpus`.

    ``tags`` keeps the songs that bear any of them, or whose set does; ``meters`` those written in
    one of them, all where it is empty; ``roles`` names the parts wanted beside the melody, in
    order, by default those that every set has. ``left_out`` counts the songs that were not kept,
    by reason. Raises `DataError` for sets that cannot be read or joined, and for no song at all.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        tags: Container[str] = (),
        *,
        meters: Container[str] = (COMMON_TIME,),
        roles: Sequence[str] | None = None,
    ) -> None:
        sets = [Corpus(folder) for folder in dict.fromkeys(each.resolve() for each in folders)]
        if not sets:
            raise DataError("Choose at least one data set.")
        parts = _joint_parts(sets) if roles is None else tuple(roles)
        self._sets = [_Member(corpus, parts) for corpus in sets]
        self._of: dict[Place, _Member] = {}
        self._left_out: Counter[str] = Counter()
        names = _names(sets)
        kept: list[SongEntry] = []
        for member, name in zip(self._sets, names, strict=True):
            for song in self._chosen(member, tags, meters):
                entry = replace(song, name=_within(name, song.name)) if len(sets) > 1 else song
                self._of[_place(entry)] = member
                kept.append(entry)
        if not kept:
            raise DataError(_nothing_left(self._left_out, tags))
        self.songs = tuple(kept)
        self.card = _joint_card([each.corpus.card for each in self._sets], parts)

    @property
    def left_out(self) -> Mapping[str, int]:
        """How many songs were not kept, by reason."""
        return dict(self._left_out)

    @property
    def cards(self) -> tuple[CorpusCard, ...]:
        """The sets' own cards."""
        return tuple(each.corpus.card for each in self._sets)

    def card_of(self, song: SongEntry) -> CorpusCard:
        """The card of the set that the song is from."""
        return self._of[_place(song)].corpus.card

    def stretch(self, song: SongEntry, beat: int, beats: int) -> Stretch:
        """``beats`` beats of a song from its ``beat`` on; beyond its ends there is silence."""
        return self._of[_place(song)].stretch(song, beat, beats)

    def _chosen(
        self, member: "_Member", tags: Container[str], meters: Container[str]
    ) -> Iterator[SongEntry]:
        whole_set = not tags or any(tag in tags for tag in member.corpus.card.tags)
        for song in member.corpus.songs:
            if meters and meter_of(song) not in meters:
                self._left_out[OTHER_METER] += 1
            elif not whole_set and not any(tag in tags for tag in song.tags):
                self._left_out[OTHER_TAG] += 1
            elif not member.plays(song):
                self._left_out[NO_PARTS] += 1
            else:
                yield song


class _Member:
    """A set of a collection: which of its roles are read, and as what."""

    def __init__(self, corpus: Corpus, parts: tuple[str, ...]) -> None:
        self.corpus = corpus
        found = corpus.card.roles
        missing = [part for part in parts if part not in found[1:]]
        if missing:
            raise DataError(
                f"The data set {corpus.card.name} has no {' and no '.join(missing)}: "
                f"it has {', '.join(found)}. Choose another one, or other parts."
            )
        self._roles: tuple[int, ...] | None = (0, *(found.index(part, 1) for part in parts))
        self._folded = tuple(
            (found.index(role, 1), 1 + parts.index(into))
            for role, into in READ_AS.items()
            if role in found[1:] and role not in parts and into in parts
        )
        self._heard = frozenset(parts) | {found[source] for source, _ in self._folded}
        if self._roles == tuple(range(len(found))):
            self._roles = None

    def plays(self, song: SongEntry) -> bool:
        """Whether any of the wanted parts sounds in the song."""
        return not song.parts or not self._heard or not self._heard.isdisjoint(song.parts)

    def stretch(self, song: SongEntry, beat: int, beats: int) -> Stretch:
        """The wanted roles of a stretch."""
        found = self.corpus.stretch(song, beat, beats, self._roles)
        if not self._folded:
            return found
        planes, velocity = found.planes, found.velocity
        more = self.corpus.stretch(song, beat, beats, [source for source, _ in self._folded])
        for number, (_, into) in enumerate(self._folded):
            planes[into] |= more.planes[number]
            velocity[into] = np.maximum(velocity[into], more.velocity[number])
        read_as = (READ_AS[part] for part in song.parts if part in READ_AS)
        return replace(found, parts=tuple(dict.fromkeys((*song.parts, *read_as))))


def _place(song: SongEntry) -> Place:
    return song.name, song.first_beat


def _joint_parts(sets: Sequence[Corpus]) -> tuple[str, ...]:
    """The parts that all sets have, in the order of the first."""
    others = [frozenset(each.card.roles[1:]) for each in sets]
    parts = tuple(role for role in sets[0].card.roles[1:] if all(role in roles for roles in others))
    if not parts:
        told = "; ".join(f"{each.card.name} has {', '.join(each.card.roles)}" for each in sets)
        raise DataError(f"These data sets have no part in common: {told}. Choose others.")
    return parts


def _names(sets: Sequence[Corpus]) -> list[str]:
    """A name for each set that no other bears."""
    seen: Counter[str] = Counter()
    names = []
    for corpus in sets:
        name = corpus.card.name
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def _within(name: str, song: str) -> str:
    return song if song.startswith(f"{name}/") else f"{name}/{song}"


def _joint_card(cards: Sequence[CorpusCard], parts: tuple[str, ...]) -> CorpusCard:
    """One card: what all sets say, each thing once."""
    first = cards[0]
    programs = dict(zip(first.roles[1:], first.programs[1:], strict=False))
    return CorpusCard(
        name="+".join(card.name for card in cards),
        version="+".join(card.version for card in cards),
        licence="; ".join(dict.fromkeys(card.licence for card in cards)),
        roles=(first.roles[0], *parts),
        programs=(first.programs[0], *(programs[part] for part in parts)),
        tags=tuple(dict.fromkeys(tag for card in cards for tag in card.tags)),
    )


def _nothing_left(left_out: Mapping[str, int], tags: Container[str]) -> str:
    told = ", ".join(f"{count} for {reason}" for reason, count in left_out.items())
    if tags and left_out.get(OTHER_TAG):
        wanted = ", ".join(sorted(tags))
        return (
            f"No song of these data sets is tagged {wanted} ({told} left out). Choose other tags."
        )
    return f"No song of these data sets can be used ({told} left out). Choose others."
