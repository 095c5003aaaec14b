"""What is done to notes: the rows of the menus Edit and Notes in the table of actions."""

from desktop.action_spec import ActionSpec
from desktop.roll.tools import TOOLS

NOTE_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("undo", "Edit", "Undo", ("Ctrl+Z",), "undo"),
    ActionSpec("redo", "Edit", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    ActionSpec("notes_cut", "Edit", "Cut", ("Ctrl+X",), "", "Cut the selected notes"),
    ActionSpec("notes_copy", "Edit", "Copy", ("Ctrl+C",), "", "Copy the selected notes"),
    ActionSpec("notes_paste", "Edit", "Paste", ("Ctrl+V",), "", "Paste notes at the playhead"),
    ActionSpec(
        "notes_duplicate",
        "Edit",
        "Duplicate",
        ("Ctrl+Shift+D",),
        "",
        "Once more behind itself; with notes selected Ctrl+D does it too",
    ),
    ActionSpec("notes_delete", "Edit", "Delete", ("Del",), "", "Delete the selected notes"),
    ActionSpec("notes_select_all", "Edit", "Select all notes", ("Ctrl+A",)),
    ActionSpec(
        "notes_select_all_tracks", "Edit", "Select all notes of all tracks", ("Ctrl+Alt+A",)
    ),
    ActionSpec(
        "notes_select_marked",
        "Edit",
        "Select the notes of the marked bars",
        ("Ctrl+Alt+B",),
        "",
        "In all tracks; drag in the strip above the bar numbers to mark bars",
    ),
    ActionSpec("notes_invert", "Edit", "Invert the selection", ("Ctrl+I",)),
    ActionSpec("notes_same_pitches", "Edit", "Select all of these pitches", ("Ctrl+U",)),
    ActionSpec("notes_split", "Edit", "Split at the playhead", ("Ctrl+Shift+X",)),
    ActionSpec(
        "notes_join", "Edit", "Join", ("Ctrl+J",), "", "One note of the selected ones of each pitch"
    ),
    ActionSpec("notes_add", "Edit", "Add a note at the playhead", ("Ins",)),
    ActionSpec(
        "edit_notes",
        "Edit",
        "Edit the notes of the track",
        ("F2",),
        "pencil-box-outline",
        "Open the track as a piano roll, or go back to all tracks",
    ),
    *(
        ActionSpec(
            f"tool_{spec.tool.name.lower()}",
            "Edit",
            f"{spec.tool.value} tool",
            (spec.key,),
            spec.icon,
            spec.tip,
        )
        for spec in TOOLS
    ),
    ActionSpec(
        "timing",
        "Notes",
        "Quantise and timing…",
        ("Ctrl+T",),
        "metronome",
        "Grid, strength, swing, lengths, looseness and pitch of what is marked",
    ),
    ActionSpec(
        "rhythm_assist",
        "Notes",
        "Rhythm assist",
        ("Q",),
        "auto-fix",
        "Find the grid that was meant, and draw the notes to it",
    ),
    ActionSpec(
        "as_played",
        "Notes",
        "Back to what was played",
        ("Shift+Q",),
        "history",
        "The recorded notes with their own timing, pitch and loudness",
    ),
    ActionSpec(
        "passes",
        "Notes",
        "Passes of a loop…",
        (),
        "layers-outline",
        "Choose among the passes that were recorded round and round",
    ),
    ActionSpec(
        "fit_bars",
        "Notes",
        "Fit bars to my playing…",
        ("Ctrl+B",),
        "ruler",
        "Played without a click: tempo, meter and bar lines are found and can be dragged",
    ),
    ActionSpec(
        "tempo_here",
        "Notes",
        "Tempo and meter from here…",
        ("Ctrl+M",),
        "speedometer",
        "Another tempo or meter from the bar of the playhead on",
    ),
    ActionSpec(
        "split_hands",
        "Notes",
        "Split the hands",
        (),
        "call-split",
        "The right hand stays the melody, the left one becomes chords for the band",
    ),
    ActionSpec("legato", "Notes", "Legato", ("Shift+L",), "", "Each note up to the next"),
    ActionSpec("octave_up", "Notes", "Octave up", ("Ctrl+Shift+Up",)),
    ActionSpec("octave_down", "Notes", "Octave down", ("Ctrl+Shift+Down",)),
    ActionSpec("key_up", "Notes", "A step up in the key", ("Alt+Shift+Up",)),
    ActionSpec("key_down", "Notes", "A step down in the key", ("Alt+Shift+Down",)),
)
