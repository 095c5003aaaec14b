"""Errors that carry one sentence for the user: what happened, and what to do.

    TuttiError
    ├── FileError        a file that cannot be read or written
    ├── MusicError       music that cannot be used as asked
    ├── ModelError       a model file that breaks its contract
    ├── DeviceError      a graphics card or provider that was asked for and is not there
    ├── AudioError       an audio driver or a sound font
    ├── StoreError       the library on disk
    ├── DataError        a data set
    └── TrainingError    a training run

Adapters turn a library's errors into one of these (``raise … from``). Anything else that
escapes is a bug and is logged with its traceback.
"""


class TuttiError(Exception):
    """A known failure; ``str(error)`` is the sentence shown to the user as it stands."""


class FileError(TuttiError):
    """A file could not be read or written."""


class MusicError(TuttiError):
    """Music that cannot be used as asked."""


class ModelError(TuttiError):
    """A model file that breaks the model contract."""


class DeviceError(TuttiError):
    """A processing device that was asked for is not there."""


class AudioError(TuttiError):
    """An audio driver or a sound font could not be used."""


class StoreError(TuttiError):
    """The library on disk could not be read or written."""


class DataError(TuttiError):
    """A data set could not be imported or read."""


class TrainingError(TuttiError):
    """A training run could not start or go on."""
