"""The user's own models: taken in, given away, renamed, deleted, taken back."""

from pathlib import Path

import onnx
import pytest

from engine.errors import ModelError
from engine.generation import models, own_models
from engine.generation.model_card import read_card
from engine.generation.models import available_models
from engine.generation.onnx_file import read_onnx_file, with_metadata
from engine.generation.own_models import (
    delete_model,
    fitting_name,
    give_away,
    rename_model,
    restore_model,
    take_in,
)
from tests.tiny_models import write_tiny_model


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    for module in (models, own_models):
        monkeypatch.setattr(module, "shipped_models_folder", lambda: folder)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A folder with a model from somebody else."""
    (tmp_path / "given").mkdir()
    return write_tiny_model(tmp_path / "given" / "band.onnx", name="Band")


def test_a_model_is_taken_in_under_its_file_s_name(shipped: Path, own: Path, given: Path) -> None:
    taken = take_in(given, own)
    assert taken.path == own / "band.onnx" and taken.card.name == "Band"
    assert not taken.renamed and not taken.was_there
    assert taken.path.read_bytes() == given.read_bytes()


@pytest.mark.parametrize("where", ["shipped", "own"])
def test_another_model_of_that_name_is_never_replaced(
    shipped: Path, own: Path, given: Path, where: str
) -> None:
    own.mkdir()
    other = write_tiny_model((shipped if where == "shipped" else own) / "band.onnx", name="Other")
    before = other.read_bytes()
    taken = take_in(given, own)
    assert taken.path.name == "band 2.onnx" and taken.renamed
    assert other.read_bytes() == before


def test_the_same_model_is_not_kept_twice(shipped: Path, own: Path, given: Path) -> None:
    first = take_in(given, own)
    again = take_in(given.rename(given.with_name("other name.onnx")), own)
    assert again.was_there and again.path == first.path
    assert len(list(own.glob("*.onnx"))) == 1


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: path.write_text("hello"), "not an ONNX model"),
        (lambda path: write_tiny_model(path, with_card=False), "carries no Tutti card"),
        (lambda path: write_tiny_model(path, graph_noise=3), "disagree"),
        (lambda path: write_tiny_model(path, operator_domain="evil"), "evil"),
        (lambda path: path.mkdir(), "could not be read"),
    ],
)
def test_what_is_no_model_is_refused_in_a_sentence(
    shipped: Path, own: Path, tmp_path: Path, make: object, says: str
) -> None:
    source = tmp_path / "thing.onnx"
    make(source)  # type: ignore[operator]
    with pytest.raises(ModelError, match=says):
        take_in(source, own)
    assert not own.exists() or not list(own.iterdir())


def test_only_model_files_are_taken_in(shipped: Path, own: Path, tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(b"MThd")
    with pytest.raises(ModelError, match=r"end in \.onnx"):
        take_in(tmp_path / "song.mid", own)


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("My band", "My band"),
        ("../../etc/passwd", "etc passwd"),
        ("a<b>:c*?", "a b c"),
        ("...", "model"),
        ("", "model"),
        ("x" * 200, "x" * 64),
        ("Für Elise", "Für Elise"),
    ],
)
def test_a_stranger_s_name_is_made_to_fit(name: str, fits: str) -> None:
    assert fitting_name(name) == fits


def test_renaming_changes_file_and_card_and_nothing_else(
    shipped: Path, own: Path, given: Path
) -> None:
    model = take_in(given, own).path
    before = onnx.load(str(model))
    renamed = rename_model(model, "Evening band")
    assert renamed == own / "Evening band.onnx" and not model.exists()
    assert read_card(renamed).name == "Evening band"
    after = onnx.load(str(renamed))
    onnx.checker.check_model(after)
    assert after.graph == before.graph and after.opset_import == before.opset_import
    assert [each.name for each in available_models(own)] == ["Evening band"]


@pytest.mark.parametrize("name", ["", " ", "a/b", "..", "x" * 65])
def test_a_name_that_no_file_can_have_is_refused(
    shipped: Path, own: Path, given: Path, name: str
) -> None:
    model = take_in(given, own).path
    with pytest.raises(ModelError, match="letters, digits"):
        rename_model(model, name)
    assert model.exists()


def test_a_taken_name_is_refused(shipped: Path, own: Path, given: Path) -> None:
    write_tiny_model(shipped / "pop.onnx")
    model = take_in(given, own).path
    with pytest.raises(ModelError, match="already"):
        rename_model(model, "Pop")


def test_letters_may_change_their_case(shipped: Path, own: Path, given: Path) -> None:
    assert rename_model(take_in(given, own).path, "BAND").name == "BAND.onnx"
    assert len(list(own.glob("*.onnx"))) == 1


def test_a_deleted_model_is_gone_until_it_is_taken_back(
    shipped: Path, own: Path, given: Path
) -> None:
    model = take_in(given, own).path
    aside = delete_model(model)
    assert available_models(own) == ()
    assert restore_model(aside) == model
    assert [each.name for each in available_models(own)] == ["band"]


def test_a_copy_is_given_away_whole(shipped: Path, own: Path, given: Path, tmp_path: Path) -> None:
    model = take_in(given, own).path
    copy = give_away(model, tmp_path / "for you")
    assert copy == tmp_path / "for you.onnx" and copy.read_bytes() == given.read_bytes()
    assert give_away(model, model) == model


def test_other_metadata_stays_when_the_card_is_replaced(given: Path) -> None:
    content = with_metadata(given.read_bytes(), "author", "a friend")
    given.write_bytes(with_metadata(content, "author", "x" * 300))
    found = read_onnx_file(given).metadata
    assert found["author"] == "x" * 300 and "tutti.card" in found
    with pytest.raises(ModelError, match="damaged"):
        with_metadata(b"\xff" * 20, "a", "b")
