"""A model in use: melody and seed in, takes out."""

import hashlib
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from engine.generation.conditions import Conditions, conditions_of, region_of
from engine.generation.contract import (
    CHORDS,
    DENSITY,
    KNOWN,
    POSITION,
    axis_sizes,
    check_contract,
)
from engine.generation.decode import spliced, tracks_of, with_mix_of
from engine.generation.flavours import fresh, noise_of
from engine.generation.frame import Frame, frame_of
from engine.generation.layout import layout_of
from engine.generation.model_card import ModelCard, card_of
from engine.generation.onnx_file import parse_onnx, read_bounded
from engine.generation.request import Accompaniment, ChordHint, Request
from engine.generation.sampling import Progress, Sampler
from engine.generation.session import Device, FloatArray, RunCancelled, Session
from engine.generation.windows import Window, windows_of
from engine.music.composition import Composition, Origin
from engine.music.track import Track

__all__ = ["Accompaniment", "ChordHint", "Device", "Generator", "Request"]

ADVENTURE = "adventure"
OFFERS = frozenset({CHORDS, DENSITY, KNOWN, POSITION})
WARM_BARS = 8


class Generator:
    """A loaded model. `compose` may be called on any thread.

    ``provider`` is what it truly runs on ("CUDA" or "CPU"), ``device_note`` why not the graphics
    card, ``offers`` the controls that its graph has, ``sha256`` that of its file.
    """

    def __init__(
        self, content: bytes, file_name: str, device: Device = "auto", threads: int | None = None
    ) -> None:
        file = parse_onnx(content, file_name)
        self.card = card_of(file.metadata, file_name)
        check_contract(self.card, file, file_name)
        self.sha256 = hashlib.sha256(content).hexdigest()
        self._session = Session(content, file_name, device, threads)
        self.provider = self._session.provider
        self.device_note = self._session.device_note
        self.offers = (self._session.inputs & OFFERS) | {ADVENTURE}
        # One run at a time: two would fight for the same threads and double the memory.
        self._turn = threading.Lock()

    @classmethod
    def load(
        cls, path: Path, device: Device = "auto", *, threads: int | None = None
    ) -> "Generator":
        """Load and check a model file. Raises `ModelError` or `DeviceError`."""
        return cls(read_bounded(path), path.name, device, threads)

    def warm(self, takes: int = 1, *, cancelled: Callable[[], bool] | None = None) -> None:
        """Run once on silence, so that the first real request is as fast as the later ones.

        It breaks off when ``cancelled``, which is asked on another thread too. Raises `ModelError`
        where what comes out is not what the card says.
        """
        card = self.card
        multiple = card.step_multiple
        steps = -(-WARM_BARS * 4 * card.steps_per_beat // multiple) * multiple
        steps = min(steps, (card.max_steps or steps) // multiple * multiple)
        silence = _silence(card, steps, self._session.inputs)
        sampler = Sampler(self._session, card, silence, (Window(0, steps, 0),), (0,))
        with self._turn:
            noise = np.zeros((takes, card.noise_size), dtype=np.float32)
            with suppress(RunCancelled):
                for _take in sampler.sample(noise, Progress(sampler.runs(takes), None, cancelled)):
                    pass

    def compose(
        self,
        composition: Composition,
        request: Request,
        *,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Accompaniment, ...]:
        """The takes asked for, in one batch; an empty tuple when cancelled.

        ``progress`` is called with the share done, 0 to 1, on the calling thread; ``cancelled`` is
        asked on another thread too. Raises `MusicError` for music that cannot be accompanied,
        `ModelError` for what the model does not offer.
        """
        frame = frame_of(composition, self.card, request.extend_bars)
        if request.bars is not None:
            region_of(request.bars, frame)
        layout = layout_of(frame, self.card)
        windows = windows_of(layout.length, layout.bars, self.card)
        length, asked = windows[-1].last, self._session.inputs
        conditions = conditions_of(composition, request, frame, layout, length, self.card, asked)
        sampler = Sampler(self._session, self.card, conditions, windows, layout.bars)
        work = Progress(sampler.runs(request.takes), progress, cancelled)
        try:
            with self._turn:
                noise = self._noise(request)
                takes = [
                    tracks_of(planes, frame, layout, self.card)
                    for planes in sampler.sample(noise, work)
                ]
        except RunCancelled:
            return ()
        remarks = self._remarks(frame, request)
        return tuple(
            self._accompaniment(composition, request, frame, tracks, index, remarks)
            for index, tracks in enumerate(takes)
        )

    def _noise(self, request: Request) -> FloatArray:
        """The noise of each take (take, noise_size), as large as the adventure."""
        takes = range(request.first_take, request.first_take + request.takes)
        flavours = request.flavours or [fresh(request.seed, take) for take in takes]
        noise = [noise_of(flavour, self.card.noise_size) for flavour in flavours]
        return np.stack(noise) * np.float32(request.adventure)

    def _accompaniment(
        self,
        composition: Composition,
        request: Request,
        frame: Frame,
        tracks: tuple[Track, ...],
        index: int,
        remarks: tuple[str, ...],
    ) -> Accompaniment:
        """One take as tracks: what is locked stays, and so do the bars that were not asked for."""
        by_name = {track.name: track for track in composition.accompaniment}
        finished = []
        for track in tracks:
            old = by_name.get(track.name)
            if old is not None and track.name in request.locked:
                finished.append(old)
                continue
            if request.bars is not None:
                track = spliced(track, old, *region_of(request.bars, frame))
            finished.append(with_mix_of(track, old))
        others = [
            track
            for track in composition.accompaniment
            if track.name not in self.card.track_names
            and (track.name in request.locked or request.bars is not None)
        ]
        blend = request.flavours[index] if request.flavours else ()
        take = request.first_take + index
        origin = Origin(self.card.name, self.sha256, request.seed, take, blend)
        return Accompaniment((*finished, *others), origin, remarks)

    def _remarks(self, frame: Frame, request: Request) -> tuple[str, ...]:
        """What could not be as asked."""
        remarks = []
        foreign = sorted(frame.used_meters() - set(self.card.meters))
        if foreign:
            known = ", ".join(self.card.meters)
            remarks.append(
                f"{self.card.name} was made for {known}; the bars in {', '.join(foreign)} were "
                "fitted to it."
            )
        if KNOWN not in self.offers and (request.locked or request.bars is not None):
            remarks.append(f"{self.card.name} does not hear what stays, and plays beside it.")
        return tuple(remarks)


def _silence(card: ModelCard, steps: int, asked: frozenset[str]) -> Conditions:
    """No melody, no hints: what a model is warmed with."""
    sizes = axis_sizes(card)
    tracks, planes, pitches = len(card.tracks), sizes["planes"], card.pitches

    def zeros(name: str, *shape: int) -> FloatArray | None:
        return np.zeros(shape, dtype=np.float32) if name in asked else None

    knows = KNOWN in asked
    return Conditions(
        melody=np.zeros((planes, steps, pitches), dtype=np.float32),
        chords=zeros(CHORDS, sizes["chord rows"], steps),
        density=zeros(DENSITY, tracks),
        position=zeros(POSITION, sizes["position rows"], steps),
        known=np.zeros((tracks, planes, steps, pitches), dtype=np.bool_) if knows else None,
        keep=np.zeros((tracks, steps), dtype=np.bool_) if knows else None,
    )
