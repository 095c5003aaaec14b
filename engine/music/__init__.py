"""Music as immutable values, and their arithmetic: standard library and numpy only."""
