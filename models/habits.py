"""How a trained network plays: temperatures of what is drawn, and what is made like people's."""

from dataclasses import dataclass

from models.layout import DURATIONS

DENSITY_POINTS = 11
# Sizes of the noise at which it is known how much more or less is played than at 1.
DARINGS = (0.5, 1.5)


@dataclass(frozen=True, slots=True)
class VoiceRules:
    """What a logit loses for each parallel fifth or octave and for a leap of more than a fifth.

    And what it gains: ``resolves`` where a leading note rises to its root, ``leading`` where it is
    missing before the end of a phrase.
    """

    parallels: float = 6.0
    leaps: float = 3.0
    resolves: float = 3.0
    leading: float = 5.0


@dataclass(frozen=True, slots=True)
class DecodeSettings:
    """Passes over the tracks, and temperatures of what is drawn at noise size 1.

    Drums play many keys, each of them seldom, and are drawn at temperatures of their own: kick
    and snare, on which a pattern rests, cooler than hats, and those than all others.
    ``pattern_pull`` is what their logits gain at most by what the phrase's other bars strike
    (`models.patterns`), ``pitched_pull`` what those of all other parts do and ``chord_again``
    those of the chords. ``rest_lean`` is added to each track's logit of a rest, once that was
    set by people's habit. ``held`` says per track whether each note of a single voice lasts
    until the next one begins. With ``rules``, which are for single voices alone, ``repairs``
    passes more draw anew the beats in which a voice moves in parallel, one voice a pass, the
    lowest first. ``chord_pull`` and ``note_pull`` are what a logit gains at most by agreeing
    with the melody (`models.melody_pull`). ``blocks`` says per track what the pitches that are
    struck together with the likeliest one lose (`models.strikes`); a track that has none draws each
    pitch for itself. ``close`` and ``close_notes`` are what chords and
    onsets gain at a song's close (`models.closing`). ``off_beat`` is what an onset loses
    between felt beats; in bars of three quarters or of six eighths each part plays ``threes``
    times as much. ``swells``: loudness also follows the rule of `models.phrases`.
    """

    passes: int = 8
    onset_temperature: float = 0.4
    core_temperature: float = 0.6
    hat_temperature: float = 0.8
    drum_temperature: float = 1.0
    pattern_pull: float = 1.0
    pitched_pull: float = 0.0
    chord_again: float = 0.0
    chord_temperature: float = 0.6
    duration_temperature: float = 0.8
    rest_temperature: float = 1.0
    rest_lean: tuple[float, ...] = ()
    held: tuple[bool, ...] = ()
    rules: VoiceRules | None = None
    repairs: int = 0
    chord_pull: float = 0.0
    note_pull: float = 0.0
    blocks: tuple[float | None, ...] = ()
    close: float = 0.0
    close_notes: float = 0.0
    off_beat: float = 0.0
    threes: tuple[float, ...] = ()
    swells: bool = False

    @property
    def rounds(self) -> int:
        """All passes over the tracks."""
        return self.passes + self.repairs


# Single voices that are held from note to note. Of 248 training bars 1 parallel, 37 before beats in
# parallels alone were drawn anew (Bach 7); last chords reached by a leading note 90 %, 81 (87). Of
# 31 chorales held out 77 % close with a fifth in the bass, 55 without the gain for it (Bach 81).
CHOIR = DecodeSettings(
    passes=4, chord_temperature=0.4, rules=VoiceRules(), repairs=3, close=4.0, close_notes=2.0
)
# On 96 training segments: tonal distance 0.90, 1.12 without.
BY_PRESET = {
    "pop": DecodeSettings(chord_pull=3.0, note_pull=1.8),
    # On 64 training segments: pitched bars two apart alike 0.36 (people 0.36), four apart 0.44
    # (0.52). Game music leaves parts out: under six simple tunes bass and chords rested in 10 and
    # 12 % of the bars without what is added to rests, in 6 and 5 with it. Of 31 folk tunes 61 %
    # close with a fifth in the bass, 23 without the gain for it (people 71).
    # From one strike of the strings to the next 1.0 notes more or fewer, 1.5 where each pitch is
    # drawn for itself (people 0.4); keys and guitars would gain little, and play shorter notes.
    "band": DecodeSettings(
        pitched_pull=2.0,
        chord_again=3.0,
        rest_lean=(-1.0,) * 4,
        blocks=(None, None, None, 0.0),
        close=4.0,
        close_notes=2.0,
    ),
    # Chords of 48 training tunes change by 0.7 notes from one to the next, 1.15 where each pitch is
    # drawn for itself (people 0.45); blocks that lose nothing have 2.7 notes (people 2.2).
    # Of 127 training tunes 86 % close with a fifth in the bass, 70 without the gain (people 86).
    "folk": DecodeSettings(
        onset_temperature=0.2,
        chord_temperature=0.3,
        chord_pull=3.0,
        blocks=(None, 0.5),
        close=6.0,
        close_notes=3.0,
        off_beat=2.0,
        threes=(1.35, 1.15),
    ),
}


def settings_for(preset: str, choir: bool) -> DecodeSettings:
    """How a preset's network plays; ``choir``: all its parts are single voices that are held."""
    return CHOIR if choir else BY_PRESET.get(preset, DecodeSettings())


@dataclass(frozen=True, slots=True)
class Habits:
    """How a part is played, beside what the network expects.

    ``usual`` per track: times the expected notes, so that as many are played as in the data;
    ``rests`` per track: added to the logit that it rests, so that as many bars are empty;
    ``deviation`` per track: times the deviation of velocities that is expected;
    ``lengths`` per track: added to the logit of each length, so that notes last as long;
    ``carrying`` per track: whether people seldom rest it, so that no bad luck silences it for long;
    ``times`` per track: times the expected notes where one of `DENSITY_POINTS` even densities is
    asked for, so that it plays as the least busy to the busiest of the data;
    ``daring`` for each of `DARINGS`, per track: times the expected notes, so that as many are
    played however daring the music is: what stands of calm music makes the next note likelier.
    """

    usual: tuple[float, ...]
    rests: tuple[float, ...]
    carrying: tuple[bool, ...]
    deviation: tuple[float, ...]
    lengths: tuple[tuple[float, ...], ...]
    times: tuple[tuple[float, ...], ...]
    daring: tuple[tuple[float, ...], ...]


def even_habits(tracks: int) -> Habits:
    """That which changes nothing."""
    even = (1.0,) * tracks
    lengths = ((0.0,) * len(DURATIONS),) * tracks
    return Habits(
        usual=even,
        rests=(0.0,) * tracks,
        carrying=(False,) * tracks,
        deviation=even,
        lengths=lengths,
        times=((1.0,) * DENSITY_POINTS,) * tracks,
        daring=(even,) * len(DARINGS),
    )
