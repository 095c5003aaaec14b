"""A choice of meters."""

from PySide6.QtWidgets import QComboBox, QWidget

METERS = ((2, 4), (3, 4), (4, 4), (5, 4), (6, 4), (7, 4), (6, 8), (7, 8), (9, 8), (12, 8))
COUNTED = tuple(meter for meter in METERS if meter != (7, 8))
"""Those whose beats are all of one length."""


class MeterChoice(QComboBox):
    """Meters by name; one that is not among them is added when it is shown."""

    def __init__(
        self, meters: tuple[tuple[int, int], ...] = METERS, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Meter")
        self._meters: list[tuple[int, int]] = []
        for meter in meters:
            self._offer(meter)

    def _offer(self, meter: tuple[int, int]) -> None:
        self._meters.append(meter)
        self.addItem("{}/{}".format(*meter))

    @property
    def meter(self) -> tuple[int, int]:
        """Numerator and denominator."""
        return self._meters[self.currentIndex()]

    def show_meter(self, meter: tuple[int, int]) -> None:
        """Show a meter."""
        if meter not in self._meters:
            self._offer(meter)
        self.setCurrentIndex(self._meters.index(meter))
