"""The window: everything that imports Qt, nothing that computes."""
