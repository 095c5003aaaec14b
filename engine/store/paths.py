"""Where a user's data lies: as the system wants it, or all in ``TUTTI_HOME``."""

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "TUTTI_HOME"
APPLICATION = "Tutti"


def data_folder() -> Path:
    """The folder of everything that Tutti keeps; it need not exist yet."""
    home = os.environ.get(HOME_VARIABLE)
    if home:
        return Path(home).expanduser().absolute()
    return platformdirs.user_data_path(APPLICATION, appauthor=False)


def library_path() -> Path:
    """The library's database."""
    return data_folder() / "library.sqlite"


def settings_path() -> Path:
    """The settings, a JSON file."""
    return data_folder() / "settings.json"


def models_folder() -> Path:
    """The user's own models, one ``.onnx`` file each."""
    return data_folder() / "models"


def runs_folder() -> Path:
    """Training runs, one folder each."""
    return data_folder() / "runs"


def data_sets_folder() -> Path:
    """Packed data sets, one folder each."""
    return data_folder() / "data"


def sources_folder() -> Path:
    """Data sets as they were fetched, one folder each; what is packed is read from there."""
    return data_folder() / "sources"


def log_path() -> Path:
    """The window's log."""
    return data_folder() / "tutti.log"


def shipped_models_folder() -> Path:
    """The models that come with Tutti."""
    return Path(__file__).resolve().parents[2] / "resources" / "models"
