"""How busy each part plays, told in words."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.widgets.density_sliders import DensitySliders

PARTS = [("Bass", "bass"), ("Chords", "chords"), ("Counter", "counter")]


def sliders(qtbot: QtBot) -> DensitySliders:
    made = DensitySliders()
    qtbot.addWidget(made)
    made.set_parts(PARTS)
    made.resize(260, 160)
    made.show()
    return made


def drag(made: DensitySliders, name: str, share: float) -> None:
    slider = made.parts[name]._slider
    start = QPoint(slider.width() // 2, slider.height() // 2)
    end = QPoint(round(share * (slider.width() - 1)), slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(slider, end)
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=end)


def test_the_model_chooses_until_somebody_does(qtbot: QtBot) -> None:
    made = sliders(qtbot)
    assert made.values == {}
    assert {part._told.text() for part in (made.all, *made.parts.values())} == {
        "as the model likes"
    }


def test_the_slider_for_all_moves_every_part(qtbot: QtBot) -> None:
    made = sliders(qtbot)
    made.all._slider.setValue(70)
    assert made.values == {"Bass": 0.7, "Chords": 0.7, "Counter": 0.7}
    assert made.parts["Bass"]._told.text() == "busy"


def test_a_part_goes_its_own_way_and_the_others_stay_the_model_s(qtbot: QtBot) -> None:
    made = sliders(qtbot)
    made.unfold.click()
    assert made.parts["Bass"].isVisible()
    told: list[bool] = []
    made.changed.connect(lambda: told.append(True))
    drag(made, "Bass", 0.0)
    assert made.values == {"Bass": 0.0} and told
    assert made.parts["Bass"]._told.text() == "sparse"
    assert made.all._told.text() == "each its own"
    QTest.mouseDClick(made.parts["Bass"], Qt.MouseButton.LeftButton, pos=QPoint(4, 8))
    assert made.values == {} and made.all._told.text() == "as the model likes"


def test_delete_gives_a_part_back_to_the_model(qtbot: QtBot) -> None:
    made = sliders(qtbot)
    made.all._slider.setValue(10)
    QTest.keyClick(made.parts["Chords"], Qt.Key.Key_Delete)
    assert set(made.values) == {"Bass", "Counter"}
    QTest.keyClick(made.all, Qt.Key.Key_Delete)
    assert made.values == {}


def test_what_was_chosen_for_a_part_waits_for_a_model_that_has_it(qtbot: QtBot) -> None:
    made = sliders(qtbot)
    made.parts["Bass"]._slider.setValue(20)
    made.set_parts([("Alto", "chords")])
    assert made.values == {} and not made.unfold.isVisible()
    made.set_parts(PARTS)
    assert made.values == {"Bass": 0.2}
