"""One measured figure of a benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` in ``unit``; it keeps its budget when it is not above it (None: only told)."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the figure keeps its budget."""
        return self.budget is None or self.value <= self.budget
