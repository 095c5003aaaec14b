"""Makes the record of a training run that comes with a shipped model.

    python packaging/make_run_record.py RUN_FOLDER --model resources/models/pop.onnx

writes ``resources/models/pop.run``: settings, events (steps thinned, and by how much is said in
them), and what the finished model plays to one of the sample melodies, none of which it has heard.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.errors import TuttiError  # noqa: E402
from engine.files.melodies import sample_melodies  # noqa: E402
from engine.files.midi import read_midi  # noqa: E402
from engine.generation.generator import Generator  # noqa: E402
from engine.generation.request import Request  # noqa: E402
from engine.music.composition import Composition  # noqa: E402
from engine.store.codec import composition_to_json  # noqa: E402
from engine.store.run_record import (  # noqa: E402
    MOST_BYTES,
    RunRecord,
    ended_with,
    record_of,
    with_sample,
    write_record,
)
from engine.store.runs import SHIPPED_SUFFIX  # noqa: E402

MELODY = "Twinkle, Twinkle, Little Star"
SAMPLE_ROOM = 40_000
"""Bytes kept free for what the model plays."""


def main(arguments: list[str] | None = None) -> int:
    """Write the record; 1 with a sentence where that cannot be."""
    parser = argparse.ArgumentParser(description="Make the record of a shipped model's run.")
    parser.add_argument("run", type=Path, help="the folder of the run")
    parser.add_argument("--model", type=Path, required=True, help="the model that it made")
    parser.add_argument("--most-bytes", type=int, default=MOST_BYTES)
    asked = parser.parse_args(arguments)
    target = asked.model.with_suffix(SHIPPED_SUFFIX)
    try:
        record = record_of(asked.run, asked.most_bytes - SAMPLE_ROOM)
        record = publish(record, asked.model, target)
    except TuttiError as error:
        print(error, file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(f"{target}: {size} bytes. {record.note}")
    return 0


def publish(record: RunRecord, model: Path, target: Path) -> RunRecord:
    """Write a record with the model's sample; what was written."""
    epoch = ended_with(record)
    record = with_sample(record, epoch)
    # The file was called otherwise before it came to Tutti.
    events = [
        {**event, "model": model.name} if isinstance(event.get("model"), str) else event
        for event in record.events
    ]
    record = replace(record, events=tuple(events))
    write_record(record, target)
    samples = target / "samples"
    samples.mkdir(exist_ok=True)
    for old in samples.glob("*.json"):
        old.unlink()
    text = composition_to_json(played(model))
    (samples / f"epoch-{epoch:04d}.json").write_text(text, "utf-8")
    return record


def played(model: Path) -> Composition:
    """The sample melody with what the model answers to it, seed 0."""
    sample = next(each for each in sample_melodies() if each.name == MELODY)
    melody = replace(read_midi(sample.path).composition, title=sample.name)
    (take,) = Generator.load(model, "cpu").compose(melody, Request())
    return melody.with_accompaniment(take.tracks, take.origin)


if __name__ == "__main__":
    raise SystemExit(main())
