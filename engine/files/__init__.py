"""Music in and out of files: MIDI and audio, written whole or not at all."""
