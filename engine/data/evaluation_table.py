"""An evaluation as it is read: grouped tables, and JSON."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from engine.data.bootstrap import Figure
from engine.data.controls_measured import ControlRow
from engine.data.evaluation import HUMAN, MODEL, Evaluation
from engine.data.keys_measured import MEASURED, KeyRow
from engine.data.sample_measures import Row
from engine.data.song import DRUMS

WITH_INTERVAL = (HUMAN, MODEL)
UNKNOWN = "–"

GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        "Harmony",
        {
            "chord_tones": "chord tones %",
            "out_of_key": "out of key %",
            "tonal_distance": "tonal distance",
            "dissonant_steps": "dissonant steps %",
            "harmonic_clarity": "harmonic clarity %",
            "bass_on_root": "bass on the root %",
            "bass_on_own_root": "bass on its own root %",
        },
    ),
    (
        "Density",
        {
            "notes_per_bar": "notes a bar",
            "polyphony": "polyphony",
            "long_notes": "long notes %",
            "empty_bars": "empty bars %",
            "velocity": "velocity, mean",
            "velocity_spread": "velocity, standard deviation",
        },
    ),
    (
        "Shared with people's, 0 to 1",
        {
            "similarity_index": "similarity index",
            "pitch_class_overlap": "pitch classes",
            "pitch_overlap": "pitches",
            "interval_overlap": "melodic intervals",
            "duration_overlap": "durations",
            "onset_interval_overlap": "onset intervals",
            "onset_position_overlap": "onset positions",
            "polyphony_overlap": "polyphony",
        },
    ),
    (
        "Form",
        {
            "repetition_equal": "alike under equal melody bars",
            "repetition_unequal": "alike under other melody bars",
            **{
                f"bars_apart_{n}": f"alike {n} bar{'s' * (n > 1)} apart"
                for n in (1, 2, 4, 8, 16, 32)
            },
            "bar_lines": "change of harmony at bar lines",
            "window_borders": "change of harmony at window borders",
        },
    ),
    (
        "Voices",
        {
            "crossings": "crossed steps %",
            "led_ends": "phrase ends with a leading note before %",
            "led_ends_risen": "phrase ends to which one rises %",
        },
    ),
    (
        "Diversity",
        {
            "takes_jaccard": "two takes, Jaccard",
            "inputs_jaccard": "two melodies, Jaccard",
        },
    ),
    (
        "Memory",
        {
            "memorised": "bars that stand in the training %",
            "memorised_in_c": "the same, all moved to C %",
        },
    ),
)
PART_LABELS = {
    "empty_bars": "empty bars %",
    "silent_steps": "silent under the melody %",
    "pitch_classes": "pitch classes a bar",
    "notes_per_bar": "notes a bar",
    "polyphony": "polyphony",
    "velocity": "velocity, mean",
    "velocity_spread": "velocity, standard deviation",
    "lowest": "lowest pitch",
    "highest": "highest pitch",
    "outside_range": "outside people's range %",
    "consonance": "consonant with the melody %",
    "positions_overlap": "onset positions shared",
    "kick_overlap": "of kicks",
    "snare_overlap": "of snares",
    "hat_overlap": "of hats",
    "others_overlap": "of the others",
    "takes_jaccard": "two takes, Jaccard",
    "memorised": "bars that stand in the training %",
}
CONTROL_LABELS = {
    "takes_jaccard": "two takes",
    "out_of_key": "out of key %",
    "dissonant_steps": "dissonant %",
    "notes_per_bar": "notes a bar",
    "chord_tones": "chord tones %",
    "harmonic_clarity": "clarity %",
    "stays": "stays %",
    "others_alike": "the rest, Jaccard",
}


def as_json(
    found: Evaluation, keys: Sequence[KeyRow] = (), controls: Sequence[ControlRow] = ()
) -> dict[str, Any]:
    """Plain values; what is unknown is null."""
    values = {
        "model": found.model,
        "model_sha256": found.model_sha256,
        "data": found.data,
        "segments": found.segments,
        "songs": found.songs,
        **asdict(found.scope)
        | {"segments_asked": found.scope.segments, "segments": found.segments},
        "wish": asdict(found.wish) | {"density": dict(found.wish.density)},
        "provider": found.provider,
        "parts": list(found.parts),
        "training_songs": found.training_songs,
        "remarks": list(found.remarks),
        "rows": {row: _figures(values) for row, values in found.rows.items()},
    }
    if keys:
        values["keys"] = [
            {"key": each.key, "segments": each.segments, "values": _figures(each.values),
             "gaps": _figures(each.gaps), "uneven": list(each.uneven)}
            for each in keys
        ]  # fmt: skip
    if controls:
        values["controls"] = [
            {"control": each.control, "setting": each.setting, "values": _figures(each.values)}
            for each in controls
        ]
    return values


def _figures(row: Mapping[str, Figure]) -> dict[str, dict[str, float | int | None]]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Figure) -> dict[str, float | int | None]:
    numbers = {"mean": value.mean, "low": value.low, "high": value.high}
    plain: dict[str, float | int | None] = {
        name: None if math.isnan(number) else number for name, number in numbers.items()
    }
    return plain | {"segments": value.segments}


def in_words(found: Evaluation) -> str:
    """The table: one line a measure, one column a row, intervals where songs were played."""
    groups = [(title, dict(labels)) for title, labels in GROUPS]
    groups[-2:-2] = [
        (part, {f"{part}.{name}": label for name, label in PART_LABELS.items()})
        for part in _parts(found)
    ]
    head = ["", *found.rows]
    lines: list[list[str]] = []
    for title, labels in groups:
        body = [_line(label, name, found.rows) for name, label in labels.items()]
        body = [line for line in body if any(cell != UNKNOWN for cell in line[1:])]
        if body:
            lines += [[""], [title], *body]
    return "\n".join([*_heading(found), "", *_aligned([head, *lines])])


def _heading(found: Evaluation) -> list[str]:
    scope, wish = found.scope, found.wish
    songs = "songs" if scope.all_songs else "held-out songs"
    told = [
        f"{found.model} on {found.segments} segments of {scope.bars} bars in {scope.meter}, from "
        f"{found.songs} {songs} of {found.data}, played on the {found.provider}.",
        "Means, with their 95 % interval over songs.",
    ]
    asked = [
        *([f"adventure {wish.adventure:g}"] if wish.adventure != 1 else []),
        *(f"density of {name} {value:g}" for name, value in wish.density.items()),
        *(["with the data's own chords"] if wish.chords else []),
    ]
    if asked:
        told.append(f"Asked: {', '.join(asked)}.")
    if found.training_songs is not None:
        told.append(f"Bars were looked up in {found.training_songs:,} songs of its training.")
    return [*told, *found.remarks]


def _parts(found: Evaluation) -> list[str]:
    """The parts that have measures of their own, people's first, the drums last."""
    names = [name.partition(".")[0] for row in found.rows.values() for name in row if "." in name]
    return sorted(dict.fromkeys(names), key=lambda name: name == DRUMS)


