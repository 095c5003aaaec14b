"""The pictures of a run: its curves, its measures, and what they say in words.

The only place that knows pyqtgraph, and only `desktop.train.plots.chart` imports it: that takes a
good part of a second, so it waits until curves are shown for the first time.
"""
