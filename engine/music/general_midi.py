"""General MIDI's instruments: 128 programs in sixteen families of eight, and the drum kits.

Source: General MIDI System Level 1; kit numbers as Roland's GS and most sound fonts have them.
"""

FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Piano", (
        "Grand Piano", "Bright Piano", "Electric Grand", "Honky-tonk Piano",
        "Electric Piano", "FM Electric Piano", "Harpsichord", "Clavinet",
    )),
    ("Chromatic percussion", (
        "Celesta", "Glockenspiel", "Music Box", "Vibraphone",
        "Marimba", "Xylophone", "Tubular Bells", "Dulcimer",
    )),
    ("Organ", (
        "Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ",
        "Reed Organ", "Accordion", "Harmonica", "Bandoneon",
    )),
    ("Guitar", (
        "Nylon Guitar", "Steel Guitar", "Jazz Guitar", "Clean Guitar",
        "Muted Guitar", "Overdriven Guitar", "Distortion Guitar", "Guitar Harmonics",
    )),
    ("Bass", (
        "Acoustic Bass", "Fingered Bass", "Picked Bass", "Fretless Bass",
        "Slap Bass", "Slap Bass 2", "Synth Bass", "Synth Bass 2",
    )),
    ("Strings", (
        "Violin", "Viola", "Cello", "Contrabass",
        "Tremolo Strings", "Pizzicato Strings", "Harp", "Timpani",
    )),
    ("Ensemble", (
        "String Ensemble", "Slow Strings", "Synth Strings", "Synth Strings 2",
        "Choir", "Voice Oohs", "Synth Voice", "Orchestra Hit",
    )),
    ("Brass", (
        "Trumpet", "Trombone", "Tuba", "Muted Trumpet",
        "French Horn", "Brass Section", "Synth Brass", "Synth Brass 2",
    )),
    ("Reed", (
        "Soprano Sax", "Alto Sax", "Tenor Sax", "Baritone Sax",
        "Oboe", "English Horn", "Bassoon", "Clarinet",
    )),
    ("Pipe", (
        "Piccolo", "Flute", "Recorder", "Pan Flute",
        "Blown Bottle", "Shakuhachi", "Whistle", "Ocarina",
    )),
    ("Synth lead", (
        "Square Lead", "Saw Lead", "Calliope Lead", "Chiff Lead",
        "Charang Lead", "Voice Lead", "Fifths Lead", "Bass and Lead",
    )),
    ("Synth pad", (
        "New Age Pad", "Warm Pad", "Polysynth Pad", "Choir Pad",
        "Bowed Pad", "Metallic Pad", "Halo Pad", "Sweep Pad",
    )),
    ("Synth effects", (
        "Rain", "Soundtrack", "Crystal", "Atmosphere",
        "Brightness", "Goblins", "Echoes", "Sci-fi",
    )),
    ("Ethnic", (
        "Sitar", "Banjo", "Shamisen", "Koto",
        "Kalimba", "Bagpipe", "Fiddle", "Shanai",
    )),
    ("Percussive", (
        "Tinkle Bell", "Agogo", "Steel Drums", "Woodblock",
        "Taiko Drum", "Melodic Tom", "Synth Drum", "Reverse Cymbal",
    )),
    ("Sound effects", (
        "Fret Noise", "Breath Noise", "Seashore", "Bird",
        "Telephone", "Helicopter", "Applause", "Gunshot",
    )),
)  # fmt: skip
PROGRAM_NAMES: tuple[str, ...] = tuple(name for _, names in FAMILIES for name in names)
DRUM_KITS: dict[int, str] = {
    0: "Standard Kit",
    8: "Room Kit",
    16: "Power Kit",
    24: "Electronic Kit",
    25: "Analog Kit",
    32: "Jazz Kit",
    40: "Brush Kit",
    48: "Orchestra Kit",
}


def instrument_name(program: int, is_drum: bool = False) -> str:
    """What a program is called; a drum kit's name for drums."""
    if is_drum:
        return DRUM_KITS.get(program, f"Kit {program}")
    return PROGRAM_NAMES[program]
