"""One page, one job, no thread code."""
