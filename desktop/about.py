"""What Tutti is; the keys that are always the same."""

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QVBoxLayout,
    QWidget,
)

PLAYING_KEYS = (
    ("Play notes", "A W S E D F T G Y H U J K"),
    ("An octave lower, higher", "Z, X"),
    ("Press the focused button", "Return"),
)
WORDS = (
    "<p>You play the melody, the whole band comes in.</p>"
    "<p>Free software under the GNU General Public License, version 3 or later. "
    "Everything happens on this machine.</p>"
)


def tutti_version() -> str:
    """The version that is installed; "from source" where it is not."""
    # Here, since it takes a tenth of a second that the start need not spend.
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("tutti")
    except PackageNotFoundError:
        return "from source"


def about_dialog(parent: QWidget) -> QDialog:
    """Name, version, licence."""
    dialog, column = _dialog("About Tutti", parent)
    title = QLabel(f"Tutti {tutti_version()}")
    title.setProperty("kind", "title")
    words = QLabel(WORDS)
    words.setWordWrap(True)
    quiet = QLabel(f"Python {platform.python_version()} · Qt {qVersion()}")
    quiet.setProperty("kind", "quiet")
    for widget in (title, words, quiet):
        column.insertWidget(column.count() - 1, widget)
    dialog.setFixedWidth(420)
    return dialog


def _dialog(title: str, parent: QWidget) -> tuple[QDialog, QVBoxLayout]:
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    box.rejected.connect(dialog.reject)
    column.addWidget(box)
    return dialog, column
