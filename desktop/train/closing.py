"""What is asked when the window closes while it trains a run."""

from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.training import Training

STOP = "Stop and keep"
GO_ON = "Go on without the window"
CANCEL = "Cancel"
WHAT = (
    "Stop and keep saves it and makes a model of its best epoch. It can also go on without the "
    "window; Tutti finds it again at the next start."
)


def closing_box(window: QWidget, name: str) -> QMessageBox:
    """The question, with its three answers."""
    box = QMessageBox(window)
    box.setWindowTitle("A run is training")
    box.setText(f"{name} is training.")
    box.setInformativeText(WHAT)
    stop = box.addButton(STOP, QMessageBox.ButtonRole.AcceptRole)
    box.addButton(GO_ON, QMessageBox.ButtonRole.ActionRole)
    cancel = box.addButton(CANCEL, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stop)
    box.setEscapeButton(cancel)
    return box


def may_close(window: QWidget, training: Training) -> bool:
    """Ask what shall become of the run; False keeps the window open.

    A trainer that was told to stop ends by itself, without keeping the window waiting.
    """
    folder = training.folder
    if folder is None:
        return True
    box = closing_box(window, folder.name)
    box.exec()
    answer = box.clickedButton().text() if box.clickedButton() is not None else CANCEL
    box.deleteLater()
    if answer == CANCEL:
        return False
    if answer == GO_ON:
        training.process.detach()
    return True
