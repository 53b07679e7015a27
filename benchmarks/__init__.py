"""Measure the explorer: its bars, the libraries that could replace it, and its live face.

``python -m benchmarks`` from the root of the repository; everything in one run on one machine.
"""
