"""Help: the manual, the keys, the backup, and a report for a bug."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from desktop.settings.form import Section, in_a_row

if TYPE_CHECKING:
    from desktop.app import App

ROWS = (
    ("manual", "Manual", "Open the manual", "How everything is done. F1 opens it where you are."),
    (
        "shortcuts",
        "Keyboard",
        "Show and change…",
        "Every command with its key.",
    ),
    ("palette", "Commands", "Find a command…", "All that Tutti can do, by a few letters."),
    (
        "storage",
        "Backup and storage",
        "Back up…",
        "One file with your songs and models; what takes room on the disk.",
    ),
    (
        "report",
        "Something went wrong",
        "Copy a report",
        "Versions, devices and the last lines of the log; no names of folders, files or songs.",
    ),
)


class HelpSection(Section):
    """Buttons for what stands in menus as well."""

    def __init__(self, app: "App", parent: QWidget | None = None) -> None:
        super().__init__("Keys and help", parent)
        for action_id, name, text, hint in ROWS:
            button = QPushButton(text)
            button.setAccessibleName(app.actions[action_id].text().rstrip("…"))
            button.clicked.connect(app.actions[action_id].trigger)
            self.add_row(name, in_a_row(button), hint)
