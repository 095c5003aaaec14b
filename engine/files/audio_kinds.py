"""The names of audio formats and of loudness, as they are kept in the settings."""

from typing import Literal, get_args

AudioKind = Literal["wav16", "wav24", "wav32f", "flac", "ogg", "mp3"]
Level = Literal["played", "full", "streaming"]
AUDIO_KINDS: tuple[str, ...] = get_args(AudioKind)
LEVELS: tuple[str, ...] = get_args(Level)
