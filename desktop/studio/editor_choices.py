"""Grid, scale and ghosts of an open track, as they were when it was last edited."""

from typing import TYPE_CHECKING

from desktop.roll.editor_bar import EditorBar, EditorChoices
from engine.music.note_grid import GridStep
from engine.music.scales import scale_of_words
from engine.store.settings import MUSICS_KEY, NO_SCALE, Settings

if TYPE_CHECKING:
    from desktop.app import App


def remember_choices(app: "App", bar: EditorBar) -> None:
    """Let the bar stand as the settings have it, and keep there what is chosen in it."""
    bar.show_choices(_chosen(app.settings))

    def keep(choices: EditorChoices) -> None:
        app.change_settings(
            roll_grid=choices.step.value, roll_scale=_words(choices), roll_ghosts=choices.ghosts
        )

    bar.choices_changed.connect(keep)


def _chosen(settings: Settings) -> EditorChoices:
    return EditorChoices(
        GridStep(settings.roll_grid),
        scale_of_words(settings.roll_scale),
        settings.roll_scale != NO_SCALE,
        settings.roll_ghosts,
    )


def _words(choices: EditorChoices) -> str:
    if not choices.highlights:
        return NO_SCALE
    return MUSICS_KEY if choices.scale is None else choices.scale.words
