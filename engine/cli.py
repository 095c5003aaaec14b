"""The headless commands: the same engine without the window.

Exit codes: 0 done, 2 wrong usage, 1 with one sentence on stderr otherwise.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from engine.arguments import parser
from engine.errors import FileError, TuttiError
from engine.files.midi import ImportedMidi, read_midi, write_midi
from engine.generation.chords import read_chords
from engine.generation.generator import Accompaniment, Generator, Request
from engine.generation.models import available_models, model_named
from engine.generation.probe import device_reports
from engine.generation.sectioned import compose_sections
from engine.music.sections import parse_sections
from engine.music.ticks import meter_map

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
ROOT = Path(__file__).resolve().parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["train"]:
        return _train(given[1:])
    options = parser().parse_args(given)
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that the terminal cannot show (any on a Windows code page) must not end the work.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return COMMANDS[options.command](options)
    except TuttiError as error:
        return _fail(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answer has gone; stdout must not complain again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _fail(error: TuttiError) -> int:
    print(error, file=sys.stderr)
    return FAILED


def _answer(values: Any) -> None:
    # In ASCII: a program reads the same in whatever coding the system gives to stdout.
    print(json.dumps(values, indent=2))


def _train(given: Sequence[str]) -> int:
    """Training is a program of its own: the engine never loads torch."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        return subprocess.run([sys.executable, "-m", "models", *given], env=environment).returncode
    except KeyboardInterrupt:
        return INTERRUPTED


def _generate(options: argparse.Namespace) -> int:
    """Accompany each input; one that fails is told, and the others go on."""
    targets = {path: _targets(path, options) for path in options.inputs}
    counted = Counter(str(target).casefold() for each in targets.values() for target in each)
    if len(targets) < len(options.inputs) or max(counted.values()) > 1:
        print("tutti generate: two results would have the same name", file=sys.stderr)
        return WRONG_USAGE
    generator = Generator.load(model_named(options.model), options.device)
    _make_folder(options.out_dir)
    files: list[Mapping[str, Any]] = []
    errors: list[str] = []
    for path, outputs in targets.items():
        try:
            files.extend(_accompany(path, outputs, generator, options))
        except TuttiError as error:
            sentence = str(error)
            named = path.name in sentence or len(targets) == 1
            errors.append(sentence if named else f"{path}: {sentence}")
            print(errors[-1], file=sys.stderr)
    if options.json:
        _answer({**_model_facts(generator), "files": files, "errors": errors})
    elif files and generator.device_note:
        print(f"Made on the {generator.provider}. {generator.device_note}")
    return FAILED if errors else DONE


def _targets(path: Path, options: argparse.Namespace) -> list[Path]:
    if options.takes == 1:
        return [options.out_dir / f"{path.stem}.mid"]
    return [options.out_dir / f"{path.stem}-{take + 1}.mid" for take in range(options.takes)]


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "the system refused").lower()
        raise FileError(f"The folder {folder} could not be made: {reason}.") from error


def _accompany(
    path: Path, outputs: list[Path], generator: Generator, options: argparse.Namespace
) -> list[Mapping[str, Any]]:
    """Read one input, write its takes, and say so; a description of each file."""
    for output in outputs:
        if _are_same(output, path):
            raise FileError(f"{output} would take the place of its melody; choose another folder.")
    read = read_midi(path)
    melody = read.composition.with_accompaniment(())
    chords = () if options.chords is None else read_chords(options.chords, meter_map(melody))
    sections = parse_sections(options.sections, meter_map(melody))
    request = Request(
        seed=options.seed,
        takes=options.takes,
        adventure=options.adventure,
        density=dict(options.density),
        chords=chords,
        extend_bars=options.extend,
    )
    described = []
    takes = compose_sections(generator, replace(melody, sections=sections), request)
    for take, output in zip(takes, outputs, strict=True):
        write_midi(melody.with_accompaniment(take.tracks, take.origin), output)
        described.append(_described(path, output, read, take))
    if not options.json:
        _tell(path, read, described)
    return described


def _are_same(output: Path, path: Path) -> bool:
    try:
        return output.samefile(path)
    except OSError:  # one of them is not there; what else is wrong the reader or writer will say
        return False


def _described(
    path: Path, output: Path, read: ImportedMidi, take: Accompaniment
) -> Mapping[str, Any]:
    return {
        "input": str(path),
        "output": str(output),
        "melody": read.melody_choice,
        "remarks": [*read.remarks, *take.remarks],
        "seed": take.origin.seed,
        "take": take.origin.take,
        "tracks": [
            {"name": track.name, "program": track.program, "is_drum": track.is_drum,
             "notes": len(track.notes)}
            for track in take.tracks
        ],
    }  # fmt: skip


def _tell(path: Path, read: ImportedMidi, described: Sequence[Mapping[str, Any]]) -> None:
    print(f"{path.name}: {read.melody_choice}")
    for remark in dict.fromkeys(each for file in described for each in file["remarks"]):
        print(f"  {remark}")
    for file in described:
        tracks = ", ".join(f"{track['name']} {track['notes']}" for track in file["tracks"])
        print(f"  {file['output']}  ({tracks} notes)")


def _model_facts(generator: Generator) -> Mapping[str, Any]:
    return {
        "model": generator.card.name,
        "model_version": generator.card.version,
        "model_sha256": generator.sha256,
        "provider": generator.provider,
        "device_note": generator.device_note,
    }


def _models(options: argparse.Namespace) -> int:
    """List the models and what they play."""
    models = available_models()
    if options.json:
        _answer(
            [
                {"name": each.name, "path": str(each.path), "shipped": each.shipped,
                 "problem": each.problem, "card": each.card and asdict(each.card)}
                for each in models
            ]
        )  # fmt: skip
        return DONE
    for each in models:
        print(f"{each.name:16} {each.problem or _summary(each.card)}")
    if not models:
        print("There are no models yet; tutti train makes one.")
    return DONE


def _summary(card: Any) -> str:
    parts = [card.name, card.version, ", ".join(card.track_names), ", ".join(card.meters)]
    return "  ".join(filter(None, [*parts, ", ".join(card.tags)]))


def _devices(options: argparse.Namespace) -> int:
    """List the devices, and why not the graphics card."""
    reports = device_reports()
    if options.json:
        _answer([asdict(report) | {"usable": not report.problem} for report in reports])
        return DONE
    for report in reports:
        print(f"{report.kind:5} {report.problem or report.description}")
    return DONE


def _evaluate(options: argparse.Namespace) -> int:
    """Measure a model. Lazily: the measures are much to load for the other commands."""
    from engine.data.evaluate import evaluate_command

    return evaluate_command(options)


def _data(options: argparse.Namespace) -> int:
    """Data sets. Lazily: what reads and fetches them is much to load for the other commands."""
    from engine.data_command import data_command

    return data_command(options)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "generate": _generate,
    "models": _models,
    "devices": _devices,
    "evaluate": _evaluate,
    "data": _data,
}
