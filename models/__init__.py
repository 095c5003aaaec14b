"""The networks and how they are trained: everything that imports torch."""
