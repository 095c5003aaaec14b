"""The menus' note commands, and the lanes that do them."""

from functools import partial

from desktop.actions import Actions
from desktop.roll.commands import COMMANDS
from desktop.roll.lanes import LanesView


def connect_note_actions(actions: Actions, lanes: LanesView) -> None:
    """Let the actions of the Edit menu work on the lanes' notes."""
    for spec in COMMANDS:
        actions[f"notes_{spec.id}"].triggered.connect(partial(_do, lanes, spec.id))
    actions["edit_notes"].triggered.connect(partial(_open, lanes))
    actions["zoom_selection"].triggered.connect(lanes.zoom_to_selection)


def _do(lanes: LanesView, command_id: str, _checked: bool = False) -> None:
    lanes.command(command_id)


def _open(lanes: LanesView, _checked: bool = False) -> None:
    """Open the lane of the track that is worked on, or close it."""
    lanes.toggle_lane(lanes.editor.selection.track)
    lanes.setFocus()
