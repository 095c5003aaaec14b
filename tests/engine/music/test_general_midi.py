"""General MIDI's names are all there."""

from engine.music.general_midi import FAMILIES, PROGRAM_NAMES, instrument_name


def test_there_are_128_instruments_in_families_of_eight() -> None:
    assert len(FAMILIES) == 16
    assert all(len(names) == 8 for _, names in FAMILIES)
    assert len(set(PROGRAM_NAMES)) == 128


def test_an_instrument_has_its_name() -> None:
    assert instrument_name(0) == "Grand Piano"
    assert instrument_name(33) == "Fingered Bass"
    assert instrument_name(0, is_drum=True) == "Standard Kit"
    assert instrument_name(99, is_drum=True) == "Kit 99"
