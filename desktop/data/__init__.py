"""Data sets: what there is, the catalogue, folders of one's own, and what was found in them."""
