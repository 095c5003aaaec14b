"""The menus' note commands and tools, and the lanes that do them."""

from collections.abc import Sequence
from functools import partial

from desktop.actions import SPEC_OF, Actions
from desktop.roll.commands import COMMANDS
from desktop.roll.editor_bar import EditorBar
from desktop.roll.lanes import LanesView
from desktop.roll.tools import TOOLS, Tool

NOTES, TOOL = "notes_", "tool_"


def connect_note_actions(actions: Actions, lanes: LanesView, bar: EditorBar) -> None:
    """Let the actions of the Edit menu work on the lanes' notes; their keys are the lanes' too."""

    heard = [actions[NOTES + spec.id] for spec in COMMANDS]
    heard += [actions[_id_of(each.tool)] for each in TOOLS]
    known = list[object]()

    def take_keys() -> None:
        # An action tells of its being enabled, too.
        keys = [action.shortcuts() for action in heard]
        if keys == known:
            return
        known[:] = keys
        _take_keys(actions, lanes)
        bar.show_keys({tool.tool: actions[_id_of(tool.tool)].toolTip() for tool in TOOLS})

    for spec in COMMANDS:
        actions[NOTES + spec.id].triggered.connect(partial(_do, lanes, spec.id))
    for each in TOOLS:
        actions[_id_of(each.tool)].triggered.connect(partial(_take_tool, lanes, each.tool))
    for action in heard:
        action.changed.connect(take_keys)
    take_keys()
    offer = partial(_offer, actions, lanes)
    lanes.editor.watch(offer)
    offer()
    actions["edit_notes"].triggered.connect(partial(_open, lanes))
    actions["zoom_selection"].triggered.connect(lanes.zoom_to_selection)


def _offer(actions: Actions, lanes: LanesView) -> None:
    """What has nothing to work on is grey, and its key another's."""
    for spec in COMMANDS:
        actions[NOTES + spec.id].setEnabled(spec.needs.met(lanes))


def _do(lanes: LanesView, command_id: str, _checked: bool = False) -> None:
    lanes.command(command_id)


def _open(lanes: LanesView, _checked: bool = False) -> None:
    """Open the lane of the track that is worked on, or close it."""
    lanes.toggle_lane(lanes.editor.selection.track)
    lanes.setFocus()


def _take_tool(lanes: LanesView, tool: Tool, _checked: bool = False) -> None:
    """Take a tool; where no lane is open, one is opened for it."""
    if lanes.opened is None:
        lanes.open_track(lanes.editor.selection.track)
    lanes.set_tool(tool)
    lanes.setFocus()


def _id_of(tool: Tool) -> str:
    return TOOL + tool.name.lower()


def _take_keys(actions: Actions, lanes: LanesView) -> None:
    """Where the user chose other keys than the table's, the lanes hear those alone."""
    commands = {spec.id: _chosen(actions, NOTES + spec.id) for spec in COMMANDS}
    tools = {spec.tool: _chosen(actions, _id_of(spec.tool)) for spec in TOOLS}
    lanes.keys.give(
        {each: keys for each, keys in commands.items() if keys is not None},
        {each: keys for each, keys in tools.items() if keys is not None},
    )


def _chosen(actions: Actions, action_id: str) -> Sequence[str] | None:
    keys = tuple(key.toString() for key in actions[action_id].shortcuts())
    return None if keys == SPEC_OF[action_id].keys else keys
