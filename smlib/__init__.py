"""Computations and interactive figures of the textbook Scale Mismatch."""
