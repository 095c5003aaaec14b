"""Playing and hearing: MIDI ports, the recorder, the synthesizer and the player."""