def _line(label: str, name: str, rows: Mapping[str, Row]) -> list[str]:
    return [
        f"  {label}",
        *(_cell(row.get(name), which in WITH_INTERVAL) for which, row in rows.items()),
    ]


def _cell(value: Figure | None, with_interval: bool = True) -> str:
    if value is None or math.isnan(value.mean):
        return UNKNOWN
    if not with_interval:
        return _number(value.mean)
    return f"{_number(value.mean)} ({_number(value.low)} to {_number(value.high)})"


def _number(value: float) -> str:
    return f"{value + 0.0:.2f}".replace("-0.00", "0.00")


def _aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """Cells in columns, the first to the left; a line of one cell is a title."""
    columns = max(len(line) for line in lines)
    whole = [line for line in lines if len(line) == columns]
    widths = [max(len(line[column]) for line in whole) for column in range(columns)]
    return [
        "  ".join(
            cell.ljust(width) if not place else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=False))
        ).rstrip()
        if len(line) == columns
        else "  ".join(line)
        for line in lines
    ]


def keys_in_words(keys: Sequence[KeyRow]) -> str:
    """One line a key; measures that differ from the mean of all keys are marked."""
    labels = [_label(name) for name in MEASURED]
    body = [
        [each.key, *(_marked(each.values[name], name in each.uneven) for name in MEASURED)]
        for each in keys
    ]
    uneven = [f"{_label(name)} in {each.key}" for each in keys for name in each.uneven]
    told = (
        f"More than its interval from the mean of all keys, marked *: {', '.join(uneven)}."
        if uneven
        else "No key differs from the mean of all keys by more than its interval."
    )
    most = max((each.segments for each in keys), default=0)
    return "\n".join(
        [
            f"The same {most} melodies in every key (A minor counts as C), with 95 % intervals "
            "over songs.",
            "Distances from the mean are paired by melody; the twelve intervals of a measure hold "
            "together.",
            "",
            *_aligned([["", *labels], *body]),
            "",
            told,
        ]
    )


def _label(name: str) -> str:
    return next(labels[name] for _, labels in GROUPS if name in labels)


def _marked(value: Figure, is_uneven: bool) -> str:
    return _cell(value) + "*" * is_uneven


def controls_in_words(controls: Sequence[ControlRow]) -> str:
    """One table a control, one line a setting."""
    lines = ["What the controls do, with 95 % intervals over songs."]
    for rows in _runs(controls):
        names = list(rows[0].values)
        head = [rows[0].control if len(rows[0].setting) else "what stays"]
        head += [_control_label(name) for name in names]
        body = [
            [f"  {each.setting or each.control}", *(_cell(each.values[name]) for name in names)]
            for each in rows
        ]
        lines += ["", *_aligned([head, *body])]
    return "\n".join(lines)


def _control_label(name: str) -> str:
    part, _, measure = name.rpartition(".")
    return f"{part}, {CONTROL_LABELS[measure]}" if part else CONTROL_LABELS[name]


def _runs(rows: Iterable[ControlRow]) -> list[list[ControlRow]]:
    """Neighbours of one control, or of the same measures where they have no setting."""
    runs: list[list[ControlRow]] = []
    for row in rows:
        last = runs[-1][-1] if runs else None
        same = last is not None and (
            last.control == row.control
            or (not row.setting and not last.setting and set(last.values) == set(row.values))
        )
        if same:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs
