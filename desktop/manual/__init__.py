"""The manual: text from resources/manual, shown in a window of its own."""
