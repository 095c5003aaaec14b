"""The Studio: record, generate, listen, keep, mix, export."""

from desktop.studio.page import StudioPage

__all__ = ["StudioPage"]
