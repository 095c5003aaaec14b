"""Data sets: reading songs, packing them for training, measuring music."""
