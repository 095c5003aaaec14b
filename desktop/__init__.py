"""The window: everything that knows Qt, nothing that computes."""
