"""Settings survive a restart, and nothing in their file keeps Tutti from starting."""

import json
import os
from dataclasses import fields
from pathlib import Path

import pytest

from engine.errors import StoreError
from engine.store.paths import data_folder, settings_path
from engine.store.settings import (
    ALLOWED,
    LoadedSettings,
    Settings,
    load_settings,
    save_settings,
)


def test_settings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "settings.json"
    settings = Settings(theme="dark", midi_inputs=("AKM322",), period_size=64, sound_font="a.sf2")
    save_settings(settings, path)
    assert load_settings(path).settings == settings
    assert load_settings(path).remarks == ()


def test_a_missing_file_gives_the_defaults_without_a_word(tmp_path: Path) -> None:
    loaded = load_settings(tmp_path / "settings.json")
    assert loaded.settings == Settings()
    assert loaded.remarks == ()


def test_a_bad_value_is_left_at_its_default_and_said(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "pink", "period_size": true, "takes": 5, "midi_inputs": [1]}')
    loaded = load_settings(path)
    assert loaded.settings == Settings(takes=5)
    assert len(loaded.remarks) == 3
    assert "theme" in loaded.remarks[0]
    assert "pink" in loaded.remarks[0]


def test_unknown_keys_are_said_and_stay_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"from_the_future": [1, 2]}')
    assert "from_the_future" in load_settings(path).remarks[0]
    save_settings(Settings(theme="light"), path)
    values = json.loads(path.read_text())
    assert values["from_the_future"] == [1, 2]
    assert values["theme"] == "light"


@pytest.mark.parametrize("text", ["not json", "[1, 2]", "\x00\xff", "{", "[" * 100_000])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text, encoding="latin-1")
    loaded = load_settings(path)
    assert loaded.settings == Settings()
    assert "damaged" in loaded.remarks[0]
    (kept,) = tmp_path.glob("settings.damaged-*.json")
    assert kept.read_text(encoding="latin-1") == text
    assert not path.exists()


def test_a_folder_in_the_file_s_place_is_said(tmp_path: Path) -> None:
    assert load_settings(tmp_path).remarks


def test_settings_that_cannot_be_kept_are_an_error_with_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(StoreError, match="settings"):
        save_settings(Settings(), in_the_way / "settings.json")


def test_a_path_that_is_no_text_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    settings = Settings(last_folder=os.fsdecode(b"/music/caf\xe9"), sound_font="/fonts/曲.sf2")
    save_settings(settings, path)
    assert load_settings(path) == LoadedSettings(settings)


def test_every_setting_has_a_rule() -> None:
    assert set(ALLOWED) == {field.name for field in fields(Settings)}


def test_user_data_lies_where_tutti_home_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTTI_HOME", str(tmp_path / "mine"))
    assert settings_path() == tmp_path / "mine" / "settings.json"
    monkeypatch.setenv("TUTTI_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_folder().is_absolute()
    assert "utti" in data_folder().name
