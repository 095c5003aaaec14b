"""Folders shown in the system's file manager."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.messages import Messages


def open_folder(folder: Path, messages: Messages) -> None:
    """Open a folder, made if need be, in the system's file manager; or say where it is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        messages.tell(f"The folder {folder} cannot be used: {error.strerror}.", "error")
        return
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        messages.tell(f"No file manager answered. The folder is {folder}.", "warning")
