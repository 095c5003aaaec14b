"""Makes what the Learn tab shows without a run, docs/learn.md and docs/manual.md, of their sources.

python packaging/make_lessons.py docs       resources/learn/*.md to docs/learn.md
python packaging/make_lessons.py manual     resources/manual/pages/*.md to docs/manual.md
python packaging/make_lessons.py answers    what the shipped model answers to a sample melody,
                                            for noises from one take's to another's
python packaging/make_lessons.py networks   the presets' networks, as the trainer describes them
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from desktop.learn.text import as_document  # noqa: E402
from desktop.manual.text import as_document as manual_as_document  # noqa: E402
from engine.files.melodies import sample_melodies  # noqa: E402
from engine.files.midi import read_midi  # noqa: E402
from engine.generation.generator import Generator, Request  # noqa: E402
from engine.generation.seeds import take_noise  # noqa: E402
from engine.generation.session import FloatArray  # noqa: E402
from engine.music.composition import Composition  # noqa: E402
from engine.store.codec import composition_to_json  # noqa: E402
from engine.store.paths import shipped_models_folder  # noqa: E402

LESSONS = ROOT / "resources" / "learn"
MELODY = "Ode to Joy"
BARS = 8
MIXES = 9  # answers from the first noise to the second, both included


class Between(Generator):
    """A model whose takes lie on the way between the noises of its first two takes."""

    def _noise(self, request: Request) -> FloatArray:
        one, two = (take_noise(request.seed, take, self.card.noise_size) for take in (0, 1))
        angles = [0.5 * math.pi * step / (request.takes - 1) for step in range(request.takes)]
        return np.stack([math.cos(a) * one + math.sin(a) * two for a in angles]).astype(np.float32)


def write_docs() -> None:
    """The text of the tour, for reading outside of the window."""
    (ROOT / "docs" / "learn.md").write_text(as_document(), "utf-8")


def write_manual() -> None:
    """The text of the manual, for reading outside of the window."""
    (ROOT / "docs" / "manual.md").write_text(manual_as_document(), "utf-8")


def write_answers() -> None:
    """The sample melody with the shipped model's answer to each mix of two noises."""
    path = next(sample.path for sample in sample_melodies() if sample.name == MELODY)
    melody = first_bars(read_midi(path).composition)
    model = Between.load(shipped_models_folder() / "pop.onnx", "cpu", threads=1)
    answers = model.compose(melody, Request(takes=MIXES))
    for old in (LESSONS / "answers").glob("*.json"):
        old.unlink()
    for index, answer in enumerate(answers):
        made = melody.with_accompaniment(answer.tracks, answer.origin)
        text = composition_to_json(made)
        (LESSONS / "answers" / f"mix-{index}.json").write_text(text + "\n", "utf-8")


def first_bars(composition: Composition) -> Composition:
    """The melody alone, its first `BARS` bars."""
    end = BARS * 4 * composition.ticks_per_quarter
    notes = [note for note in composition.melody.notes if note.start < end]
    melody = composition.melody.with_notes(notes)
    return Composition(
        title=MELODY,
        ticks_per_quarter=composition.ticks_per_quarter,
        tempos=composition.tempos[:1],
        meters=composition.meters[:1],
        tracks=(melody,),
    )


def write_networks() -> None:
    """What the trainer says of each preset's networks; needs torch."""
    told = json.loads(asked_of_trainer("--presets"))
    for preset in (each["name"] for each in told["presets"]):
        described = json.loads(asked_of_trainer("--describe", "--preset", preset))
        text = json.dumps({**described, "preset": preset})
        (LESSONS / "networks" / f"{preset}.json").write_text(text + "\n", "utf-8")


def asked_of_trainer(*arguments: str) -> str:
    """The trainer's answer, JSON."""
    command = [sys.executable, "-m", "models", *arguments, "--json"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    wanted = sys.argv[1:]
    makers = {
        "docs": write_docs,
        "manual": write_manual,
        "answers": write_answers,
        "networks": write_networks,
    }
    if not wanted or any(name not in makers for name in wanted):
        sys.exit(__doc__)
    for name in wanted:
        makers[name]()
