"""What is measured, beside peers and limits, by `python -m benchmarks`."""
