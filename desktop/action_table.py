"""What can be done from menus and keys: one table, from which everything else is made."""

from dataclasses import dataclass

from desktop.roll.tools import TOOLS

PAGES = ("Studio", "Train", "Library", "Settings")


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One row: ``keys`` are shortcuts in Qt's portable spelling, the first is shown in tooltips.

    Single letters stay clear of the computer keys that play notes (A W S E D F T G Y H U J K) and
    of those that shift their octave (Z and X).
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False


SPECS: tuple[ActionSpec, ...] = (
    ActionSpec("new", "File", "New composition", ("Ctrl+N",), "file-plus-outline"),
    ActionSpec(
        "open",
        "File",
        "Open…",
        ("Ctrl+O",),
        "folder-open-outline",
        "A MIDI file or a song of Tutti's; both can be dropped onto the window, too",
    ),
    ActionSpec("recent", "File", "Open recent", (), "history"),
    ActionSpec(
        "save",
        "File",
        "Save",
        ("Ctrl+S",),
        "content-save-outline",
        "Every change is saved by itself; a song file is written anew",
    ),
    ActionSpec(
        "name_song",
        "File",
        "Name the song…",
        (),
        "rename-outline",
        "What the Library, the window and exported files call it",
    ),
    ActionSpec(
        "save_song",
        "File",
        "Save a song file…",
        ("Ctrl+Shift+S",),
        "content-save-move-outline",
        "One file with all takes, versions and the mix, for another machine",
    ),
    ActionSpec(
        "versions",
        "File",
        "Earlier versions…",
        (),
        "file-clock-outline",
        "How this song was before: listen, take it back",
    ),
    ActionSpec(
        "export_midi",
        "File",
        "Export MIDI…",
        ("Ctrl+E",),
        "file-music-outline",
        "A MIDI file that any music program opens",
    ),
    ActionSpec(
        "export_wav",
        "File",
        "Export audio…",
        ("Ctrl+Shift+E",),
        "waveform",
        "WAV, FLAC, Ogg or MP3, as it sounds here; one file, or one a track",
    ),
    ActionSpec(
        "share_page",
        "File",
        "Make a page to share…",
        (),
        "web",
        "One file for any browser: sound, notes and the model's card",
    ),
    ActionSpec(
        "storage",
        "File",
        "Backup and storage…",
        (),
        "archive-outline",
        "Back the library up, restore it, see what takes room on the disk",
    ),
    ActionSpec("quit", "File", "Quit", ("Ctrl+Q",), "exit-to-app"),
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
    ActionSpec("play", "Transport", "Play", ("Space",), "play", "Play, or stop"),
    ActionSpec("stop", "Transport", "Stop", ("Escape",), "stop"),
    ActionSpec("to_start", "Transport", "To the start", ("Home",), "skip-previous"),
    ActionSpec(
        "record", "Transport", "Record", ("R",), "record", "Record what you play as the melody"
    ),
    ActionSpec(
        "capture",
        "Transport",
        "Keep what I just played",
        ("Ctrl+R",),
        "history",
        "Take what was played in the last minutes without recording",
    ),
    ActionSpec(
        "overdub",
        "Transport",
        "Overdub",
        ("O",),
        "",
        "Record on top of the melody instead of in its place",
        True,
    ),
    ActionSpec(
        "punch",
        "Transport",
        "Record only the marked bars",
        ("P",),
        "",
        "Punch in and out: play from before, what is around the bars stays",
        True,
    ),
    ActionSpec(
        "loop_takes",
        "Transport",
        "Record the marked bars round and round",
        ("Shift+P",),
        "",
        "Every pass is kept; choose one of them afterwards",
        True,
    ),
    ActionSpec(
        "click",
        "Transport",
        "Click",
        ("C",),
        "metronome",
        "Metronome, while you record and while no band plays",
        True,
    ),
    ActionSpec(
        "count_in",
        "Transport",
        "Count-in",
        ("I",),
        "numeric-1-box-outline",
        "One bar of clicks before recording begins",
        True,
    ),
    ActionSpec(
        "loop", "Transport", "Loop", ("L",), "repeat", "Play the loop again and again", True
    ),
    ActionSpec(
        "snap",
        "Transport",
        "Snap 1/16",
        ("N",),
        "magnet",
        "Draw what is recorded to the nearest sixteenth at once; without, it stays as played",
        True,
    ),
    ActionSpec("tap", "Transport", "Tap tempo", ("Shift+T",), "gesture-tap", "Tap the beat"),
    ActionSpec(
        "panic",
        "Transport",
        "Silence everything",
        ("Ctrl+.",),
        "volume-off",
        "Stop every note that hangs",
    ),
    ActionSpec(
        "generate",
        "Band",
        "Generate",
        ("Ctrl+G",),
        "creation",
        "Ask the band for takes that go with the melody",
    ),
    ActionSpec(
        "dice",
        "Band",
        "Another seed",
        ("Ctrl+D",),
        "dice-5-outline",
        "The same melody and seed always give the same takes; another seed gives others",
    ),
    ActionSpec(
        "generate_bars",
        "Band",
        "Generate the marked bars",
        ("Ctrl+Shift+G",),
        "selection-drag",
        "Only the bars of the loop are played anew; locked parts and all other bars stay",
    ),
    ActionSpec(
        "extend",
        "Band",
        "Add 4 bars",
        ("Ctrl+Shift+A",),
        "arrow-expand-right",
        "The band plays on for four bars; what it plays now stays",
    ),
    ActionSpec(
        "write_chord",
        "Band",
        "Write a chord",
        ("Ctrl+K",),
        "pencil-outline",
        "A chord for the band, at the playhead",
    ),
    ActionSpec(
        "write_chords",
        "Band",
        "Write all chords…",
        ("Ctrl+Shift+K",),
        "playlist-edit",
        "All your chords as one text",
    ),
    ActionSpec("zoom_in", "View", "Zoom in", ("Ctrl++", "Ctrl+="), "magnify-plus-outline"),
    ActionSpec("zoom_out", "View", "Zoom out", ("Ctrl+-",), "magnify-minus-outline"),
    ActionSpec("zoom_fit", "View", "Show everything", ("Ctrl+0",), "fit-to-page-outline"),
    ActionSpec(
        "zoom_selection",
        "View",
        "Zoom to the selection",
        ("V",),
        "magnify-scan",
        "The selected notes fill the view",
    ),
    *(
        ActionSpec(f"page_{name.lower()}", "View", name, (f"Ctrl+{number}",))
        for number, name in enumerate(PAGES, start=1)
    ),
    ActionSpec(
        "manual",
        "Help",
        "Manual",
        ("F1",),
        "book-open-page-variant-outline",
        "Opens at what is on the screen",
    ),
    ActionSpec(
        "palette",
        "Help",
        "Find a command…",
        ("Ctrl+Shift+P", "Ctrl+P"),
        "magnify",
        "All that Tutti can do, by a few letters of its name",
    ),
    ActionSpec(
        "shortcuts",
        "Help",
        "Keyboard shortcuts…",
        ("Ctrl+F1",),
        "keyboard-outline",
        "Every key, to be looked up and changed",
    ),
    ActionSpec(
        "messages",
        "Help",
        "Messages…",
        ("Ctrl+Shift+M",),
        "bell-outline",
        "All that was told since Tutti was opened, errors too",
    ),
    ActionSpec(
        "report",
        "Help",
        "Copy a report for a bug",
        (),
        "clipboard-text-outline",
        "Versions, devices and the last lines of the log, without names of folders and files",
    ),
    ActionSpec("log", "Help", "Open the log folder", (), "text-box-outline"),
    ActionSpec("about", "Help", "About Tutti", (), "information-outline"),
)


SPEC_OF = {spec.id: spec for spec in SPECS}
